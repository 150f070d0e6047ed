//! How letters leave.

mod folder;
mod smtp;

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use crate::{MailError, Rendered};

pub(crate) use folder::Folder;
pub(crate) use smtp::SmtpWire;

/// How letters leave.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder, one `.eml` file a letter, named after its id, so that a repetition overwrites it.
    Folder(PathBuf),
    /// Into memory, for tests.
    Memory(Outbox),
    /// Nowhere; sending succeeds.
    Off,
}

/// A mail server.
#[derive(Clone)]
pub struct Smtp {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Who we are there; nobody when the server asks for nothing.
    pub username: Option<String>,
    /// The password; without TLS it is sent as it is.
    pub password: Option<String>,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all, for a server on this machine.
    None,
    /// From the word `STARTTLS` on, which the server must understand.
    StartTls,
    /// From the first byte.
    Tls,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "(hidden)"))
            .finish()
    }
}

/// The letters that were sent into memory.
pub type Outbox = Arc<Mutex<Vec<Sent>>>;

/// A letter in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The id that was handed in.
    pub id: String,
    /// The address.
    pub to: String,
    /// Its words.
    pub rendered: Rendered,
    /// The whole message as a server would get it.
    pub raw: String,
}

/// A transport that is ready.
#[derive(Debug, Clone)]
pub(crate) enum Wire {
    Smtp(Arc<SmtpWire>),
    Folder(Folder),
    Memory(Outbox),
    Off,
}

impl Wire {
    /// `domain` is the sender's, by which we greet the server.
    pub(crate) fn new(transport: Transport, domain: &str) -> Result<Self, MailError> {
        Ok(match transport {
            Transport::Smtp(smtp) => Self::Smtp(Arc::new(SmtpWire::new(smtp, domain)?)),
            Transport::Folder(path) => Self::Folder(Folder::new(path)),
            Transport::Memory(outbox) => Self::Memory(outbox),
            Transport::Off => Self::Off,
        })
    }
}
