//! The page of a resource: what it is, what it uses, and what can be ordered for it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use mercat_app::{
    App, AppError,
    catalogue::PublicOfferings,
    collection::{self, Sight},
    ids,
    orders::OfferingView,
    resources::ResourceView,
};
use mercat_domain::{id::ResourceId, permission::Actor};
use uuid::Uuid;

use super::{
    Side,
    change::{self, Change},
};
use crate::{fields::Wrong, frame::Frame, order::words, page, session::Viewer, site::Site, text};

/// A resource that the reader sees, and what it was ordered from.
pub(super) struct Found {
    pub resource: ResourceView,
    pub offering: OfferingView,
}

/// What the resource has and uses of a component.
struct Amount {
    name: String,
    unit: String,
    limit: String,
    used: String,
}

#[derive(Template)]
#[template(path = "resource.html")]
pub(super) struct Page<'a> {
    frame: Frame<'a>,
    title: &'static str,
    place: &'static str,
    name: String,
    state: &'static str,
    facts: Vec<(String, String)>,
    amounts: Vec<Amount>,
    endpoints: Vec<(String, String)>,
    error: Vec<String>,
    /// The order that is under way: path and name.
    open: Option<(String, String)>,
    orders: String,
    changes: Vec<Change>,
    /// What is wrong with what was sent.
    wrong: Vec<String>,
    key: String,
}

type AskedFor = Result<Path<String>, PathRejection>;

/// The page.
pub(crate) async fn show<S: Side>(State(site): State<Site>, viewer: Viewer, path: AskedFor) -> Response {
    let shown = async {
        let found = found::<S>(&site.app, &viewer.actor, path).await?;
        view::<S>(&site, &viewer, &found, &change::Typed::blank(&found), Wrong::default())
    };
    match shown.await {
        Ok(view) => page::answer(StatusCode::OK, &view),
        Err(error) => page::failed_here(&error),
    }
}

pub(super) async fn found<S: Side>(app: &App, actor: &Actor, path: AskedFor) -> Result<Found, AppError> {
    let id = path.ok().and_then(|Path(id)| id.parse::<ResourceId>().ok()).ok_or(AppError::NotFound)?;
    let resource = collection::retrieve::<S>(app, actor, id.uuid(), &[]).await?;
    // Whoever sees a resource sees what it is a part of, also when it is offered to nobody any more.
    let offering = resource.offering.parent_id.unwrap_or(resource.offering.id);
    let sight = Sight::by_filters_alone(actor);
    let offering = collection::retrieve::<PublicOfferings>(app, sight, offering.uuid(), &[]).await?;
    Ok(Found { resource, offering })
}

pub(super) fn view<'a, S: Side>(
    site: &'a Site,
    viewer: &Viewer,
    found: &Found,
    typed: &change::Typed,
    mut wrong: Wrong,
) -> Result<Page<'a>, AppError> {
    let view = &found.resource;
    let open = view.order_in_progress.as_ref().map(|order| &order.row);
    let name = text::name(&view.row.name);
    let query: String = form_urlencoded::byte_serialize(format!("resource:\"{name}\"").as_bytes()).collect();
    Ok(Page {
        frame: Frame::of(site, viewer),
        title: S::TITLE,
        place: S::PLACE,
        state: view.row.state.as_str(),
        facts: facts(view),
        amounts: amounts(view),
        endpoints: view.endpoints.iter().map(|it| (text::name(&it.name), text::name(&it.url))).collect(),
        error: text::lines(&view.row.error_message),
        open: open.map(|row| (format!("{}/orders/{}/", site.base(), row.id), text::name(&row.slug))),
        orders: format!("{}/orders/?q={query}", site.base()),
        changes: change::changes(&viewer.actor, S::SIDE, found, typed, &mut wrong),
        wrong: wrong.rest(),
        key: ids::new::<Uuid>(site.app.now()).simple().to_string(),
        name,
    })
}

fn facts(view: &ResourceView) -> Vec<(String, String)> {
    let row = &view.row;
    let mut facts = Vec::new();
    let mut add = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push((label.to_owned(), value));
        }
    };
    add("Offering", text::name(&view.offering.name));
    add("Provider", text::name(&view.provider.name));
    add("Organisation", text::name(&view.customer.name));
    add("Project", text::name(&view.project.name));
    add("Plan", view.plan.as_ref().map(|plan| text::name(&plan.name)).unwrap_or_default());
    let each = view.plan.as_ref().map(|plan| words::each(plan.unit)).unwrap_or_default();
    add("Cost", row.cost.map(|cost| format!("{} {each}", text::money(cost))).unwrap_or_default());
    add("Since", text::moment(row.created));
    add("Until", row.end_date.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default());
    add("Your user name there", view.username.as_deref().map(text::name).unwrap_or_default());
    add("Provider’s name for it", text::name(&row.backend_id));
    add("Description", text::name(&row.description));
    facts
}

fn amounts(view: &ResourceView) -> Vec<Amount> {
    let number = |value: Option<&serde_json::Value>| value.map(text::value).unwrap_or_default();
    let used: BTreeMap<&str, _> = view.usages.iter().map(|(kind, used)| (kind.as_str(), *used)).collect();
    let amount = |component: &mercat_app::entity::component::Model| Amount {
        name: text::name(&component.name),
        unit: text::name(&component.measured_unit),
        limit: number(view.row.limits.get(&component.kind)),
        used: used.get(component.kind.as_str()).map(|used| text::money(*used)).unwrap_or_default(),
    };
    view.components.iter().map(amount).filter(|it| !it.limit.is_empty() || !it.used.is_empty()).collect()
}
