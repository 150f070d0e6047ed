//! What can go wrong with a letter: whether trying again may help is all that a sender needs to know.

use std::fmt::Display;

use crate::clean;

/// A letter that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It will never be sent as it is: a bad address, or a server that refuses this letter. Holds the reason.
    #[error("{0}")]
    Permanent(String),
    /// Trying again later may help: no connection, a busy server, a wrong password of ours. Holds the reason.
    #[error("{0}")]
    Transient(String),
}

impl MailError {
    /// Whether trying again is useless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
    }

    pub(crate) fn permanent(reason: impl Display) -> Self {
        Self::Permanent(clean::line(&reason.to_string(), LONGEST))
    }

    pub(crate) fn transient(reason: impl Display) -> Self {
        Self::Transient(clean::line(&reason.to_string(), LONGEST))
    }
}

/// Servers put links and whole paragraphs into their refusals.
const LONGEST: usize = 400;
