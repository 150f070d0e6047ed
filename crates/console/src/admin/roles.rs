//! The roles that people can have.

use mercat_app::{
    AppError, Tx,
    entity::role,
    list::{Filter, Key},
    structure::{self, RoleView, Roles},
};
use uuid::Uuid;

use super::{ROLES, TABS, only_operators};
use crate::{
    board::no_button,
    session::Viewer,
    site::Site,
    table::{Asked, Button, Cell, Found, Listing, Table},
    text,
};

/// All roles.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = ROLES;

    fn table() -> Table {
        Table {
            title: "Roles",
            none: "No role is called like this.",
            heads: &["Name", "On", "What it is", "May do", "People", ""],
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let named = asked.filter(|name| Filter::contains(role::Column::Name, name));
        let by_name = [Key::column(role::Column::Name, false)];
        let cells = |view: &RoleView| cells(viewer, view);
        Found::of::<Roles>(site, viewer, asked, &named, &by_name, cells).await
    }

    async fn act(tx: &mut Tx, does: &str, id: Uuid) -> Result<(), AppError> {
        match does {
            "enable" => structure::enable(tx, id, true).await,
            "disable" => structure::enable(tx, id, false).await,
            _ => Err(no_button()),
        }
    }
}

fn cells(viewer: &Viewer, view: &RoleView) -> Vec<Cell> {
    let row = &view.row;
    let (does, label) = if row.is_active { ("disable", "Give to nobody new") } else { ("enable", "Give again") };
    let button = Button { does, id: row.id.to_string(), label, about: text::name(&row.name) };
    let rights = row.permissions.as_array().map_or(0, Vec::len);
    vec![
        Cell::text(&row.name),
        Cell::text(row.scope_kind.as_str()),
        Cell::text(&row.description),
        Cell::number(format!("{rights} things")),
        Cell::number(text::count(view.users)),
        Cell::button(viewer.actor.is_staff.then_some(button)),
    ]
}
