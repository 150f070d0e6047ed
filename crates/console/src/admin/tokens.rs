//! Everybody's tokens and sessions.

use mercat_app::{
    AppError, Tx,
    entity::token,
    list::{Filter, Key},
    operations::{self, TokenView, Tokens},
};
use mercat_domain::time;
use uuid::Uuid;

use super::{PEOPLE, TABS, TOKENS, only_operators};
use crate::{
    board::no_button,
    session::Viewer,
    site::Site,
    table::{Asked, Button, Cell, Found, Listing, Table},
    text,
};

/// All tokens.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = TOKENS;

    fn table() -> Table {
        Table {
            title: "Tokens",
            none: "No token is called like this.",
            heads: &["Name", "Whose", "Made (UTC)", "Used (UTC)", "Ends unless used (UTC)", ""],
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let named = asked.filter(|name| Filter::contains(token::Column::Name, name));
        let newest_first = [Key::column(token::Column::LastUsed, true), Key::column(token::Column::Id, true)];
        let cells = |view: &TokenView| {
            let mut cells = cells(view, viewer.actor.is_staff);
            cells.insert(1, Cell::link(&view.user.username, format!("{}{PEOPLE}{}/", site.base(), view.user.id)));
            cells
        };
        Found::of::<Tokens>(site, viewer, asked, &named, &newest_first, cells).await
    }

    async fn act(tx: &mut Tx, does: &str, id: Uuid) -> Result<(), AppError> {
        match does {
            "end" => operations::end_token(tx, id).await,
            _ => Err(no_button()),
        }
    }
}

/// A token, and a button that ends it.
pub(crate) fn cells(view: &TokenView, may: bool) -> Vec<Cell> {
    let row = &view.row;
    let name = match row.name.as_str() {
        "browser" => "a browser",
        "sign-in" => "a program that signed in",
        name => name,
    };
    let moment = |at| Cell::moment(text::short_moment(at), time::format(at));
    let end = Button { does: "end", id: row.id.to_string(), label: "End", about: text::name(name) };
    vec![
        Cell::text(name),
        moment(row.created),
        moment(row.last_used),
        view.ends.map_or_else(|| Cell::text("never"), moment),
        Cell::button(may.then_some(end)),
    ]
}
