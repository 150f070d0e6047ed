//! What the page says before it shows the order, when there is nothing to decide or nothing was decided.

use mercat_app::decide::{Decidable, Standing};
use mercat_domain::{
    order::{Action, OrderState},
    time::Timestamp,
};

use crate::{
    order::{
        notice::{Notice, Tone},
        timeline, words,
    },
    text,
};

/// What there is to say about a link that was opened; nothing while it can decide.
pub(super) fn notice(found: &Decidable) -> Option<Notice> {
    match found.standing {
        Standing::Open => None,
        Standing::Used => Some(used(found)),
        Standing::Expired => Some(expired(found)),
        Standing::Changed => Some(changed(found)),
    }
}

/// What there is to say when a decision came too late.
pub(super) fn conflict(found: &Decidable) -> Notice {
    let mut notice = notice(found).unwrap_or_else(|| {
        let title = "Somebody else changed the order at the same moment";
        Notice::new(title, Tone::Warning, vec!["See how it is now, and decide again.".to_owned()])
    });
    notice.paragraphs.insert(0, "Your answer came too late, and changed nothing.".to_owned());
    notice
}

fn used(found: &Decidable) -> Notice {
    let Some((action, at)) = own_decision(found) else {
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
fn next(found: &Decidable) -> &'static str {
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

fn what_to_do(found: &Decidable) -> &'static str {
    if words::is_pending(found.order.row.state) {
        "The order still waits. A newer mail about it may hold a link that works. You can also decide with the program \
         that you usually use for orders."
    } else {
        "There is nothing left to decide. The order is shown below as it is now."
    }
}

/// The reader's own last decision about this order, and when it was.
fn own_decision(found: &Decidable) -> Option<(Action, Timestamp)> {
    let own = found.history.iter().rev().filter(|event| event.row.actor_id == Some(found.actor.id));
    own.filter_map(|event| Some((event.row.action.parse().ok()?, event.row.at))).find(|(action, _)| {
        matches!(
            action,
            Action::ApproveByConsumer | Action::ApproveByProvider | Action::RejectByConsumer | Action::RejectByProvider
        )
    })
}
