//! What can be ordered for a resource: another plan, other amounts, more time, other options, its end and its return.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, StatusCode},
    response::Response,
};
use mercat_app::{
    AppError, Tx,
    orders::{self, OptionsChange, RenewalRequest, ResourceSide},
};
use mercat_domain::{
    id::ResourceId,
    invalid::Invalid,
    offering::{cost, declared_options, parse_limits},
    order::ResourceState,
    permission::{Actor, Permission, Scope},
};
use serde_json::{Map, Value, json};

use super::{
    Side,
    show::{Found, found, view},
};
use crate::{
    catalogue::{limits, place, read_limits, takes_limit, typed_limits},
    fields::{Field, Input, Wrong, options},
    form::{self, Form},
    once,
    order::words,
    page,
    session::Viewer,
    site::Site,
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
    does: String,
    plan: String,
    limits: BTreeMap<String, String>,
    options: Map<String, Value>,
    months: String,
    comment: String,
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

    fn of(found: &Found, form: &Form<'_>) -> Self {
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

/// The right and the states that a change needs: as the use cases check them, so that nobody fills in a form in vain.
fn why_not(
    actor: &Actor,
    side: ResourceSide,
    found: &Found,
    right: Permission,
    by_provider: bool,
    states: &[ResourceState],
) -> Option<String> {
    let (view, row) = (&found.resource, &found.resource.row);
    let mut scopes = vec![Scope::Project(row.project_id), Scope::Customer(row.customer_id)];
    if by_provider {
        scopes.push(Scope::Customer(row.provider_id));
    }
    if side == ResourceSide::Provider && !by_provider || !actor.has(right, &scopes) {
        return Some("You may not order this.".to_owned());
    }
    if let Some(order) = &view.order_in_progress {
        return Some(format!("Order {} has to come to its end first.", text::name(&order.row.slug)));
    }
    if !states.contains(&row.state) {
        let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
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
    use ResourceState::{Erred, Ok, Terminated};
    let row = &found.resource.row;
    let change = |does, title, label, note: &str, right, by_provider, states: &[ResourceState], fields, cost| {
        let why_not = why_not(actor, side, found, right, by_provider, states);
        Change {
            does,
            title,
            label,
            class: if does == "terminate" { "reject" } else { "approve" },
            is_possible: why_not.is_none(),
            note: why_not.unwrap_or_else(|| note.to_owned()),
            fields,
            cost,
            is_open: typed.does == does,
        }
    };
    if row.state == Terminated {
        let can = found.resource.offering.plugin_options.get("can_restore_resource") == Some(&Value::Bool(true));
        let restore = change(
            "restore",
            "Bring it back",
            "Order its return",
            "",
            Permission::ResourceTerminate,
            true,
            &[Terminated],
            Vec::new(),
            None,
        );
        return if can { vec![restore] } else { Vec::new() };
    }
    let mut all = Vec::new();
    let consumer = side == ResourceSide::Consumer;
    if consumer && found.resource.components.iter().any(takes_limit) {
        let mut fields = limits(&found.resource.components, &typed.limits, wrong);
        fields.push(comment(typed, "limits", wrong));
        let note = "What is ordered is what it will have.";
        all.push(change(
            "limits",
            "Change amounts",
            "Order these amounts",
            note,
            Permission::ResourceSetLimits,
            false,
            &[Ok],
            fields,
            Some(limits_cost(found, typed)),
        ));
    }
    if consumer && found.offering.details.plans.iter().filter(|plan| !plan.plan.archived).count() > 1 {
        let fields = vec![plans(found, typed, wrong)];
        all.push(change(
            "plan",
            "Change plan",
            "Order this plan",
            "",
            Permission::ResourceSetPlan,
            false,
            &[Ok],
            fields,
            None,
        ));
    }
    if consumer && found.resource.components.iter().any(|component| component.is_prepaid) {
        let months = Field::new("months", "Months", Input::Number)
            .with(&typed.months)
            .required()
            .wrong(wrong.take("extension_months"));
        let fields = vec![months, comment(typed, "renew", wrong)];
        all.push(change(
            "renew",
            "Pay for more time",
            "Order more time",
            "",
            Permission::ResourceSetLimits,
            false,
            &[Ok, Erred],
            fields,
            None,
        ));
    }
    if declared_options(&found.resource.offering.resource_options).is_some() {
        let fields = options::fields(&found.resource.offering.resource_options, &typed.options, wrong);
        all.push(change(
            "options",
            "Change options",
            "Change them",
            "",
            Permission::ResourceUpdateOptions,
            true,
            ResourceState::ALL,
            fields,
            None,
        ));
    }
    let sure =
        Field::new("sure", "Yes, it is to end, with everything that is in it", Input::Tick).wrong(wrong.take("sure"));
    all.push(change(
        "terminate",
        "End it",
        "Order its end",
        "",
        Permission::ResourceTerminate,
        true,
        &[Ok, Erred],
        vec![sure],
        None,
    ));
    all
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
        let price = found.offering.prices.get(&plan.plan.id).and_then(|prices| cost::estimate(prices, &limits));
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
    let plan = found.offering.details.plans.iter().find(|plan| Some(plan.plan.id) == row.plan_id);
    let prices = row.plan_id.and_then(|id| found.offering.prices.get(&id));
    let (Some(plan), Some(prices)) = (plan, prices) else { return "not known".to_owned() };
    let Ok(limits) = read_limits(&typed.limits) else { return "not known: an amount is no whole number".to_owned() };
    let Some(new) = cost::estimate(prices, &limits) else { return "out of range".to_owned() };
    let old = row.cost.map(|old| format!("; now {}", text::money(old))).unwrap_or_default();
    format!("{} {}{old}", text::money(new), words::each(plan.plan.unit))
}

/// Orders a change, or shows what it would cost.
pub(crate) async fn act<S: Side>(
    State(site): State<Site>,
    viewer: Viewer,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    match answered::<S>(&site, &viewer, path, &form).await {
        Ok(response) => response,
        Err(error) => page::failed_here(&error),
    }
}

async fn answered<S: Side>(
    site: &Site,
    viewer: &Viewer,
    path: Result<Path<String>, PathRejection>,
    form: &Form<'_>,
) -> Result<Response, AppError> {
    let found = found::<S>(&site.app, &viewer.actor, path).await?;
    let typed = Typed::of(&found, form);
    if form.text("do").ends_with("-cost") {
        return Ok(page::answer(StatusCode::OK, &view::<S>(site, viewer, &found, &typed, Wrong::default())?));
    }
    let id = found.resource.row.id;
    let made = once::made(site, viewer, form, async |tx| made(tx, S::SIDE, S::PLACE, id, &typed, form).await).await;
    let (status, wrong) = match made {
        Ok(response) => return Ok(response),
        Err(error) => once::told(error)?,
    };
    // What stopped it may have changed what there is.
    let found = self::found::<S>(&site.app, &viewer.actor, Ok(Path(id.to_string()))).await?;
    Ok(page::answer(status, &view::<S>(site, viewer, &found, &typed, wrong)?))
}

async fn made(
    tx: &mut Tx,
    side: ResourceSide,
    list: &str,
    id: ResourceId,
    typed: &Typed,
    form: &Form<'_>,
) -> Result<String, AppError> {
    let wrong = |field: &str, message: &str| AppError::Invalid(Invalid::field(field, message));
    let comment = || Some(typed.comment.clone()).filter(|comment| !comment.is_empty());
    match typed.does.as_str() {
        "limits" => {
            let limits = read_limits(&typed.limits).map_err(|wrong| AppError::Invalid(wrong.into()));
            orders::update_limits(tx, id, limits.map(|limits| (limits, comment()))).await.map(place)
        }
        "plan" => {
            let plan = typed.plan.parse().map_err(|_| wrong("plan", "This field is required."));
            orders::switch_plan(tx, id, plan).await.map(place)
        }
        "renew" => {
            let months = typed.months.parse().map_err(|_| wrong("extension_months", "A valid integer is required."));
            let request = months.map(|months| RenewalRequest { months, limits: None, comment: comment() });
            orders::renew(tx, side, id, request).await.map(place)
        }
        "options" => match orders::update_options(tx, side, id, Ok(Value::Object(typed.options.clone()))).await? {
            OptionsChange::Ordered(order) => Ok(place(order)),
            OptionsChange::Done => Ok(format!("{list}{id}/")),
        },
        "restore" => orders::restore(tx, side, id).await.map(place),
        "terminate" => {
            let sure = !form.text("sure").is_empty();
            let input = if sure { Ok(json!({})) } else { Err(wrong("sure", "Tick this to order its end.")) };
            orders::terminate(tx, side, id, input).await.map(place)
        }
        _ => Err(AppError::Invalid(Invalid::plain("What arrived came from no button of this page."))),
    }
}
