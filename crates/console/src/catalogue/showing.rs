//! An offering with its prices and the form that orders it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use mercat_app::{
    App, AppError,
    catalogue::{PublicOfferings, Terms},
    collection,
    entity::{component, offering_terms, project},
    ids,
    list::{Filter, Key},
    orders::OfferingView,
    structure::Projects,
};
use mercat_domain::{
    offering::{BillingType, OfferingState, cost},
    permission::Actor,
};
use uuid::Uuid;

use super::{
    ordering::Typed,
    prices::{Prices, paid, sold},
};
use crate::{
    fields::{Field, Input, Wrong, options},
    frame::Frame,
    order::words,
    page,
    session::Viewer,
    site::Site,
    text,
};

/// More projects are not offered for choice.
const MOST_PROJECTS: u64 = 500;
/// Before the names of limits in the form.
pub(crate) const LIMIT: &str = "limit-";

#[derive(Template)]
#[template(path = "offering.html")]
pub(super) struct Page<'a> {
    frame: Frame<'a>,
    name: String,
    provider: String,
    category: String,
    description: Vec<String>,
    /// Why it cannot be ordered now.
    unavailable: String,
    prices: Prices,
    /// What is wrong with no field in particular.
    wrong: Vec<String>,
    fields: Vec<Field>,
    limits: Vec<Field>,
    options: Vec<Field>,
    more: Vec<Field>,
    terms: Option<(String, String)>,
    accepts: bool,
    cost: String,
    /// Makes a second click of this form the same as the first.
    key: String,
    curl: String,
}

/// The page of an offering that its reader may order.
pub(crate) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    let shown = async {
        let offering = found(&site.app, &viewer.actor, path).await?;
        let typed = Typed::blank(&offering);
        view(&site, &viewer, &offering, &typed, Wrong::default()).await
    };
    match shown.await {
        Ok(view) => page::answer(StatusCode::OK, &view),
        Err(error) => page::failed_here(&error),
    }
}

pub(super) async fn found(
    app: &App,
    actor: &Actor,
    path: Result<Path<String>, PathRejection>,
) -> Result<OfferingView, AppError> {
    let id = path.ok().and_then(|Path(id)| Uuid::try_parse(&id).ok()).ok_or(AppError::NotFound)?;
    collection::retrieve::<PublicOfferings>(app, actor, id, &[]).await
}

pub(super) async fn view<'a>(
    site: &'a Site,
    viewer: &Viewer,
    offering: &OfferingView,
    typed: &Typed,
    mut wrong: Wrong,
) -> Result<Page<'a>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let row = &offering.details.offering;
    let projects = projects(app, actor).await?;
    Ok(Page {
        frame: Frame::of(site, viewer),
        name: text::name(&row.name),
        provider: text::name(&offering.details.provider.name),
        category: text::name(&offering.details.category_title),
        description: text::lines(if row.full_description.is_empty() {
            &row.description
        } else {
            &row.full_description
        }),
        unavailable: unavailable(offering, projects.is_empty()),
        prices: Prices::of(offering),
        fields: first_fields(offering, typed, projects, &mut wrong),
        limits: limits(&offering.details.components, &typed.limits, &mut wrong),
        options: options::fields(&row.options, &typed.attributes, &mut wrong),
        more: last_fields(typed, &mut wrong),
        terms: terms(app, actor, row.id.uuid()).await?,
        accepts: typed.order.accepts_terms == Some(true),
        wrong: wrong.rest(),
        cost: cost_in_words(app, offering, typed),
        key: ids::new::<Uuid>(app.now()).simple().to_string(),
        curl: format!("{}/api/marketplace-orders/", app.settings.public_url),
    })
}

fn unavailable(offering: &OfferingView, no_projects: bool) -> String {
    let row = &offering.details.offering;
    match row.state {
        OfferingState::Active if no_projects => {
            "You are in no project yet. Somebody who manages a project or an organisation can add you to it.".to_owned()
        }
        OfferingState::Active => String::new(),
        _ if row.paused_reason.is_empty() => "It cannot be ordered at the moment.".to_owned(),
        _ => format!("It cannot be ordered at the moment: {}", text::name(&row.paused_reason)),
    }
}

async fn projects(app: &App, actor: &Actor) -> Result<Vec<(String, String)>, AppError> {
    let here = [Filter::equals(project::Column::IsRemoved, false)];
    let by_name = [Key::column(project::Column::Name, false)];
    let found = collection::list::<Projects>(app, actor, &here, &by_name, (0, MOST_PROJECTS)).await?;
    let words = |name: &str, customer: &str| format!("{} ({})", text::name(name), text::name(customer));
    Ok(found.iter().map(|it| (it.row.id.to_string(), words(&it.row.name, &it.customer.name))).collect())
}

async fn terms(app: &App, actor: &Actor, offering: Uuid) -> Result<Option<(String, String)>, AppError> {
    let in_force = [
        Filter::equals(offering_terms::Column::OfferingId, offering),
        Filter::equals(offering_terms::Column::IsActive, true),
    ];
    let found = collection::list::<Terms>(app, actor, &in_force, &[], (0, 1)).await?.pop();
    let found = found.filter(|view| view.consent.as_ref().is_none_or(|consent| consent.revoked.is_some()));
    let link = |link: &str| if link.starts_with("https://") { link.to_owned() } else { String::new() };
    Ok(found.map(|view| (text::name(&view.row.text), link(&view.row.link))))
}

fn first_fields(
    offering: &OfferingView,
    typed: &Typed,
    projects: Vec<(String, String)>,
    wrong: &mut Wrong,
) -> Vec<Field> {
    let plans: Vec<(String, String)> = sold(offering)
        .map(|plan| {
            let price = cost::minimal_price(&plan.prices).zip(paid(&plan.prices, plan.plan.unit));
            let price = price.map(|(least, paid)| format!(", from {} {paid}", text::money(least)));
            (plan.plan.id.to_string(), format!("{}{}", text::name(&plan.plan.name), price.unwrap_or_default()))
        })
        .collect();
    let plan = typed.order.plan.map(|id| id.to_string());
    let project = typed.order.project.map(|id| id.to_string());
    // With one to choose from nobody has to choose.
    let only = |choices: &[(String, String)]| match choices {
        [(only, _)] => only.clone(),
        _ => String::new(),
    };
    let (first_project, first_plan) = (only(&projects), only(&plans));
    let mut fields = vec![
        Field::new("name", "Name", Input::Text)
            .with(typed.text("name"))
            .hint("What it will be called.")
            .required()
            .wrong([wrong.take("attributes.name"), wrong.take("name")].concat()),
        Field::new("project", "Project", Input::Choice(projects))
            .with(project.unwrap_or(first_project))
            .required()
            .wrong(wrong.take("project")),
    ];
    if !plans.is_empty() {
        let wrong = wrong.take("plan");
        fields.push(
            Field::new("plan", "Plan", Input::Choice(plans)).with(plan.unwrap_or(first_plan)).required().wrong(wrong),
        );
    }
    fields
}

/// Whether orders say how much of it (spec 7.5 step 2).
pub(crate) fn takes_limit(component: &component::Model) -> bool {
    component.billing_type == BillingType::Limit || (component.billing_type == BillingType::One && component.is_prepaid)
}

/// A field for each component of which an amount is ordered.
pub(crate) fn limits(
    components: &[component::Model],
    typed: &BTreeMap<String, String>,
    wrong: &mut Wrong,
) -> Vec<Field> {
    let takes = components.iter().filter(|component| takes_limit(component));
    let field = |component: &component::Model| {
        let unit = text::name(&component.measured_unit);
        let bound = |words: &str, bound: Option<i64>| bound.map(|bound| format!("{words} {bound}."));
        let hint = [bound("At least", component.min_value), bound("At most", component.max_value)];
        let hint: Vec<String> = hint.into_iter().flatten().collect();
        let label = text::name(&component.name);
        Field::new(
            format!("{LIMIT}{}", component.kind),
            if unit.is_empty() { label } else { format!("{label} ({unit})") },
            if component.is_boolean { Input::Tick } else { Input::Number },
        )
        .with(match typed.get(&component.kind) {
            Some(limit) if component.is_boolean => (limit == "1").to_string(),
            Some(limit) => limit.clone(),
            None => String::new(),
        })
        .hint(hint.join(" "))
        .wrong([wrong.take(&format!("limits.{}", component.kind)), wrong.take(&component.kind)].concat())
    };
    takes.map(field).collect()
}

fn last_fields(typed: &Typed, wrong: &mut Wrong) -> Vec<Field> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        Field::new("start_date", "Not before", Input::Date)
            .with(day(typed.order.start_date))
            .hint("Left empty: as soon as it is approved.")
            .wrong(wrong.take("start_date")),
        Field::new("end_date", "Until", Input::Date)
            .with(typed.text("end_date"))
            .wrong([wrong.take("attributes.end_date"), wrong.take("end_date")].concat()),
        Field::new("description", "Description", Input::Lines)
            .with(typed.text("description"))
            .wrong([wrong.take("attributes.description"), wrong.take("description")].concat()),
        Field::new("request_comment", "Comment for those who approve", Input::Lines)
            .with(typed.order.request_comment.clone().unwrap_or_default())
            .wrong(wrong.take("request_comment")),
    ]
}

/// What the order costs as it stands in the form, as far as that is known.
fn cost_in_words(app: &App, offering: &OfferingView, typed: &Typed) -> String {
    let Some(id) = typed.order.plan.or_else(|| only_plan(offering)) else {
        return "Choose a plan to see the cost.".to_owned();
    };
    let Some(plan) = offering.details.plan(id) else { return "not known".to_owned() };
    typed.cost(app.now().date_naive(), &plan.prices, words::each(plan.plan.unit))
}

fn only_plan(offering: &OfferingView) -> Option<mercat_domain::id::PlanId> {
    let mut plans = sold(offering);
    plans.next().filter(|_| plans.next().is_none()).map(|plan| plan.plan.id)
}
