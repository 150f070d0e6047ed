//! The pages on both databases, through the router, as browsers ask for them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod bulk;
mod catalogue;
mod deciding;
mod inbox;
mod list;
mod live;
mod operator;
mod order;
mod pages;
mod provider;
mod resources;
mod safety;
mod signing_in;
mod support;
