//! The interface on both databases, against the behaviour document, the page and the contract.
#![recursion_limit = "512"]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod auth;
mod compat;
mod contract;
mod errors;
mod etag;
mod idempotency;
mod list;
mod market;
mod offering;
mod orders;
mod permissions;
mod seed;
mod spec20;
mod support;
mod system;
