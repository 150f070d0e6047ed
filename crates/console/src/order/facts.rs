//! What is ordered, where, by whom and for how much.

use mercat_app::{
    App, AppError,
    collection::{Sight, row},
    entity::{component, resource},
    list::Filter,
    orders::{OrderRow, OrderView, components_of},
    resources::Resources,
};
use mercat_domain::{offering::rules_of, order::OrderType, permission::Actor};
use serde_json::Value;

use super::words;
use crate::text;

/// More rows are counted only.
const MOST_ROWS: usize = 100;
/// What stands elsewhere on the page, or is kept by the service for itself.
const SHOWN_ELSEWHERE: [&str; 3] = ["name", "old_limits", "old_options"];

/// A line of a table.
pub(crate) struct Fact {
    pub label: String,
    pub value: String,
    /// A second, quieter line.
    pub note: String,
}

fn fact(label: &str, value: impl Into<String>, note: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), value: value.into(), note: note.into() }
}

/// A limit that is ordered.
pub(crate) struct Limit {
    pub name: String,
    pub unit: String,
    /// What the resource has now, in orders that change it.
    pub before: String,
    pub after: String,
    pub is_changed: bool,
}

/// The limits, and whether there is something to compare them with.
pub(crate) struct Limits {
    pub rows: Vec<Limit>,
    pub compares: bool,
}

/// The resource as it is while a change of it waits. The attributes of an order say so too, but anybody who orders
/// can write them.
pub(crate) async fn present(app: &App, actor: &Actor, view: &OrderView) -> Result<Option<resource::Model>, AppError> {
    let order = &view.row;
    if order.order_type != OrderType::Update || !words::is_pending(order.state) {
        return Ok(None);
    }
    let this = Filter::equals(resource::Column::Id, order.resource_id);
    // Whoever sees the order sees the limits that it is about.
    row::<Resources>(app, Sight::by_filters_alone(actor), &[this]).await
}

/// The limits with the names and units of the offering's components.
pub(crate) async fn limits(app: &App, view: &OrderView, present: Option<&resource::Model>) -> Result<Limits, AppError> {
    let order = &view.row;
    let Some(ordered) = order.limits.as_object().filter(|limits| !limits.is_empty()) else {
        return Ok(Limits { rows: Vec::new(), compares: false });
    };
    let components = components_of(app, view).await?;
    let before = present.and_then(|resource| resource.limits.as_object());
    let place = |kind: &str| components.iter().position(|component| component.kind == kind).unwrap_or(usize::MAX);
    let mut kinds: Vec<&String> = ordered.keys().chain(before.into_iter().flat_map(|limits| limits.keys())).collect();
    kinds.sort_by_key(|kind| (place(kind), *kind));
    kinds.dedup();
    let row = |kind: &String| {
        let component = components.iter().find(|component| component.kind == *kind);
        limit(kind, component, before.map(|limits| limits.get(kind)), ordered.get(kind))
    };
    Ok(Limits { rows: kinds.into_iter().take(MOST_ROWS).map(row).collect(), compares: before.is_some() })
}

fn limit(
    kind: &str,
    component: Option<&component::Model>,
    before: Option<Option<&Value>>,
    after: Option<&Value>,
) -> Limit {
    let words = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), text::value);
    Limit {
        name: text::name(component.map_or(kind, |component| &component.name)),
        unit: component.map(|component| text::name(&component.measured_unit)).unwrap_or_default(),
        before: before.map(words).unwrap_or_default(),
        after: words(after),
        is_changed: before.is_some_and(|before| before != after),
    }
}

/// What it costs.
pub(crate) fn cost(order: &OrderView, present: Option<&resource::Model>) -> Vec<Fact> {
    let row = &order.row;
    let each = row.plan_unit().map(words::each);
    let mut facts = Vec::new();
    match (row.cost, row.order_type) {
        (Some(cost), _) => {
            facts.push(fact("Cost", text::money(cost), words::order_paid(order)));
        }
        (None, OrderType::Terminate) => facts.push(fact("Cost", "none", "The resource ends.")),
        (None, _) => facts.push(fact("Cost", "not known", "The order has no plan with prices.")),
    }
    if !order.activation_price.is_zero() && row.cost != Some(order.activation_price) {
        facts.push(fact("of it once", text::money(order.activation_price), ""));
    }
    if let Some(cost) = present.and_then(|resource| resource.cost) {
        facts.push(fact("Until now", text::money(cost), each.unwrap_or_default()));
    }
    if let Some(plan) = row.plan_name() {
        let old = row.old_plan_name().filter(|old| *old != plan);
        facts.push(fact(
            "Plan",
            text::name(plan),
            old.map(|old| format!("until now {}", text::name(old))).unwrap_or_default(),
        ));
    }
    facts
}

/// Where it belongs and who wants it.
pub(crate) fn place(row: &OrderRow) -> Vec<Fact> {
    let creator = row.creator.as_ref();
    let mut facts = vec![
        fact("Offering", text::name(&row.offering.name), text::name(&row.offering.category_title)),
        fact("Provider", text::name(&row.provider.name), ""),
        fact("Organisation", text::name(&row.customer.name), ""),
        fact("Project", text::name(&row.project.name), ""),
        fact(
            "Ordered by",
            creator.map_or_else(|| "somebody who is gone".to_owned(), |person| text::name(person.name())),
            "",
        ),
        fact("Ordered on", text::moment(row.created), ""),
    ];
    if let Some(start) = row.start_date {
        facts.push(fact("Not before", start.format("%-d %B %Y").to_string(), ""));
    }
    facts
}

/// What else was filled in.
pub(crate) fn details(row: &OrderRow) -> Vec<Fact> {
    let all = row.attributes.as_object().into_iter().flatten();
    let rules = rules_of(&row.offering.offering_type);
    let mut all = all.filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str()) && rules.shows(name));
    let mut facts: Vec<Fact> =
        all.by_ref().take(MOST_ROWS).map(|(name, value)| fact(&text::name(name), text::value(value), "")).collect();
    let more = all.count();
    if more > 0 {
        facts.push(fact("…", format!("{more} more"), ""));
    }
    facts
}
