//! What can stand in a column of the list of orders.

use mercat_app::orders::{OrderView, SortKey};
use mercat_domain::time;

use crate::{order::words, text};

/// A column.
pub(super) struct Column {
    /// Its name in the address of the page.
    pub name: &'static str,
    pub title: &'static str,
    /// The name by which the list is sorted by it, if it can be.
    pub sort: Option<(&'static str, SortKey)>,
    /// Whether it stands there unless somebody says otherwise.
    pub usual: bool,
    cell: fn(&OrderView) -> Cell,
}

/// What stands in a column for an order.
#[derive(Default)]
pub(super) struct Cell {
    pub text: String,
    /// A second, quieter text.
    pub note: String,
    /// The same as machines read it, where it is a time.
    pub iso: String,
    pub is_number: bool,
}

fn plain(text: &str) -> Cell {
    Cell { text: text::name(text), ..Cell::default() }
}

const fn column(name: &'static str, title: &'static str, usual: bool, cell: fn(&OrderView) -> Cell) -> Column {
    Column { name, title, sort: None, usual, cell }
}

/// All of them, in the order in which they stand.
pub(super) const COLUMNS: [Column; 11] = [
    column("what", "What", true, |order| plain(words::what(order))),
    column("resource", "Resource", true, |order| plain(&order.row.resource_name)),
    column("offering", "Offering", true, |order| plain(&order.row.offering.name)),
    column("provider", "Provider", false, |order| plain(&order.row.provider.name)),
    column("org", "Organisation", false, |order| plain(&order.row.customer.name)),
    column("project", "Project", true, |order| plain(&order.row.project.name)),
    column("plan", "Plan", false, |order| plain(order.row.plan_name().unwrap_or_default())),
    Column {
        sort: Some(("state", SortKey::State)),
        ..column("state", "State", true, |order| plain(words::short(order.row.state)))
    },
    Column { sort: Some(("cost", SortKey::Cost)), ..column("cost", "Cost", true, cost) },
    column("by", "Ordered by", false, |order| plain(order.row.creator.as_ref().map_or("", |person| person.name()))),
    Column {
        sort: Some(("created", SortKey::Created)),
        ..column("created", "Ordered on (UTC)", true, |order| Cell {
            text: text::short_moment(order.row.created),
            iso: time::format(order.row.created),
            ..Cell::default()
        })
    },
];

fn cost(order: &OrderView) -> Cell {
    let row = &order.row;
    match row.cost {
        Some(cost) => {
            Cell { text: text::money(cost), note: words::order_paid(order), is_number: true, ..Cell::default() }
        }
        None => Cell::default(),
    }
}

impl Column {
    /// What stands there for an order.
    pub fn cell(&self, order: &OrderView) -> Cell {
        (self.cell)(order)
    }
}
