//! What left, what waits to leave and what was given up.

use mercat_app::{
    AppError, Tx,
    entity::delivery,
    list::{Filter, Key},
    outgoing::{self, Deliveries, DeliveryView},
};
use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    time,
};
use uuid::Uuid;

use super::{MESSAGES, TABS, only_operators};
use crate::{
    board::no_button,
    session::Viewer,
    site::Site,
    table::{Asked, Button, Cell, Choice, Found, Listing, Table},
    text,
};

/// All messages.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = MESSAGES;

    fn table() -> Table {
        Table {
            title: "Messages",
            none: "No message is like this. Messages are calls to the addresses of orders and webhooks, and mail.",
            heads: &["What", "To", "Order", "State", "Tries", "Since (UTC)", "Last error", ""],
            choice: Some(Choice {
                name: "state",
                label: "State",
                values: DeliveryState::ALL.iter().map(|state| state.as_str().to_owned()).collect(),
            }),
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let mut filters = asked.filter(|text| Filter::contains(delivery::Column::Target, text));
        let state = DeliveryState::ALL.iter().find(|state| state.as_str() == asked.chosen);
        filters.extend(state.map(|state| Filter::equals(delivery::Column::State, *state)));
        let newest_first = [Key::column(delivery::Column::Number, true)];
        let cells = |view: &DeliveryView| cells(site.base(), view);
        Found::of::<Deliveries>(site, viewer, asked, &filters, &newest_first, cells).await
    }

    async fn act(tx: &mut Tx, does: &str, id: Uuid) -> Result<(), AppError> {
        match does {
            "again" => outgoing::redeliver(tx, id).await,
            _ => Err(no_button()),
        }
    }
}

fn cells(base: &str, view: &DeliveryView) -> Vec<Cell> {
    let row = &view.row;
    let what = match row.kind {
        DeliveryKind::Callback => "call of an order",
        DeliveryKind::WebHook => "hook",
        DeliveryKind::Signed => "webhook",
        DeliveryKind::Mail => "mail",
    };
    let order = row.order_id.map(|id| Cell::link("its order", format!("{base}/orders/{id}/")));
    let again = Button { does: "again", id: row.id.to_string(), label: "Send again", about: text::name(&row.target) };
    vec![
        Cell::text(what),
        Cell::text(&row.target),
        order.unwrap_or_default(),
        Cell::text(row.state.as_str()),
        Cell::number(row.attempts.to_string()),
        Cell::moment(text::short_moment(row.created), time::format(row.created)),
        Cell::text(row.last_error.as_deref().unwrap_or_default()),
        Cell::button(view.may_redeliver.then_some(again)),
    ]
}
