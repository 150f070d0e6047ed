//! The list of resources.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use mercat_app::{
    AppError, collection,
    entity::resource::Column,
    list::{Filter, Key},
    resources::ResourceView,
};
use mercat_domain::{order::ResourceState, time};

use super::Side;
use crate::{
    form::Form,
    order::words,
    page,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Choice, Found, Table},
    text,
};

/// The page.
pub(crate) async fn show<S: Side>(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let form = Form::of(query.as_bytes());
    let asked = Asked::of(&form, "state");
    match found::<S>(&site, &viewer, &asked).await {
        Ok(found) => table::<S>().answer(&site, &viewer, &asked, found),
        Err(error) => page::failed_here(&error),
    }
}

fn table<S: Side>() -> Table {
    Table {
        title: S::TITLE,
        place: S::PLACE.to_owned(),
        none: S::NONE,
        heads: &["Name", "Offering", "Organisation", "Project", "State", "Plan", "Cost", "Since (UTC)"],
        choice: Some(Choice {
            name: "state",
            label: "State",
            values: ResourceState::ALL.iter().map(|state| state.as_str().to_owned()).collect(),
        }),
        ..Table::default()
    }
}

async fn found<S: Side>(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let mut filters = Vec::new();
    if !asked.query.is_empty() {
        filters.push(Filter::contains(Column::Name, &asked.query));
    }
    let state = ResourceState::ALL.iter().find(|state| state.as_str() == asked.chosen);
    match state {
        Some(state) => filters.push(Filter::equals(Column::State, *state)),
        // What has ended is of interest to those who ask for it.
        None => filters.push(Filter::differs(Column::State, ResourceState::Terminated)),
    }
    let newest_first = [Key::column(Column::Created, true), Key::column(Column::Id, true)];
    let rows = collection::list::<S>(app, actor, &filters, &newest_first, asked.window()).await?;
    let count = collection::count::<S>(app, actor, &filters).await?;
    Ok(Found { rows: rows.iter().map(|view| cells::<S>(site.base(), view)).collect(), count })
}

fn cells<S: Side>(base: &str, view: &ResourceView) -> Vec<Cell> {
    let row = &view.row;
    let cost = row.cost.map(text::money).unwrap_or_default();
    let each = view.plan.as_ref().filter(|_| row.cost.is_some()).map(|plan| words::each(plan.unit)).unwrap_or_default();
    vec![
        Cell::link(&row.name, format!("{base}{}{}/", S::PLACE, row.id)),
        Cell::text(&view.offering.name),
        Cell::text(&view.customer.name),
        Cell::text(&view.project.name),
        Cell::text(row.state.as_str()),
        Cell::text(view.plan.as_ref().map(|plan| plan.name.as_str()).unwrap_or_default()),
        Cell::number(cost).note(each),
        Cell::moment(text::short_moment(row.created), time::format(row.created)),
    ]
}
