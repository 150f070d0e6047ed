//! What happened to the order.

use mercat_app::{
    events::EventView,
    orders::{OrderRow, OrderView},
};
use mercat_domain::{
    order::Action,
    time::{self, Timestamp},
};

use super::words;
use crate::text;

/// Older entries are counted only.
const MOST_ENTRIES: usize = 50;

/// Something that happened.
pub(crate) struct Entry {
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
    /// How long the order stayed as it then was, and who had it; empty where nothing else came of it.
    pub held: String,
}

/// The timeline, oldest first, and how many older entries are left out.
pub(crate) fn entries(order: &OrderRow, history: &[EventView], now: Timestamp) -> (Vec<Entry>, usize) {
    let older = history.len().saturating_sub(MOST_ENTRIES);
    let shown = history.iter().enumerate().skip(older);
    (shown.map(|(at, event)| Entry { held: held(order, history, at, now), ..entry(event) }).collect(), older)
}

/// How long it was in the state that an event led to, and who held it then.
fn held(order: &OrderRow, history: &[EventView], at: usize, now: Timestamp) -> String {
    let moves = |event: &&EventView| event.row.to_state != event.row.from_state;
    let Some((event, rest)) = history.get(at..).and_then(<[EventView]>::split_first) else { return String::new() };
    let Some(state) = event.row.to_state.filter(|_| moves(&event)) else { return String::new() };
    let Some(holder) = words::holder(order, state) else { return String::new() };
    let (end, still) = rest.iter().find(moves).map_or((now, "so far "), |next| (next.row.at, ""));
    format!("with {} {still}for {}", text::name(holder), text::span(end - event.row.at))
}

/// One event as an entry.
pub(crate) fn entry(event: &EventView) -> Entry {
    let row = &event.row;
    let who = event.actor.as_ref().map_or_else(|| "the service".to_owned(), |user| text::name(user.name()));
    Entry {
        moment: text::moment(row.at),
        iso: time::format(row.at),
        what: what(event),
        who,
        state: row.to_state.filter(|to| Some(*to) != row.from_state).map(words::short),
        held: String::new(),
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
pub(crate) fn since(order: &OrderView, history: &[EventView]) -> Timestamp {
    let moved = history.iter().rev().find(|event| event.row.to_state != event.row.from_state);
    moved.map_or(order.row.created, |event| event.row.at)
}
