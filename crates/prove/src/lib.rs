//! Campaigns over the whole service in one process: each makes very many cases of one promise, tries to break it, and tells
//! what broke and how to see it again.
//!
//! The tests of this crate run the short form of each; `cargo xtask prove` runs the same for as long as one likes.

pub mod guess;
pub mod input;
pub mod model;
pub mod parsers;
pub mod race;
pub mod revoke;
pub mod uploads;
