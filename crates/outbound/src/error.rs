//! What can go wrong, which error where:
//!
//! - [`SetupError`] when a client is made: the server is set up wrongly.
//! - [`Refused`] before anything was sent: our rules forbid the call, so trying again is useless.
//! - [`CallError`] for a call: refused, or the receiver could not be reached or understood.
//!
//! Their texts reach the person who saved the hook. They never name an address that a name resolved to, nor the URL.

use std::error::Error;

/// A client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The system's name servers are not known.
    #[error("cannot set up the look-up of names: {0}")]
    Names(String),
    /// The certificates or TLS itself.
    #[error("cannot set up TLS: {0}")]
    Tls(String),
    /// The HTTP client.
    #[error("cannot set up the HTTP client: {0}")]
    Http(String),
}

/// A call that our rules forbid; holds the reason, for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub(crate) String);

impl Refused {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// A call that brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Forbidden by our rules; never to be tried again.
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    /// The name does not resolve.
    #[error("the name of the receiver does not resolve")]
    NotFound,
    /// The receiver or its name servers did not answer in time.
    #[error("the receiver did not answer in time")]
    TimedOut,
    /// No connection; holds the cause.
    #[error("the receiver cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke before the whole answer was read, or the answer is no HTTP; holds the cause.
    #[error("the answer of the receiver broke off: {0}")]
    Broken(String),
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        // Our own resolver's word comes through several layers of the HTTP client.
        if let Some(own) = causes(&error).find_map(|cause| cause.downcast_ref::<Self>()) {
            return own.clone();
        }
        let cause = causes(&error).last().map(ToString::to_string).unwrap_or_default();
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::Unreachable(cause)
        } else {
            Self::Broken(cause)
        }
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}
