//! What a letter says, as values that can be stored, and how they become words.

mod digest;
mod hook;
mod order;
mod parts;
mod wording;

use serde::{Deserialize, Serialize};

pub use digest::{Digest, DigestLinks};
pub use hook::{HookDisabled, HookEvent};
pub use order::{Links, OrderNotice};
pub use wording::Template;

use crate::{MailError, clean};

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// One order.
    Order(Box<OrderNotice>),
    /// Several orders at once.
    Digest(Digest),
    /// An event, for a hook that sends mail.
    HookEvent(HookEvent),
    /// A hook that was switched off.
    HookDisabled(HookDisabled),
}

/// A letter as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// Longer subjects are cut by every reader of mail.
const LONGEST_SUBJECT: usize = 180;

impl Content {
    /// The name of whom it is for, when it is known.
    #[must_use]
    pub fn to_name(&self) -> &str {
        match self {
            Self::Order(notice) => &notice.to_name,
            Self::Digest(digest) => &digest.to_name,
            Self::HookEvent(_) => "",
            Self::HookDisabled(hook) => &hook.to_name,
        }
    }

    /// The words.
    ///
    /// # Errors
    /// A template fails, which is a fault of ours.
    pub fn render(&self) -> Result<Rendered, MailError> {
        match self {
            Self::Order(notice) => order::render(notice),
            Self::Digest(digest) => digest::render(digest),
            Self::HookEvent(event) => hook::render_event(event),
            Self::HookDisabled(hook) => hook::render_disabled(hook),
        }
    }
}

fn rendered(subject: &str, text: &impl askama::Template, html: &impl askama::Template) -> Result<Rendered, MailError> {
    let failed = |e: askama::Error| MailError::permanent(format!("a template failed: {e}"));
    Ok(Rendered {
        subject: clean::line(subject, LONGEST_SUBJECT),
        text: text.render().map_err(failed)?,
        html: html.render().map_err(failed)?,
    })
}
