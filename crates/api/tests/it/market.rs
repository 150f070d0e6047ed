//! The marketplace around the orders, over the endpoints that clients use.

mod catalogue;
mod coverage;
mod mended;
mod nulls;
mod people;
mod pictures;
mod rights;
mod structure;
mod writable;
