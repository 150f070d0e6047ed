//! Mercat's HTTP interface: the wire format of Waldur's Marketplace Orders API on top of the use cases of `app`.
//!
//! "spec N" in comments names section N of the behaviour document the project implements.

mod config;
mod router;

pub use config::ApiConfig;
pub use router::{openapi, router};
