//! The store on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod connections;
mod deliveries;
mod events;
mod facts;
mod full;
mod jobs;
mod migration;
mod money;
mod people;
mod places;
mod ranges;
mod reference;
mod replica;
mod search;
mod slug;
mod writes;
