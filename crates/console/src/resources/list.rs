//! The list of resources.

use std::marker::PhantomData;

use mercat_app::{
    AppError,
    entity::resource::Column,
    list::{Filter, Key},
    resources::ResourceView,
};
use mercat_domain::{order::ResourceState, time};

use super::Side;
use crate::{
    order::words,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Choice, Found, Listing, Table},
    text,
};

/// The resources of a side.
pub(crate) struct List<S>(PhantomData<S>);

impl<S: Side> Listing for List<S> {
    const PLACE: &'static str = S::PLACE;

    fn table() -> Table {
        Table {
            title: S::TITLE,
            none: S::NONE,
            heads: &["Name", "Offering", "Organisation", "Project", "State", "Plan", "Cost", "Since (UTC)"],
            choice: Some(Choice {
                name: "state",
                label: "State",
                values: ResourceState::ALL.iter().map(|state| state.as_str().to_owned()).collect(),
            }),
            tabs: S::TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        let mut filters = asked.filter(|name| Filter::contains(Column::Name, name));
        let state = ResourceState::ALL.iter().find(|state| state.as_str() == asked.chosen);
        match state {
            Some(state) => filters.push(Filter::equals(Column::State, *state)),
            // What has ended is of interest to those who ask for it.
            None => filters.push(Filter::differs(Column::State, ResourceState::Terminated)),
        }
        let newest_first = [Key::column(Column::Created, true), Key::column(Column::Id, true)];
        Found::of::<S>(site, viewer, asked, &filters, &newest_first, |view| cells::<S>(site.base(), view)).await
    }
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
