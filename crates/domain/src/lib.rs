//! The rules of Mercat as pure functions: no clock, database, HTTP or async.
//!
//! "spec N" in comments names section N of the behaviour document the project implements.

pub mod agent;
pub mod delivery;
pub mod event;
pub mod id;
pub mod invalid;
pub mod money;
pub mod names;
pub mod offering;
pub mod order;
pub mod permission;
pub mod settings;
pub mod slug;
#[cfg(feature = "sea-orm")]
mod sql;
pub mod time;
