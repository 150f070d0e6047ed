//! Mail: what the letters say, and how they leave.
//!
//! [`Content`] holds the facts as plain values that can be stored until they are sent. [`Content::render`] turns them
//! into a subject, a text and HTML; nothing in a value can become markup, a header or a second line of a subject.
//! [`Mailer`] sends a [`Mail`] over one [`Transport`].

mod clean;
mod content;
mod error;
mod mailer;
mod message;
mod transport;

pub use content::{Content, Digest, DigestLinks, HookDisabled, HookEvent, Links, OrderNotice, Rendered, Template};
pub use error::MailError;
pub use mailer::{Mail, Mailer};
pub use transport::{Outbox, Sent, Smtp, Tls, Transport};
