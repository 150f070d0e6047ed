//! What happened to the order.

use mercat_app::{decide::Decidable, events::EventView};
use mercat_domain::{
    order::Action,
    time::{self, Timestamp},
};

use super::words;
use crate::text;

/// Older entries are counted only.
const MOST_ENTRIES: usize = 50;

/// Something that happened.
pub(super) struct Entry {
    /// When, for people.
    pub moment: String,
    /// When, for programs.
    pub iso: String,
    /// What.
    pub what: String,
    /// By whom.
    pub who: String,
    /// The state that it led to, when that is another one.
    pub state: Option<&'static str>,
}

/// The timeline, oldest first, and how many older entries are left out.
pub(super) fn entries(found: &Decidable) -> (Vec<Entry>, usize) {
    let older = found.history.len().saturating_sub(MOST_ENTRIES);
    (found.history.iter().skip(older).map(entry).collect(), older)
}

/// One event as an entry.
pub(super) fn entry(event: &EventView) -> Entry {
    let row = &event.row;
    let who = match &event.actor {
        Some(user) if user.full_name.is_empty() => text::name(&user.username),
        Some(user) => text::name(&user.full_name),
        None => "the service".to_owned(),
    };
    Entry {
        moment: text::moment(row.at),
        iso: time::format(row.at),
        what: what(event),
        who,
        state: row.to_state.filter(|to| Some(*to) != row.from_state).map(words::short),
    }
}

/// `Approved by the consumer`: what the log tells of the action, without the subject.
fn what(event: &EventView) -> String {
    let Ok(action) = event.row.action.parse::<Action>() else { return text::name(&event.row.message) };
    let told = action.told();
    let short = told.strip_prefix("was ").unwrap_or(told);
    let mut letters = short.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// When the order came into its present state.
pub(super) fn since(found: &Decidable) -> Timestamp {
    let moved = found.history.iter().rev().find(|event| event.row.to_state != event.row.from_state);
    moved.map_or(found.order.row.created, |event| event.row.at)
}

/// The reader's own last decision about this order, and when it was.
pub(super) fn own_decision(found: &Decidable) -> Option<(Action, Timestamp)> {
    let own = found.history.iter().rev().filter(|event| event.row.actor_id == Some(found.actor.id));
    own.filter_map(|event| Some((event.row.action.parse().ok()?, event.row.at))).find(|(action, _)| {
        matches!(
            action,
            Action::ApproveByConsumer | Action::ApproveByProvider | Action::RejectByConsumer | Action::RejectByProvider
        )
    })
}
