//! Searches that people keep.

use mercat_app::{
    AppError, Tx, collection,
    entity::{customer, saved_view},
    list::Key,
    structure::{Customers, filters::customers_within},
    views::{self, Keep, SavedView, SavedViews},
};
use mercat_domain::permission::Actor;
use serde_json::Value;
use uuid::Uuid;

use super::PLACE;
use crate::{
    board::{Board, Section, Sent, Sheet, Subject, no_button},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::{Button, Cell},
    text,
};

/// More are not shown.
const MOST: u64 = 200;

/// The page on which they are kept and removed.
pub(crate) struct Saved;

impl Subject for Saved {
    const PLACE: &'static str = "/orders/saved/";

    async fn board(site: &Site, viewer: &Viewer, _: Uuid, asked: &Form<'_>) -> Result<Board, AppError> {
        let found = all(site, viewer).await?;
        let cells = |view: &SavedView| cells(site.base(), viewer, view);
        let section = Section {
            title: "Searches that you can use",
            note: if found.is_empty() { "None yet. Search for orders, and keep the search from there." } else { "" }
                .to_owned(),
            heads: &["Name", "Searches for", "Whose", "Shared with", ""],
            rows: found.iter().map(cells).collect(),
            sheets: vec![keep(site, viewer, asked).await?],
            ..Section::default()
        };
        Ok(Board {
            title: "Saved searches".to_owned(),
            state: String::new(),
            back: ("/orders/?q=", "Orders"),
            sections: vec![section],
        })
    }

    async fn act(tx: &mut Tx, _: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        match sent.does {
            "forget" => views::forget(tx, Uuid::try_parse(sent.id).unwrap_or_default()).await?,
            "keep" => {
                let input = sent.input?;
                let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let wish = Keep {
                    name: text("name"),
                    query: text("query"),
                    is_start: input.get("is_start") == Some(&Value::Bool(true)),
                    shared_with: Uuid::try_parse(&text("shared_with")).ok(),
                };
                let place = format!("{PLACE}?{}", wish.query);
                views::keep(tx, wish).await?;
                return Ok(place);
            }
            _ => return Err(no_button()),
        }
        Ok("/orders/saved/?done=1".to_owned())
    }
}

/// One's own and those that are shared with one.
pub(super) async fn all(site: &Site, viewer: &Viewer) -> Result<Vec<SavedView>, AppError> {
    let by_name = [Key::column(saved_view::Column::Name, false), Key::column(saved_view::Column::Id, false)];
    collection::list::<SavedViews>(&site.app, &viewer.actor, &[], &by_name, (0, MOST)).await
}

/// Where a search leads.
pub(super) fn address(base: &str, view: &SavedView) -> String {
    // Behind the question mark nothing can lead elsewhere, and nothing needs to be escaped twice.
    format!("{base}{PLACE}?{}", view.row.query.replace(['#', '\r', '\n'], ""))
}

fn cells(base: &str, viewer: &Viewer, view: &SavedView) -> Vec<Cell> {
    let row = &view.row;
    let is_own = row.user_id == viewer.actor.id;
    let name = Cell::link(&row.name, address(base, view));
    let forget = Button { does: "forget", id: row.id.to_string(), label: "Remove", about: text::name(&row.name) };
    let query = Form::of(row.query.as_bytes());
    vec![
        if is_own && row.is_start { name.note("the list begins with it") } else { name },
        Cell::text(query.text("q")),
        Cell::text(if is_own { "yours" } else { view.owner.name() }),
        Cell::text(view.shared_with.as_ref().map(|customer| customer.name.as_str()).unwrap_or_default()),
        Cell::button(is_own.then_some(forget)),
    ]
}

async fn keep(site: &Site, viewer: &Viewer, asked: &Form<'_>) -> Result<Sheet, AppError> {
    let query = asked.text("query");
    let what = Form::of(query.as_bytes());
    let title = match text::name(what.text("q")) {
        words if words.is_empty() => "Keep the search for all orders".to_owned(),
        words => format!("Keep the search for “{words}”"),
    };
    Ok(Sheet {
        does: "keep",
        title,
        fields: vec![
            Field::new("name", "Name", Input::Text).longest(100).required(),
            Field::new("shared_with", "Share it with everybody in", Input::Choice(organisations(site, viewer).await?)),
            Field::new("is_start", "Begin the list of orders with it", Input::Tick),
            Field::new("query", "", Input::Hidden).with(query).longest(2000),
        ],
        label: "Keep it",
        class: "approve",
        is_back: asked.has("query"),
        ..Sheet::default()
    })
}

/// Those to which one belongs.
async fn organisations(site: &Site, viewer: &Viewer) -> Result<Vec<(String, String)>, AppError> {
    let actor: &Actor = &viewer.actor;
    let own = [customers_within(&actor.scopes())];
    let by_name = [Key::column(customer::Column::Name, false)];
    let found = collection::list::<Customers>(&site.app, actor, &own, &by_name, (0, MOST)).await?;
    Ok(found.iter().map(|view| (view.row.id.to_string(), text::name(&view.row.name))).collect())
}
