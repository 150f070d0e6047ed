//! What one types to find orders, such as `is:pending-provider project:bio cost:>500 older:3d`, and what it means.

use std::fmt;

use chrono::TimeDelta;
use mercat_app::orders::OrderFilter;
use mercat_domain::{
    money::Money,
    order::{OrderState, OrderType},
    permission::Actor,
    time::{Timestamp, parse_date, start_of_day},
};

use crate::{
    inbox::{OPEN, mine},
    text,
};

/// The longest query, in characters.
const LONGEST: usize = 1000;
/// A query in one line. One that is too long stays so, to be refused: a part of it means something else.
pub(super) fn clean(query: &str) -> String {
    text::line(query, 2 * LONGEST)
}

/// The most parts of a query.
const MOST_TERMS: usize = 30;

/// What can stand before a colon, with an example.
pub(super) const KEYS: [(&str, &str, &str); 14] = [
    ("is", "is:pending-provider, is:open, is:erred,canceled", "how it stands"),
    ("type", "type:create", "what is ordered: create, update, terminate or restore"),
    ("project", "project:bio", "the name of its project"),
    ("org", "org:\"University of Tartu\"", "the organisation that orders"),
    ("provider", "provider:cloud", "the organisation that provides"),
    ("offering", "offering:hpc", "the name of what is offered"),
    ("resource", "resource:vm-1", "the name of the resource"),
    ("cost", "cost:>500, cost:<20, cost:100..500", "what it costs"),
    ("older", "older:3d", "ordered longer ago: hours h, days d, weeks w, years y"),
    ("newer", "newer:2w", "ordered since"),
    ("after", "after:2026-01-31", "ordered on this day or later"),
    ("before", "before:2026-01-31", "ordered before this day"),
    ("side", "side:provider, side:consumer", "which side is yours"),
    ("by", "by:me, waits:me", "ordered by you; waits for your approval"),
];

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// All orders but these.
    pub negated: bool,
    /// What stands before the colon; nothing for words that may stand anywhere.
    pub key: String,
    pub value: String,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.negated { "-" } else { "" };
        let colon = if self.key.is_empty() { "" } else { ":" };
        // Without quotes it would be read as several, or as something else.
        let plain = !self.value.is_empty()
            && !self.value.contains(char::is_whitespace)
            && (!self.key.is_empty() || !self.value.starts_with('-') && !self.value.contains(':'));
        let quote = if plain { "" } else { "\"" };
        write!(f, "{minus}{}{colon}{quote}{}{quote}", self.key, self.value)
    }
}

/// The parts of a query.
pub(crate) fn terms(query: &str) -> Vec<Term> {
    let mut all = Vec::new();
    let mut rest = query.chars().peekable();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return all;
        }
        let negated = rest.next_if_eq(&'-').is_some();
        let (mut key, mut value, mut is_quoted, mut was_quoted) = (String::new(), String::new(), false, false);
        while let Some(c) = rest.next_if(|c| is_quoted || !c.is_whitespace()) {
            match c {
                '"' => (is_quoted, was_quoted) = (!is_quoted, true),
                ':' if key.is_empty() && !was_quoted && is_key(&value) => key = std::mem::take(&mut value),
                c => value.push(c),
            }
        }
        all.push(Term { negated, key: key.to_ascii_lowercase(), value });
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What the parts of a query mean to its reader, or everything that is wrong with them.
pub(crate) fn filters(terms: &[Term], actor: &Actor, now: Timestamp) -> Result<Vec<OrderFilter>, Vec<String>> {
    if terms.len() > MOST_TERMS || terms.iter().map(|term| term.to_string().chars().count()).sum::<usize>() > LONGEST {
        return Err(vec!["This is too long for a search.".to_owned()]);
    }
    let (mut filters, mut wrong) = (Vec::new(), Vec::new());
    for term in terms {
        match filter(term, actor, now) {
            Ok(filter) if term.negated => filters.push(OrderFilter::Not(vec![filter])),
            Ok(filter) => filters.push(filter),
            Err(why) if term.value.trim().is_empty() && !term.key.is_empty() => {
                wrong.push(format!("{}: {why}", term.key))
            }
            Err(why) => wrong.push(format!("{term} {why}")),
        }
    }
    if wrong.is_empty() { Ok(filters) } else { Err(wrong) }
}

fn filter(term: &Term, actor: &Actor, now: Timestamp) -> Result<OrderFilter, String> {
    let value = term.value.trim();
    if value.is_empty() {
        return Err("needs something behind it.".to_owned());
    }
    let text = || value.to_owned();
    Ok(match term.key.as_str() {
        "" => value.parse().map_or_else(|_| OrderFilter::Text(text()), OrderFilter::Id),
        "is" => OrderFilter::State(states(value)?),
        "type" => OrderFilter::Type(types(value)?),
        "project" => OrderFilter::ProjectNamed(text()),
        "org" => OrderFilter::CustomerNamed(text()),
        "provider" => OrderFilter::ProviderNamed(text()),
        "offering" => OrderFilter::OfferingNamed(text()),
        "resource" => OrderFilter::ResourceName(text()),
        "cost" => cost(value)?,
        "older" => OrderFilter::CreatedTo(ago(value, now)?),
        "newer" => OrderFilter::CreatedFrom(ago(value, now)?),
        "after" => OrderFilter::CreatedFrom(day(value)?),
        "before" => OrderFilter::CreatedTo(day(value)? - TimeDelta::microseconds(1)),
        "by" if value == "me" => OrderFilter::CreatedBy(actor.id),
        "waits" if value == "me" => mine(actor),
        "side" if value == "provider" => OrderFilter::ProvidedWithin(actor.scopes()),
        "side" if value == "consumer" => OrderFilter::ConsumedWithin(actor.scopes()),
        "side" => return Err("is known for “provider” and “consumer” only.".to_owned()),
        "by" | "waits" => return Err("is known for “me” only.".to_owned()),
        _ => return Err("is not known; what stands before the colon is one of those below.".to_owned()),
    })
}

/// States by name, and some together.
fn states(value: &str) -> Result<Vec<OrderState>, String> {
    let mut all = Vec::new();
    for name in value.split(',') {
        match name.to_ascii_lowercase().as_str() {
            "cancelled" => all.push(OrderState::Canceled),
            "open" => all.extend(OPEN),
            "pending" => all.extend([OrderState::PendingConsumer, OrderState::PendingProvider]),
            "closed" => all.extend([OrderState::Done, OrderState::Canceled, OrderState::Rejected, OrderState::Erred]),
            name => all.push(name.parse().map_err(|_| {
                let known: Vec<&str> = OrderState::ALL.iter().map(|state| state.as_str()).collect();
                format!("is no state; states are open, pending, closed, {}.", known.join(", "))
            })?),
        }
    }
    Ok(all)
}

fn types(value: &str) -> Result<Vec<OrderType>, String> {
    let named = |name: &str| OrderType::ALL.iter().copied().find(|known| known.as_str().eq_ignore_ascii_case(name));
    let all: Option<Vec<OrderType>> = value.split(',').map(named).collect();
    all.ok_or_else(|| "is no type; types are create, update, terminate, restore.".to_owned())
}

fn cost(value: &str) -> Result<OrderFilter, String> {
    let amount = |text: &str| {
        let plain = text.trim().replace(',', "");
        plain.parse::<Money>().map_err(|_| "is no amount; write cost:>500, cost:<20 or cost:100..500.".to_owned())
    };
    if let Some(text) = value.strip_prefix('>') {
        return Ok(OrderFilter::CostAbove(amount(text)?));
    }
    if let Some(text) = value.strip_prefix('<') {
        return Ok(OrderFilter::CostBelow(amount(text)?));
    }
    let (low, high) = value.split_once("..").unwrap_or((value, value));
    let (low, high) = (amount(low)?, amount(high)?);
    if low > high {
        return Err("begins above its end; write cost:100..500.".to_owned());
    }
    Ok(OrderFilter::Cost(low, high))
}

fn ago(value: &str, now: Timestamp) -> Result<Timestamp, String> {
    let wrong = || "is no time; write 12h, 3d, 2w or 1y, or a day as after:2026-01-31.".to_owned();
    let unit = value.chars().last().ok_or_else(wrong)?;
    let hours = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        'y' => 365 * 24,
        _ => return Err(wrong()),
    };
    let number: i64 = value.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    let time = number.checked_mul(hours).filter(|hours| *hours >= 0).and_then(TimeDelta::try_hours);
    time.and_then(|time| now.checked_sub_signed(time)).filter(|time| *time > Timestamp::UNIX_EPOCH).ok_or_else(wrong)
}

fn day(value: &str) -> Result<Timestamp, String> {
    let day = parse_date(value).map(start_of_day);
    day.filter(|day| *day > Timestamp::UNIX_EPOCH).ok_or_else(|| "is no day; write 2026-01-31.".to_owned())
}

#[cfg(test)]
mod tests {
    use mercat_app::auth::nobody;

    use super::*;

    fn now() -> Timestamp {
        "2026-01-31T12:00:00Z".parse().unwrap()
    }

    fn meant(query: &str) -> Vec<OrderFilter> {
        filters(&terms(query), &nobody(), now()).unwrap()
    }

    #[test]
    fn every_key_means_something() {
        for (query, filter) in [
            ("vm", OrderFilter::Text("vm".to_owned())),
            ("\"two words\"", OrderFilter::Text("two words".to_owned())),
            ("is:erred,done", OrderFilter::State(vec![OrderState::Erred, OrderState::Done])),
            ("-IS:done", OrderFilter::Not(vec![OrderFilter::State(vec![OrderState::Done])])),
            ("type:create", OrderFilter::Type(vec![OrderType::Create])),
            ("project:\"Deep sea\"", OrderFilter::ProjectNamed("Deep sea".to_owned())),
            ("org:a:b", OrderFilter::CustomerNamed("a:b".to_owned())),
            ("provider:x", OrderFilter::ProviderNamed("x".to_owned())),
            ("offering:x", OrderFilter::OfferingNamed("x".to_owned())),
            ("resource:x", OrderFilter::ResourceName("x".to_owned())),
            ("cost:>1,500", OrderFilter::CostAbove("1500".parse().unwrap())),
            ("cost:7", OrderFilter::Cost("7".parse().unwrap(), "7".parse().unwrap())),
            ("is:Cancelled", OrderFilter::State(vec![OrderState::Canceled])),
            ("0196e86a42007081b9b9f3e72447f531", OrderFilter::Id("0196e86a42007081b9b9f3e72447f531".parse().unwrap())),
            ("older:3d", OrderFilter::CreatedTo("2026-01-28T12:00:00Z".parse().unwrap())),
            ("newer:12h", OrderFilter::CreatedFrom("2026-01-31T00:00:00Z".parse().unwrap())),
            ("after:2026-01-01", OrderFilter::CreatedFrom("2026-01-01T00:00:00Z".parse().unwrap())),
            ("before:2026-01-01", OrderFilter::CreatedTo("2025-12-31T23:59:59.999999Z".parse().unwrap())),
            ("by:me", OrderFilter::CreatedBy(nobody().id)),
        ] {
            assert_eq!(meant(query), [filter], "{query}");
        }
        assert_eq!(meant(" is:open  type:update\tx ").len(), 3);
        assert_eq!(meant(""), []);
        for (key, examples, _) in KEYS {
            assert!(examples.starts_with(key));
            examples.split(", ").for_each(|example| drop(meant(example)));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for query in [
            "is:nothing",
            "is:",
            "type:x",
            "cost:x",
            "cost:>",
            "cost:1..",
            "cost:2..1",
            "older:3",
            "older:d",
            "older:-3d",
            "older:é",
            "older:99999999999999999999d",
            "older:999999999d",
            "after:31.1.2026",
            "before:0000-01-01",
            "by:you",
            "x:y",
            "\"\"",
        ] {
            let wrong = filters(&terms(query), &nobody(), now()).unwrap_err();
            assert_eq!(wrong.len(), 1, "{query}");
        }
        assert_eq!(filters(&terms("is:x by:you"), &nobody(), now()).unwrap_err().len(), 2, "all at once");
        assert!(filters(&terms(&"x ".repeat(31)), &nobody(), now()).is_err());
        assert!(filters(&terms(&"x".repeat(1001)), &nobody(), now()).is_err());
    }

    #[test]
    fn a_query_is_read_as_it_was_written() {
        for query in ["a", "-a", "is:open", "-project:\"a b\"", "\"a b\"", "\"a:b\"", "\"-a\"", "x:\"\"", "\"unclosed"]
        {
            let read = terms(query);
            let again: Vec<String> = read.iter().map(ToString::to_string).collect();
            assert_eq!(terms(&again.join(" ")), read, "{query} {again:?}");
        }
    }
}
