//! The offerings of one's organisations.

use mercat_app::{
    AppError,
    catalogue::{ProviderOfferings, filters::offerings_called},
    entity::offering::Column,
    list::{Filter, Key},
    orders::OfferingView,
};
use mercat_domain::offering::OfferingState;

use super::{PLACE, TABS};
use crate::{
    catalogue::prices,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Choice, Found, Listing, Table},
};

/// The list.
pub(super) struct Offerings;

impl Listing for Offerings {
    const PLACE: &'static str = PLACE;

    fn table() -> Table {
        Table {
            title: "Offerings",
            none: "Offerings come here when an organisation in which you have a role offers something.",
            heads: &["Name", "Organisation", "Category", "State", "Price", "Orders so far"],
            choice: Some(Choice {
                name: "state",
                label: "State",
                values: OfferingState::ALL.iter().map(|state| state.as_str().to_owned()).collect(),
            }),
            tabs: TABS,
            new: Some(("/provider/offerings/new/", "Offer something new")),
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        let mut filters = asked.filter(offerings_called);
        match OfferingState::ALL.iter().find(|state| state.as_str() == asked.chosen) {
            Some(state) => filters.push(Filter::equals(Column::State, *state)),
            None => filters.push(Filter::differs(Column::State, OfferingState::Archived)),
        }
        let by_name = [Key::column(Column::Name, false), Key::column(Column::Id, false)];
        Found::of::<ProviderOfferings>(site, viewer, asked, &filters, &by_name, |view| cells(site.base(), view)).await
    }
}

fn cells(base: &str, view: &OfferingView) -> Vec<Cell> {
    let (details, row) = (&view.details, &view.details.offering);
    vec![
        Cell::link(&row.name, format!("{base}{PLACE}{}/", row.id)),
        Cell::text(&details.provider.name),
        Cell::text(&details.category_title),
        Cell::text(row.state.as_str()),
        Cell::text(&prices::least(view)),
        Cell::number(crate::text::count(details.order_count)),
    ]
}
