//! The store on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod connections;
mod events;
mod full;
mod migration;
mod money;
mod places;
mod ranges;
mod reference;
mod replica;
mod search;
mod slug;
