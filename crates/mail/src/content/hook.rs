//! Letters about events and hooks.

use askama::Template as Page;
use serde::{Deserialize, Serialize};

use super::{
    Rendered,
    parts::{self, Fact},
    rendered,
};
use crate::{MailError, clean};

/// An event, for a hook that sends mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookEvent {
    /// The type, such as `marketplace_order_created`.
    pub event_type: String,
    /// The sentence of the event.
    pub message: String,
    /// When it happened, RFC 3339.
    pub created: String,
    /// Names and values of the event's context.
    pub context: Vec<(String, String)>,
}

/// A hook that was switched off because it kept failing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookDisabled {
    /// The name of whom it is for.
    #[serde(default)]
    pub to_name: String,
    /// The name of the hook.
    pub name: String,
    /// Where it sends to; what stands behind a `?` is not shown.
    pub destination: String,
    /// The last failure.
    pub reason: String,
    /// Since when it has failed, RFC 3339.
    pub since: String,
}

/// The sentence of an event is one line, however long its names are.
const LONGEST_MESSAGE: usize = 1000;

#[derive(Page)]
#[template(path = "hook_event.txt")]
struct EventText<'a> {
    message: &'a str,
    facts: &'a [Fact],
}

#[derive(Page)]
#[template(path = "hook_event.html")]
struct EventHtml<'a> {
    subject: &'a str,
    message: &'a str,
    facts: &'a [Fact],
}

pub(super) fn render_event(event: &HookEvent) -> Result<Rendered, MailError> {
    let subject = format!("{} [{}]", clean::line(&event.message, 100), parts::short(&event.event_type));
    let created = parts::moment(&event.created);
    let mut pairs = vec![("Event", Some(event.event_type.as_str())), ("When", Some(created.as_str()))];
    pairs.extend(event.context.iter().map(|(name, value)| (name.as_str(), Some(value.as_str()))));
    let facts = parts::facts(&pairs);
    let message = clean::line(&event.message, LONGEST_MESSAGE);
    let text = EventText { message: &message, facts: &facts };
    let html = EventHtml { subject: &subject, message: &message, facts: &facts };
    rendered(&subject, &text, &html)
}

#[derive(Page)]
#[template(path = "hook_disabled.txt")]
struct DisabledText<'a> {
    greeting: &'a str,
    facts: &'a [Fact],
}

#[derive(Page)]
#[template(path = "hook_disabled.html")]
struct DisabledHtml<'a> {
    subject: &'a str,
    greeting: &'a str,
    facts: &'a [Fact],
}

pub(super) fn render_disabled(hook: &HookDisabled) -> Result<Rendered, MailError> {
    let subject = format!("Your hook was switched off: {}", parts::short(&hook.name));
    let greeting = parts::greeting(&hook.to_name);
    // Receivers put their secrets there.
    let destination = hook.destination.split(['?', '#']).next();
    let since = parts::moment(&hook.since);
    let facts = parts::facts(&[
        ("Hook", Some(&hook.name)),
        ("Destination", destination),
        ("Last failure", Some(&hook.reason)),
        ("Failing since", Some(&since)),
    ]);
    let text = DisabledText { greeting: &greeting, facts: &facts };
    let html = DisabledHtml { subject: &subject, greeting: &greeting, facts: &facts };
    rendered(&subject, &text, &html)
}
