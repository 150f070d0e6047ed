//! What leaves the process: callbacks, webhooks and mail to receivers of every kind.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod calls;
mod crowd;
mod endings;
mod mail;
mod retries;
mod rights;
mod running;
mod signed;
mod support;
