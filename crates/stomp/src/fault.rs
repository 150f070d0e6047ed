//! Why a connection ends, in the words that the other end gets.

use thiserror::Error;

use crate::ParseError;

/// What ends a connection.
///
/// No message quotes what was received: it may be a passcode.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The bytes are no frame.
    #[error("malformed frame: {0}")]
    Malformed(#[from] ParseError),
    /// A frame other than CONNECT at the beginning.
    #[error("not connected")]
    NotConnected,
    /// A second CONNECT.
    #[error("already connected")]
    AlreadyConnected,
    /// The client does not speak 1.2.
    #[error("only version 1.2 is spoken here")]
    Version,
    /// A command that STOMP does not have.
    #[error("unknown command")]
    UnknownCommand,
    /// A command that is not served here.
    #[error("{0} is not supported")]
    NotSupported(&'static str),
    /// A header that the command needs.
    #[error("missing header: {0}")]
    Missing(&'static str),
    /// A header with a value that it cannot have.
    #[error("invalid header: {0}")]
    InvalidHeader(&'static str),
    /// A body where none may be.
    #[error("this frame may not have a body")]
    Body,
    /// A subscription with the id of another.
    #[error("the subscription exists already")]
    DoubleSubscription,
    /// One subscription too many.
    #[error("too many subscriptions")]
    TooManySubscriptions,
    /// A subscription that does not exist.
    #[error("no such subscription")]
    NoSubscription,
    /// An ACK or NACK of what is not waiting for one.
    #[error("no such message waits for an answer")]
    NoMessage,
    /// A transaction, of which there are none.
    #[error("no such transaction")]
    NoTransaction,
    /// No heart-beat in time.
    #[error("nothing was heard for too long")]
    Silent,
    /// Too much sent before the answer to a CONNECT or SUBSCRIBE.
    #[error("too much was sent while an answer was due")]
    Flood,
    /// The host's own reason.
    #[error("{0}")]
    Host(String),
}
