//! Calls through the whole client, against receivers and name servers of our own on this machine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod answers;
mod calls;
mod headers;
mod hostile;
mod limits;
mod names;
mod ports;
mod support;
mod tls;
