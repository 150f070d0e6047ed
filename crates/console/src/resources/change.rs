//! What can be ordered for a resource: another plan, other amounts, more time, other options, its end and its return.

use std::collections::BTreeMap;

use mercat_app::orders::ResourceSide;
use mercat_domain::{
    offering::{cost, declared_options, parse_limits},
    order::ResourceState,
    permission::{Actor, Permission, Scope},
};
use serde_json::{Map, Value};

use super::show::Found;
use crate::{
    catalogue::{limits, read_limits, takes_limit, typed_limits},
    fields::{Field, Input, Wrong, options},
    form::Form,
    order::words,
    text,
};

/// A change that the page offers.
pub(super) struct Change {
    pub does: &'static str,
    pub title: &'static str,
    pub label: &'static str,
    pub class: &'static str,
    /// What it brings about, or why it cannot be ordered now.
    pub note: String,
    pub is_possible: bool,
    pub fields: Vec<Field>,
    /// What it would cost, where that changes with what is typed.
    pub cost: Option<String>,
    /// Whether it was just sent, and is shown open.
    pub is_open: bool,
}

/// What was typed into the forms of the page.
pub(super) struct Typed {
    pub does: String,
    pub plan: String,
    pub limits: BTreeMap<String, String>,
    pub options: Map<String, Value>,
    pub months: String,
    pub comment: String,
}

impl Typed {
    /// What the resource has now.
    pub fn blank(found: &Found) -> Self {
        let row = &found.resource.row;
        let words = |(kind, limit): (&String, &Value)| (kind.clone(), limit.to_string());
        Self {
            does: String::new(),
            plan: row.plan_id.map(|id| id.to_string()).unwrap_or_default(),
            limits: row.limits.as_object().into_iter().flatten().map(words).collect(),
            options: row.options.as_object().cloned().unwrap_or_default(),
            months: "12".to_owned(),
            comment: String::new(),
        }
    }

    pub fn of(found: &Found, form: &Form<'_>) -> Self {
        let blank = Self::blank(found);
        let does = form.text("do").trim_end_matches("-cost").to_owned();
        let is = |wanted: &str| does == wanted;
        let typed_options = || {
            let mut typed = Map::new();
            options::read(&found.resource.offering.resource_options, form, &mut typed);
            typed
        };
        Self {
            plan: if is("plan") { form.text("plan").to_owned() } else { blank.plan },
            limits: if is("limits") { typed_limits(&found.resource.components, form) } else { blank.limits },
            options: if is("options") { typed_options() } else { blank.options },
            months: if is("renew") { form.text("months").trim().to_owned() } else { blank.months },
            comment: form.text("comment").trim().to_owned(),
            does,
        }
    }
}

/// A kind of change, as the use cases check it, so that nobody fills in a form in vain.
struct Kind {
    does: &'static str,
    title: &'static str,
    label: &'static str,
    note: &'static str,
    /// What whoever orders it needs.
    right: Permission,
    /// Whether roles of the provider count, and whether its side may order it.
    by_provider: bool,
    states: &'static [ResourceState],
}

const LIMITS: Kind = Kind {
    does: "limits",
    title: "Change amounts",
    label: "Order these amounts",
    note: "What is ordered is what it will have.",
    right: Permission::ResourceSetLimits,
    by_provider: false,
    states: &[ResourceState::Ok],
};

const PLAN: Kind = Kind {
    does: "plan",
    title: "Change plan",
    label: "Order this plan",
    note: "",
    right: Permission::ResourceSetPlan,
    by_provider: false,
    states: &[ResourceState::Ok],
};

const RENEW: Kind = Kind {
    does: "renew",
    title: "Pay for more time",
    label: "Order more time",
    note: "",
    right: Permission::ResourceSetLimits,
    by_provider: false,
    states: &[ResourceState::Ok, ResourceState::Erred],
};

const OPTIONS: Kind = Kind {
    does: "options",
    title: "Change options",
    label: "Change them",
    note: "",
    right: Permission::ResourceUpdateOptions,
    by_provider: true,
    states: ResourceState::ALL,
};

const TERMINATE: Kind = Kind {
    does: "terminate",
    title: "End it",
    label: "Order its end",
    note: "",
    right: Permission::ResourceTerminate,
    by_provider: true,
    states: &[ResourceState::Ok, ResourceState::Erred],
};

const RESTORE: Kind = Kind {
    does: "restore",
    title: "Bring it back",
    label: "Order its return",
    note: "",
    right: Permission::ResourceTerminate,
    by_provider: true,
    states: &[ResourceState::Terminated],
};

/// Why the reader cannot order it now.
fn why_not(actor: &Actor, side: ResourceSide, found: &Found, kind: &Kind) -> Option<String> {
    let (view, row) = (&found.resource, &found.resource.row);
    let mut scopes = vec![Scope::Project(row.project_id), Scope::Customer(row.customer_id)];
    if kind.by_provider {
        scopes.push(Scope::Customer(row.provider_id));
    }
    if side == ResourceSide::Provider && !kind.by_provider || !actor.has(kind.right, &scopes) {
        return Some("You may not order this.".to_owned());
    }
    if let Some(order) = &view.order_in_progress {
        return Some(format!("Order {} has to come to its end first.", text::name(&order.row.slug)));
    }
    if !kind.states.contains(&row.state) {
        let names: Vec<&str> = kind.states.iter().map(|state| state.as_str()).collect();
        return Some(format!("It is {}; for this it has to be {}.", row.state.as_str(), names.join(" or ")));
    }
    None
}

/// The changes that make sense for the resource, and for each whether the reader may order it now.
pub(super) fn changes(
    actor: &Actor,
    side: ResourceSide,
    found: &Found,
    typed: &Typed,
    wrong: &mut Wrong,
) -> Vec<Change> {
    let change = |(kind, fields, cost): (&Kind, Vec<Field>, Option<String>)| {
        let why_not = why_not(actor, side, found, kind);
        Change {
            does: kind.does,
            title: kind.title,
            label: kind.label,
            class: if kind.does == TERMINATE.does { "reject" } else { "approve" },
            is_possible: why_not.is_none(),
            note: why_not.unwrap_or_else(|| kind.note.to_owned()),
            fields,
            cost,
            is_open: typed.does == kind.does,
        }
    };
    sensible(side, found, typed, wrong).into_iter().map(change).collect()
}

/// What makes sense: the kind, the fields of its form, and what it would cost.
fn sensible(
    side: ResourceSide,
    found: &Found,
    typed: &Typed,
    wrong: &mut Wrong,
) -> Vec<(&'static Kind, Vec<Field>, Option<String>)> {
    let resource = &found.resource;
    if resource.row.state == ResourceState::Terminated {
        let can = resource.offering.plugin_options.get("can_restore_resource") == Some(&Value::Bool(true));
        return if can { vec![(&RESTORE, Vec::new(), None)] } else { Vec::new() };
    }
    let mut all = Vec::new();
    if side == ResourceSide::Consumer {
        if resource.components.iter().any(takes_limit) {
            let mut fields = limits(&resource.components, &typed.limits, wrong);
            fields.push(comment(typed, LIMITS.does, wrong));
            all.push((&LIMITS, fields, Some(limits_cost(found, typed))));
        }
        if found.offering.details.plans.iter().filter(|plan| !plan.plan.archived).count() > 1 {
            all.push((&PLAN, vec![plans(found, typed, wrong)], None));
        }
        if resource.components.iter().any(|component| component.is_prepaid) {
            all.push((&RENEW, vec![months(typed, wrong), comment(typed, RENEW.does, wrong)], None));
        }
    }
    if declared_options(&resource.offering.resource_options).is_some() {
        all.push((&OPTIONS, options::fields(&resource.offering.resource_options, &typed.options, wrong), None));
    }
    let sure = Field::new("sure", "Yes, it is to end, with everything that is in it", Input::Tick);
    all.push((&TERMINATE, vec![sure.wrong(wrong.take("sure"))], None));
    all
}

fn months(typed: &Typed, wrong: &mut Wrong) -> Field {
    let field = Field::new("months", "Months", Input::Number).with(&typed.months);
    field.required().wrong(wrong.take("extension_months"))
}

fn comment(typed: &Typed, does: &str, wrong: &mut Wrong) -> Field {
    let wrong = if typed.does == does { wrong.take("request_comment") } else { Vec::new() };
    Field::new("comment", "Comment for those who approve", Input::Text).with(&typed.comment).wrong(wrong)
}

fn plans(found: &Found, typed: &Typed, wrong: &mut Wrong) -> Field {
    let plans = found.offering.details.plans.iter().filter(|plan| !plan.plan.archived);
    let row = &found.resource.row;
    let limits = parse_limits(&row.limits).unwrap_or_default();
    let words = |plan: &mercat_app::orders::PlanDetails| {
        let price = cost::estimate(&plan.prices, &limits);
        let price = price.map(|price| format!(", {} {}", text::money(price), words::each(plan.plan.unit)));
        let now = if row.plan_id == Some(plan.plan.id) { " (now)" } else { "" };
        (plan.plan.id.to_string(), format!("{}{}{now}", text::name(&plan.plan.name), price.unwrap_or_default()))
    };
    Field::new("plan", "Plan", Input::Choice(plans.map(words).collect()))
        .with(&typed.plan)
        .required()
        .wrong(wrong.take("plan"))
}

/// What the amounts that are typed cost in the present plan.
fn limits_cost(found: &Found, typed: &Typed) -> String {
    let row = &found.resource.row;
    let plan = row.plan_id.and_then(|id| found.offering.details.plan(id));
    let Some(plan) = plan else { return "not known".to_owned() };
    let Ok(limits) = read_limits(&typed.limits) else { return "not known: an amount is no whole number".to_owned() };
    let Some(new) = cost::estimate(&plan.prices, &limits) else { return "out of range".to_owned() };
    let old = row.cost.map(|old| format!("; now {}", text::money(old))).unwrap_or_default();
    format!("{} {}{old}", text::money(new), words::each(plan.plan.unit))
}
