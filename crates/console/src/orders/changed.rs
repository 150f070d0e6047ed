//! What is different about an order since it was seen.

use mercat_app::orders::Seen;
use serde_json::Value;

use crate::{order::words, text};

/// Something that changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub what: String,
    pub before: String,
    pub after: String,
}

fn difference(what: &str, before: String, after: String) -> Option<Difference> {
    (before != after).then(|| Difference { what: what.to_owned(), before, after })
}

/// What it cost, as amounts stand elsewhere.
fn cost(seen: &Seen) -> String {
    let Some(cost) = &seen.cost else { return "none".to_owned() };
    cost.parse().map_or_else(|_| text::name(cost), text::money)
}

/// The differences, in the words of the page. What was seen came back from a browser and may say anything.
pub(super) fn differences(before: &Seen, after: &Seen) -> Vec<Difference> {
    let state = |seen: &Seen| words::short(seen.state).to_owned();
    let optional = |value: &Option<String>| value.as_ref().map_or_else(|| "none".to_owned(), |value| text::name(value));
    let mut all: Vec<Difference> = [
        difference("State", state(before), state(after)),
        difference("Name", text::name(&before.resource), text::name(&after.resource)),
        difference("Plan", optional(&before.plan), optional(&after.plan)),
        difference("Cost", cost(before), cost(after)),
        difference("Not before", optional(&before.start_date), optional(&after.start_date)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let limits = |seen: &Seen| seen.limits.as_object().cloned().unwrap_or_default();
    let (old, new) = (limits(before), limits(after));
    let mut kinds: Vec<&String> = old.keys().chain(new.keys()).collect();
    kinds.sort();
    kinds.dedup();
    let limit = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), text::value);
    // No order has more components than this.
    let changed = kinds.into_iter().take(100);
    all.extend(changed.filter_map(|kind| difference(&text::name(kind), limit(old.get(kind)), limit(new.get(kind)))));
    if before.details != after.details {
        let now = "see below".to_owned();
        all.push(Difference { what: "What was filled in".to_owned(), before: "something else".to_owned(), after: now });
    }
    all
}

#[cfg(test)]
mod tests {
    use mercat_domain::order::OrderState;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_compared() {
        let before = Seen {
            state: OrderState::PendingConsumer,
            resource: "a".to_owned(),
            plan: None,
            cost: Some("1".to_owned()),
            start_date: None,
            limits: json!({"cpu": 1, "gpu": 2}),
            details: "x".to_owned(),
        };
        assert_eq!(differences(&before, &before), []);
        let after = Seen {
            state: OrderState::PendingProvider,
            resource: "b".to_owned(),
            plan: Some("p".to_owned()),
            cost: Some("2".to_owned()),
            start_date: Some("2026-01-01".to_owned()),
            limits: json!({"cpu": 3, "ram": 2000}),
            details: "y".to_owned(),
        };
        let told: Vec<String> = differences(&before, &after)
            .into_iter()
            .map(|it| format!("{}: {} → {}", it.what, it.before, it.after))
            .collect();
        assert_eq!(
            told,
            [
                "State: waits for the customer → waits for the provider",
                "Name: a → b",
                "Plan: none → p",
                "Cost: 1.00 → 2.00",
                "Not before: none → 2026-01-01",
                "cpu: 1 → 3",
                "gpu: 2 → none",
                "ram: none → 2,000",
                "What was filled in: something else → see below",
            ]
        );
    }
}
