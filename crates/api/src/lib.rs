//! Mercat's HTTP interface: the wire format of Waldur's Marketplace Orders API on top of the use cases of `app`.
//!
//! [`router()`] names every route. In front of a handler stands the guard (`guard`), which keeps Waldur's order of
//! checks; a handler extracts, begins a change, calls one use case, shapes the answer and finishes.
//! "spec N" in comments names section N of the behaviour document the project implements.

mod accept;
mod agents;
mod answer;
mod assets;
mod body;
mod busy;
mod catalogue;
mod config;
mod credentials;
mod docs;
mod error;
mod etag;
mod events;
mod fields;
mod guard;
mod layers;
mod link;
mod media;
mod operations;
mod options;
mod orders;
mod origin;
mod outgoing;
mod portal;
mod query;
mod resources;
mod rest;
mod router;
mod routes;
mod site;
mod state;
mod structure;
mod wire;

pub use body::is_web_address;
pub use busy::Gate;
pub use config::ApiConfig;
pub use orders::order_writer;
pub use router::{guarded, openapi, router};
