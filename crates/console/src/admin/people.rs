//! People, and the page on which an account is made.

use mercat_app::{
    AppError, Tx, collection,
    entity::user,
    list::{Filter, Key},
    structure::{self, People, UserView},
};
use serde_json::Value;
use uuid::Uuid;

use super::{PEOPLE, TABS, only_operators, why_not};
use crate::{
    board::{Board, Section, Sent, Sheet, Subject},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Found, Listing, Table},
    text,
};

/// Everybody.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = PEOPLE;

    fn table() -> Table {
        Table {
            title: "People",
            none: "Nobody is called like this.",
            heads: &["Name", "User name", "Mail address", "Runs the service", "Roles"],
            tabs: TABS,
            new: Some(("/admin/people/new/", "Add somebody")),
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let columns = [user::Column::FullName, user::Column::Username, user::Column::Email];
        let called = asked.filter(|text| Filter::either(columns.map(|column| Filter::contains(column, text))));
        let by_name = [Key::column(user::Column::Username, false)];
        Found::of::<People>(site, viewer, asked, &called, &by_name, |view| cells(site.base(), view)).await
    }
}

fn cells(base: &str, view: &UserView) -> Vec<Cell> {
    let row = &view.row;
    let name = Cell::link(row.name(), format!("{base}{PEOPLE}{}/", row.id));
    vec![
        if row.is_active { name } else { name.note("switched off") },
        Cell::text(&row.username),
        Cell::text(&row.email),
        Cell::text(part(row)),
        Cell::number(text::count(view.permissions.len().try_into().unwrap_or(u64::MAX))),
    ]
}

/// What somebody is to the service itself.
pub(super) const fn part(row: &user::Model) -> &'static str {
    match (row.is_staff, row.is_support) {
        (true, _) => "staff",
        (false, true) => "support",
        (false, false) => "",
    }
}

pub(super) fn fields(present: Option<&user::Model>) -> Vec<Field> {
    let text = |of: fn(&user::Model) -> &str| present.map(of).unwrap_or_default().to_owned();
    let tick = |of: fn(&user::Model) -> bool, usual: bool| present.map_or(usual, of).to_string();
    vec![
        Field::new("username", "User name", Input::Text).with(text(|row| &row.username)).longest(128).required(),
        Field::new("first_name", "First name", Input::Text).with(text(|row| &row.first_name)).longest(100),
        Field::new("last_name", "Last name", Input::Text).with(text(|row| &row.last_name)).longest(100),
        Field::new("email", "Mail address", Input::Text).with(text(|row| &row.email)).longest(320),
        Field::new("is_active", "May sign in", Input::Tick).with(tick(|row| row.is_active, true)),
        Field::new("is_staff", "Staff: may do everything", Input::Tick).with(tick(|row| row.is_staff, false)),
        Field::new("is_support", "Support: may see everything", Input::Tick).with(tick(|row| row.is_support, false)),
    ]
}

pub(crate) fn password() -> Field {
    Field::new("new_password", "Password", Input::Password).longest(128).hint("At least eight characters.")
}

/// The page on which an account is made.
pub(super) struct New;

impl Subject for New {
    const PLACE: &'static str = "/admin/people/new/";

    async fn board(_: &Site, viewer: &Viewer, _: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let mut fields = fields(None);
        fields.push(password().hint("At least eight characters. Left empty: no sign-in by password."));
        let sheet = Sheet {
            does: "make",
            fields,
            label: "Add the account",
            class: "approve",
            why_not: why_not(viewer),
            ..Sheet::default()
        };
        Ok(Board {
            title: "A new account".to_owned(),
            state: String::new(),
            back: (PEOPLE, "People"),
            sections: vec![Section { sheets: vec![sheet], ..Section::default() }],
        })
    }

    async fn act(tx: &mut Tx, _: Uuid, mut sent: Sent<'_>) -> Result<String, AppError> {
        let password = sent.input.as_mut().ok().and_then(|input| input.remove("new_password"));
        let id = collection::create::<People, AppError>(tx, sent.input).await?;
        if let Some(password) = password.filter(|password| *password != Value::String(String::new())) {
            let input = [("new_password".to_owned(), password)];
            structure::change_password::<AppError>(tx, id, sent.token, Ok(input.into_iter().collect())).await?;
        }
        Ok(format!("{PEOPLE}{}/", id.simple()))
    }
}
