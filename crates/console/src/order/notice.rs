//! What a page says before it shows an order.

use mercat_domain::order::Advice;

use crate::text;

/// How a notice looks; the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Done,
    Plain,
    Warning,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Plain => "plain",
            Self::Warning => "warning",
        }
    }
}

/// What happened, what it means, and what to do.
pub(crate) struct Notice {
    pub title: String,
    pub tone: Tone,
    pub paragraphs: Vec<String>,
    /// Who could do it, and what would unblock it.
    pub advice: Option<(String, String)>,
    /// Whether the reader should look at the order anew.
    pub look_again: bool,
}

impl Notice {
    pub fn new(title: impl Into<String>, tone: Tone, paragraphs: Vec<String>) -> Self {
        Self { title: title.into(), tone, paragraphs, advice: None, look_again: false }
    }

    /// The rules refused what the reader wished.
    pub fn refused(title: &str, reason: &str, advice: Option<&Advice>) -> Self {
        // What would help is often just what the reason says.
        let advice = advice.filter(|advice| advice.unblocks != reason);
        let advice = advice.map(|advice| (text::name(&advice.who), text::name(&advice.unblocks)));
        let look_again = true;
        Self { advice, look_again, ..Self::new(title, Tone::Warning, vec![text::name(reason)]) }
    }
}
