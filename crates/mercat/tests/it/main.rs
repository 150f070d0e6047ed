//! The real binary: command line, demo, existing clients, crashes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod agent;
mod around;
mod bucket;
mod cli;
mod clients;
mod crash;
mod demo;
mod disk;
mod faults;
mod followers;
mod house;
mod market;
mod operator;
mod proxy;
mod readme;
mod receiver;
mod schemathesis;
mod secrets;
mod server;
mod several;
mod slow;
