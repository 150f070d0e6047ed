//! What a session tells its host, and what it answers to a delivery.

use std::fmt;

use thiserror::Error;

/// What the host has to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants in: check, then [`accept`](super::Session::accept) or [`refuse`](super::Session::refuse).
    Connect {
        /// The name of the user.
        login: Option<String>,
        /// The secret of the user.
        passcode: Option<Passcode>,
        /// The `host` header.
        virtual_host: String,
    },
    /// Messages are wanted: answer with [`subscribed`](super::Session::subscribed) or
    /// [`refuse_subscription`](super::Session::refuse_subscription).
    Subscribe {
        /// How the connection names the subscription.
        id: String,
        /// Where the messages come from.
        destination: String,
        /// Whether and how messages are acknowledged.
        ack: AckMode,
    },
    /// A subscription has ended; what it had not acknowledged is open again.
    Unsubscribe {
        /// How the connection names the subscription.
        id: String,
    },
    /// Messages were taken.
    Acknowledged {
        /// How the connection names the subscription.
        subscription: String,
        /// As they were handed to [`deliver`](super::Session::deliver), oldest first.
        message_ids: Vec<String>,
    },
    /// Messages were not taken.
    Refused {
        /// How the connection names the subscription.
        subscription: String,
        /// As they were handed to [`deliver`](super::Session::deliver), oldest first.
        message_ids: Vec<String>,
    },
    /// Bytes to write.
    Send(Vec<u8>),
    /// Close the connection once everything is written; nothing follows.
    Close,
}

/// The `ack` header of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckMode {
    /// A message counts as taken when it was sent.
    Auto,
    /// An ACK stands for the message and all earlier ones of the subscription.
    Client,
    /// An ACK stands for one message.
    ClientIndividual,
}

/// A secret that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Passcode(pub(super) String);

impl Passcode {
    /// The secret.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passcode(..)")
    }
}

/// Why a message cannot be delivered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Undelivered {
    /// As many messages as allowed wait for their ACK: try again after the next.
    #[error("too many messages wait to be acknowledged")]
    Full,
    /// There is no such subscription, or not any more.
    #[error("no such subscription")]
    NoSubscription,
}
