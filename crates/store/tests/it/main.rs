//! The store on both databases.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test stops at the first surprise")]

mod events;
mod migration;
mod money;
mod slug;
