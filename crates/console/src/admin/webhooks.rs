//! Who wants to be told of what happens.

use mercat_app::{
    AppError, Tx,
    collection::{self, Input},
    entity::hook,
    list::{Filter, Key},
    outgoing::{AllHooks, HookView},
};
use mercat_domain::{delivery::HookKind, time};
use serde_json::Value;
use uuid::Uuid;

use super::{PEOPLE, TABS, WEBHOOKS, only_operators};
use crate::{
    board::no_button,
    session::Viewer,
    site::Site,
    table::{Asked, Button, Cell, Found, Listing, Table},
    text,
};

/// All hooks.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = WEBHOOKS;

    fn table() -> Table {
        Table {
            title: "Webhooks",
            none: "No webhook goes to such an address. People and programs add them by the API.",
            heads: &["To", "Kind", "Whose", "On", "Failing since (UTC)", "Why it is off", ""],
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let named = asked.filter(|text| Filter::contains(hook::Column::Destination, text));
        let newest_first = [Key::column(hook::Column::Created, true), Key::column(hook::Column::Id, true)];
        let cells = |view: &HookView| cells(site.base(), viewer, view);
        Found::of::<AllHooks>(site, viewer, asked, &named, &newest_first, cells).await
    }

    async fn act(tx: &mut Tx, does: &str, id: Uuid) -> Result<(), AppError> {
        let switch =
            |is_active: bool| [("is_active".to_owned(), Value::Bool(is_active))].into_iter().collect::<Input>();
        match does {
            "on" => collection::update::<AllHooks, AppError>(tx, id, Ok(switch(true))).await,
            "off" => collection::update::<AllHooks, AppError>(tx, id, Ok(switch(false))).await,
            _ => Err(no_button()),
        }
    }
}

fn cells(base: &str, viewer: &Viewer, view: &HookView) -> Vec<Cell> {
    let row = &view.row;
    let kind = match row.kind {
        HookKind::Web => "in Waldur’s form",
        HookKind::Email => "mail",
        HookKind::Signed => "signed",
    };
    let (does, label) = if row.is_active { ("off", "Switch off") } else { ("on", "Switch on") };
    let switch = Button { does, id: row.id.to_string(), label, about: text::name(&row.destination) };
    let moment = |at| Cell::moment(text::short_moment(at), time::format(at));
    vec![
        Cell::text(&row.destination).note(text::name(&row.name)),
        Cell::text(kind),
        Cell::link(&view.author.username, format!("{base}{PEOPLE}{}/", view.author.id)),
        Cell::text(if row.is_active { "yes" } else { "no" }),
        row.failing_since.map(moment).unwrap_or_default(),
        Cell::text(&row.disabled_reason),
        Cell::button(viewer.actor.is_staff.then_some(switch)),
    ]
}
