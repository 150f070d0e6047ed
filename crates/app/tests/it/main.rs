//! Use cases on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod endings;
mod files;
mod jobs;
mod orders;
mod races;
mod reminders;
mod starts;
mod support;
