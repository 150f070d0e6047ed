//! The plans of an offering and their prices.

use mercat_app::{
    entity::{component, plan_component},
    orders::{OfferingView, PlanDetails},
};
use mercat_domain::{
    offering::{BillingType, PlanUnit},
    permission::{Actor, Permission},
};

use super::offering::why_not;
use crate::{
    board::{Section, Sheet},
    fields::{Field, Input},
    order::words,
    table::{Button, Cell},
    text,
};

/// Before the keys of components whose prices, and whose amounts, are in the form: as the rules name what is wrong.
pub(super) const PRICE: &str = "prices.";
pub(super) const AMOUNT: &str = "quotas.";

/// All plans, and what each costs.
pub(super) fn section(actor: &Actor, view: &OfferingView) -> Section {
    let details = &view.details;
    let change = why_not(actor, view, Permission::OfferingUpdatePlan);
    let archive = why_not(actor, view, Permission::OfferingArchivePlan).is_none();
    let prices = details.plans.iter().filter(|plan| !plan.plan.archived).map(|plan| Sheet {
        does: "prices",
        id: plan.plan.id.to_string(),
        title: format!("Prices of {}", text::name(&plan.plan.name)),
        fields: fields(plan),
        label: "Save the prices",
        why_not: change.clone(),
        ..Sheet::default()
    });
    let units = PlanUnit::ALL.iter().map(|unit| (unit.as_str().to_owned(), words::each(*unit).to_owned())).collect();
    let add = Sheet {
        does: "add-plan",
        title: "Add a plan".to_owned(),
        fields: vec![
            Field::new("name", "Name", Input::Text).longest(150).required(),
            Field::new("unit", "Paid", Input::Choice(units)).with(PlanUnit::Month.as_str()).required(),
            Field::new("description", "Description", Input::Lines),
        ],
        label: "Add it",
        class: "approve",
        why_not: why_not(actor, view, Permission::OfferingCreatePlan),
        ..Sheet::default()
    };
    Section {
        title: "Plans and prices",
        note: "Prices of a plan that somebody has change with the next month; those of other plans at once.".to_owned(),
        heads: &["Name", "Paid", "Prices", "Resources", ""],
        rows: details.plans.iter().map(|plan| cells(plan, archive)).collect(),
        sheets: prices.chain([add]).collect(),
        ..Section::default()
    }
}

fn cells(plan: &PlanDetails, may: bool) -> Vec<Cell> {
    let price = |(row, component): &(plan_component::Model, component::Model)| {
        let next = row.future_price.map(|price| format!(" (next month {})", text::money(price))).unwrap_or_default();
        let times =
            if component.billing_type == BillingType::Fixed { format!("{} × ", row.amount) } else { String::new() };
        format!("{}: {times}{}{next}", text::name(&component.name), text::money(row.price))
    };
    let prices: Vec<String> = plan.components.iter().map(price).collect();
    let name = Cell::text(&plan.plan.name);
    let archive = Button {
        does: "archive-plan",
        id: plan.plan.id.to_string(),
        label: "Stop selling",
        about: text::name(&plan.plan.name),
    };
    vec![
        if plan.plan.archived { name.note("no longer sold") } else { name },
        Cell::text(words::each(plan.plan.unit)),
        Cell { text: prices.join("; "), ..Cell::default() },
        Cell::number(text::count(plan.live_resources)),
        Cell::button((may && !plan.plan.archived).then_some(archive)),
    ]
}

fn fields(plan: &PlanDetails) -> Vec<Field> {
    let mut fields = Vec::new();
    for (row, component) in &plan.components {
        let name = text::name(&component.name);
        let price = row.future_price.unwrap_or(row.price);
        fields.push(
            Field::new(format!("{PRICE}{}", component.kind), name.clone(), Input::Money)
                .with(text::money(price).replace(',', ""))
                .required(),
        );
        if component.billing_type == BillingType::Fixed {
            fields.push(
                Field::new(
                    format!("{AMOUNT}{}", component.kind),
                    format!("How much {name} is included"),
                    Input::Number,
                )
                .with(row.amount.to_string())
                .required(),
            );
        }
    }
    fields
}
