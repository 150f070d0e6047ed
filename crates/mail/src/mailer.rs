//! Sending.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;

use crate::{Content, MailError, Sent, Transport, message, transport::Wire};

/// One letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The same for each try, so that the receiver recognises a repetition: letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// The moment that the letter bears.
    pub at: DateTime<Utc>,
    /// The address, without a name.
    pub to: String,
    /// What it says.
    pub content: Content,
}

/// Sends letters from one address over one transport; cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    wire: Wire,
    timeout: Duration,
}

const TIMEOUT: Duration = Duration::from_secs(20);

impl Mailer {
    /// A mailer that writes as `from`, which is an address or `Name <address>`.
    ///
    /// # Errors
    /// `from` is no address, or TLS cannot be set up.
    pub fn new(from: &str, transport: Transport) -> Result<Self, MailError> {
        let from: Mailbox = from
            .parse()
            .map_err(|e| MailError::permanent(format!("the sender {from:?} is not an address of mail: {e}")))?;
        let wire = Wire::new(transport, from.email.domain())?;
        Ok(Self { from, wire, timeout: TIMEOUT })
    }

    /// With another limit for the time that sending one letter may take.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sends a letter; done when the next server, or the folder, has taken it.
    ///
    /// # Errors
    /// It was not taken; the error tells whether trying again may help.
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let rendered = mail.content.render()?;
        let message = message::compose(&self.from, &mail, &rendered)?;
        match &self.wire {
            Wire::Smtp(smtp) => smtp.send(&message, self.timeout).await,
            Wire::Folder(folder) => folder.write(&mail.id, &message.formatted()).await,
            Wire::Memory(outbox) => {
                let raw = String::from_utf8_lossy(&message.formatted()).into_owned();
                let mut sent = outbox.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                sent.push(Sent { id: mail.id, to: mail.to, rendered, raw });
                Ok(())
            }
            Wire::Off => Ok(()),
        }
    }

    /// Whether letters could leave now: the server answers and lets us in, or the folder can be written to.
    ///
    /// # Errors
    /// They could not.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.wire {
            Wire::Smtp(smtp) => smtp.check(self.timeout).await,
            Wire::Folder(folder) => folder.check().await,
            Wire::Memory(_) | Wire::Off => Ok(()),
        }
    }
}
