//! What the page says before it shows the order, when there is nothing to decide or nothing was decided.

use mercat_app::decide::{Decidable, Standing, Wish};
use mercat_domain::order::{Action, Advice, OrderState};

use super::{timeline, words};
use crate::text;

/// How a notice looks; the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
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
pub(super) struct Notice {
    pub title: String,
    pub tone: Tone,
    pub paragraphs: Vec<String>,
    /// Who could do it, and what would unblock it.
    pub advice: Option<(String, String)>,
    /// Whether the reader should look at the order anew.
    pub look_again: bool,
}

impl Notice {
    fn new(title: impl Into<String>, tone: Tone, paragraphs: Vec<String>) -> Self {
        Self { title: title.into(), tone, paragraphs, advice: None, look_again: false }
    }

    /// The rules refused what the reader wished.
    pub fn refused(wish: Wish, reason: &str, advice: Option<&Advice>) -> Self {
        let title = match wish {
            Wish::Approve => "This order was not approved",
            Wish::Reject => "This order was not rejected",
        };
        // What would help is often just what the reason says.
        let advice = advice.filter(|advice| advice.unblocks != reason);
        let advice = advice.map(|advice| (text::name(&advice.who), text::name(&advice.unblocks)));
        let look_again = true;
        Self { advice, look_again, ..Self::new(title, Tone::Warning, vec![text::name(reason)]) }
    }
}

/// What there is to say about a link that was opened; nothing while it can decide.
pub(super) fn standing(found: &Decidable) -> Option<Notice> {
    match found.standing {
        Standing::Open => None,
        Standing::Used => Some(used(found)),
        Standing::Expired => Some(expired(found)),
        Standing::Changed => Some(changed(found)),
    }
}

/// What there is to say when a decision came too late.
pub(super) fn conflict(found: &Decidable) -> Notice {
    let mut notice = standing(found).unwrap_or_else(|| {
        let title = "Somebody else changed the order at the same moment";
        Notice::new(title, Tone::Warning, vec!["See how it is now, and decide again.".to_owned()])
    });
    notice.paragraphs.insert(0, "Your answer came too late, and changed nothing.".to_owned());
    notice
}

fn used(found: &Decidable) -> Notice {
    let Some((action, at)) = timeline::own_decision(found) else {
        return Notice::new("This link has been used", Tone::Plain, vec![next(found).to_owned()]);
    };
    let title = match action {
        Action::ApproveByConsumer | Action::ApproveByProvider => "You approved this order",
        _ => "You rejected this order",
    };
    let when = format!("That was on {}. The link of the mail decides once, and is used up.", text::moment(at));
    Notice::new(title, Tone::Done, vec![when, next(found).to_owned()])
}

fn expired(found: &Decidable) -> Notice {
    let first = "The link of a mail decides for a limited time only, and this time is over.";
    let title = "This link has expired";
    Notice::new(title, Tone::Warning, vec![first.to_owned(), what_to_do(found).to_owned()])
}

fn changed(found: &Decidable) -> Notice {
    let first = "The link decides only about what the mail showed, so that nobody approves what they have not seen.";
    let mut paragraphs = vec![first.to_owned()];
    if let Some(event) = found.history.last() {
        let last = timeline::entry(event);
        paragraphs.push(format!("What happened last: {}, by {}, on {}.", last.what, last.who, last.moment));
    }
    paragraphs.push(what_to_do(found).to_owned());
    Notice::new("This order has changed since the mail was written", Tone::Warning, paragraphs)
}

/// What happens next, without the reader.
const fn next(found: &Decidable) -> &'static str {
    match found.order.row.state {
        OrderState::PendingConsumer => "It still waits for the approval of the organisation that ordered.",
        OrderState::PendingProvider => "It now waits for the approval of the provider.",
        OrderState::PendingProject => "It goes on by itself when its project starts.",
        OrderState::PendingStartDate => "It goes on by itself on its start date.",
        OrderState::Executing => "It is being carried out now.",
        OrderState::Done => "It has been carried out.",
        OrderState::Erred => "It could not be carried out.",
        OrderState::Canceled => "It was cancelled.",
        OrderState::Rejected => "It ends here, and nothing is changed by it.",
    }
}

const fn what_to_do(found: &Decidable) -> &'static str {
    if words::is_pending(found.order.row.state) {
        "The order still waits. A newer mail about it may hold a link that works. You can also decide with the program \
         that you usually use for orders."
    } else {
        "There is nothing left to decide. The order is shown below as it is now."
    }
}
