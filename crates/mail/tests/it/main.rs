//! Letters: their words, their form, and how they leave.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod folder;
mod hostile;
mod message;
mod samples;
mod server;
mod smtp;
mod words;
