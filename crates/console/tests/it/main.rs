//! The pages on both databases, through the router, as browsers ask for them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod account;
mod bulk;
mod catalogue;
mod deciding;
mod elsewhere;
mod inbox;
mod list;
mod live;
mod numbers;
mod operator;
mod order;
mod pages;
mod provider;
mod resources;
mod safety;
mod saved;
mod signing_in;
mod support;
