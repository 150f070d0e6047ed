//! The pages on both databases, through the router, as browsers ask for them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod deciding;
mod pages;
mod safety;
mod support;
