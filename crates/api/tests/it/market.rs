//! The marketplace around the orders, over the endpoints that clients use.

mod agents;
mod catalogue;
mod coverage;
mod explain;
mod feed;
mod hooks;
mod mended;
mod nulls;
mod people;
mod pictures;
mod rabbitmq;
mod rights;
mod structure;
mod writable;
