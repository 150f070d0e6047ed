//! The server's side of STOMP 1.2 as a state machine: bytes in, bytes and events out.
//!
//! Nothing here opens a connection, reads a clock or looks at a password. [`Session`] is one connection: its host hands
//! in what was received and the time, carries out the [`Event`]s and writes what it is told to. Only what a consumer of
//! queues needs is served: there is no SEND and there are no transactions.

mod decoder;
mod escape;
mod fault;
mod frame;
mod parse;
mod session;

pub use decoder::{Decoder, MAX_BODY, MAX_HEADERS, MAX_LINE};
pub use frame::Frame;
pub use parse::ParseError;
pub use session::{AckMode, Event, Passcode, Session, Settings, Undelivered};
