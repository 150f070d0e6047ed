//! The publisher against a real RabbitMQ: what it gets, what an outage does, and two processes on one database.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod publishing;
mod support;
