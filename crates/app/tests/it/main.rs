//! Use cases on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod files;
mod jobs;
mod races;
