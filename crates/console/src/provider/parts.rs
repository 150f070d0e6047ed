//! What an offering is counted in, and what its orders are asked.

use mercat_app::{entity::component, orders::OfferingView};
use mercat_domain::{
    offering::{BillingType, LimitPeriod, declared_options},
    permission::{Actor, Permission},
};
use serde_json::Value;

use super::offering::why_not;
use crate::{
    board::{Section, Sheet},
    catalogue::prices::charged,
    fields::{Field, Input},
    table::{Button, Cell},
    text,
};

/// The components.
pub(super) fn components(actor: &Actor, view: &OfferingView) -> Section {
    let why_not = why_not(actor, view, Permission::OfferingUpdateComponents);
    let all = &view.details.components;
    let change = all.iter().map(|it| Sheet {
        does: "change-component",
        id: it.id.to_string(),
        title: format!("Change {}", text::name(&it.name)),
        fields: fields(Some(it)),
        label: "Save",
        why_not: why_not.clone(),
        ..Sheet::default()
    });
    let add = Sheet {
        does: "add-component",
        title: "Add a component".to_owned(),
        fields: fields(None),
        label: "Add it",
        class: "approve",
        why_not: why_not.clone(),
        ..Sheet::default()
    };
    Section {
        title: "Components",
        note: "What is counted. Each has a price in each plan.".to_owned(),
        heads: &["Name", "Key", "Unit", "Charged", "At least", "At most", "Usual", ""],
        rows: all.iter().map(|it| cells(it, why_not.is_none())).collect(),
        sheets: change.chain([add]).collect(),
        ..Section::default()
    }
}

fn cells(it: &component::Model, may: bool) -> Vec<Cell> {
    let number = |bound: Option<i64>| Cell::number(bound.map(|bound| text::value(&bound.into())).unwrap_or_default());
    let remove =
        Button { does: "remove-component", id: it.id.to_string(), label: "Remove", about: text::name(&it.name) };
    vec![
        Cell::text(&it.name),
        Cell::text(&it.kind),
        Cell::text(&it.measured_unit),
        Cell::text(charged(it.billing_type)),
        number(it.min_value),
        number(it.max_value),
        number(it.default_limit),
        Cell::button(may.then_some(remove)),
    ]
}

fn fields(present: Option<&component::Model>) -> Vec<Field> {
    let text = |of: fn(&component::Model) -> &str| present.map(of).unwrap_or_default().to_owned();
    let number = |of: fn(&component::Model) -> Option<i64>| {
        present.and_then(of).map(|number| number.to_string()).unwrap_or_default()
    };
    let billing = BillingType::ALL.iter().map(|it| (it.as_str().to_owned(), charged(*it).to_owned())).collect();
    let periods = LimitPeriod::ALL.iter().map(|it| (it.as_str().to_owned(), it.as_str().to_owned())).collect();
    let billing_type = present.map_or(BillingType::Limit, |it| it.billing_type);
    let period = present.and_then(|it| it.limit_period).map(|period| period.as_str()).unwrap_or_default();
    let is_boolean = present.is_some_and(|it| it.is_boolean);
    vec![
        Field::new("kind", "Key", Input::Text)
            .with(text(|it| &it.kind))
            .longest(50)
            .hint("As programs name it, such as cpu_hours.")
            .required(),
        Field::new("name", "Name", Input::Text).with(text(|it| &it.name)).longest(150).required(),
        Field::new("measured_unit", "Unit", Input::Text).with(text(|it| &it.measured_unit)).longest(30),
        Field::new("billing_type", "How it is charged", Input::Choice(billing)).with(billing_type.as_str()).required(),
        Field::new("limit_period", "Amounts are for each", Input::Choice(periods)).with(period),
        Field::new("min_value", "At least", Input::Number).with(number(|it| it.min_value)),
        Field::new("max_value", "At most", Input::Number).with(number(|it| it.max_value)),
        Field::new("default_limit", "Usual amount", Input::Number).with(number(|it| it.default_limit)),
        Field::new("is_boolean", "It is ordered or not, without an amount", Input::Tick).with(is_boolean.to_string()),
    ]
}

/// What an order and what a resource is asked.
pub(super) fn options(actor: &Actor, view: &OfferingView) -> [Section; 2] {
    let row = &view.details.offering;
    let section = |title, note: &str, column: &'static str, schema: &Value| {
        Section {
        title,
        note: note.to_owned(),
        heads: &["Key", "Label", "Type", "Needed", "Choices"],
        rows: declared(schema),
        sheets: vec![Sheet {
            does: column,
            title: "Change them".to_owned(),
            fields: vec![
                Field::new(column, "As JSON", Input::Json)
                    .with(serde_json::to_string_pretty(schema).unwrap_or_default())
                    .longest(50_000)
                    .hint("{\"order\": [\"size\"], \"options\": {\"size\": {\"label\": \"Size\", \"type\": \"integer\"}}}")
                    .required(),
            ],
            label: "Save",
            why_not: why_not(actor, view, Permission::OfferingUpdateOptions),
            ..Sheet::default()
        }],
        ..Section::default()
    }
    };
    [
        section("Questions of the order form", "Whoever orders fills these in.", "options", &row.options),
        section(
            "Options of resources",
            "These can be changed later, for each resource.",
            "resource_options",
            &row.resource_options,
        ),
    ]
}

fn declared(schema: &Value) -> Vec<Vec<Cell>> {
    let cells = |(key, option): (&String, &Value)| {
        let of = |name: &str| option.get(name).map(text::value).unwrap_or_default();
        let choices = option.get("choices").and_then(Value::as_array).into_iter().flatten();
        let choices: Vec<String> = choices.map(|choice| text::value(choice.get("value").unwrap_or(choice))).collect();
        let needed = if option.get("required") == Some(&Value::Bool(true)) { "yes" } else { "" };
        vec![
            Cell::text(key),
            Cell::text(&of("label")),
            Cell::text(&of("type")),
            Cell::text(needed),
            Cell::text(&choices.join(", ")),
        ]
    };
    declared_options(schema).into_iter().flatten().map(cells).collect()
}
