//! Organisations, and one with its projects and people.

use mercat_app::{
    AppError, Tx,
    catalogue::Providers,
    collection,
    entity::{customer, project},
    list::{Filter, Key},
    structure::{CustomerView, Customers, ProjectView, Projects},
};
use mercat_domain::{permission::Scope, time};
use serde_json::Value;
use uuid::Uuid;

use super::{ORGANISATIONS, PROJECTS, TABS, members, only_operators, projects, why_not};
use crate::{
    board::{Board, Section, Sent, Sheet, Subject},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Found, Listing, Table},
    text,
};

/// More projects are not shown on an organisation's page.
const MOST: u64 = 200;

/// All organisations.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = ORGANISATIONS;

    fn table() -> Table {
        Table {
            title: "Organisations",
            none: "No organisation is called like this.",
            heads: &["Name", "Short", "Projects", "People", "Provides", "Since (UTC)"],
            tabs: TABS,
            new: Some(("/admin/organisations/new/", "Add an organisation")),
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let by_name = [Key::column(customer::Column::Name, false), Key::column(customer::Column::Id, false)];
        let named = asked.filter(|name| Filter::contains(customer::Column::Name, name));
        Found::of::<Customers>(site, viewer, asked, &named, &by_name, |view| cells(site.base(), view)).await
    }
}

fn cells(base: &str, view: &CustomerView) -> Vec<Cell> {
    let row = &view.row;
    let name = Cell::link(&row.name, format!("{base}{ORGANISATIONS}{}/", row.id));
    vec![
        if row.blocked { name.note("blocked") } else { name },
        Cell::text(&row.abbreviation),
        Cell::number(text::count(view.projects)),
        Cell::number(text::count(view.users)),
        Cell::text(if view.provider.is_some() { "yes" } else { "" }),
        Cell::moment(text::short_moment(row.created), time::format(row.created)),
    ]
}

fn fields(present: Option<&customer::Model>) -> Vec<Field> {
    let text = |of: fn(&customer::Model) -> &str| present.map(of).unwrap_or_default().to_owned();
    vec![
        Field::new("name", "Name", Input::Text).with(text(|row| &row.name)).longest(150).required(),
        Field::new("abbreviation", "Short", Input::Text).with(text(|row| &row.abbreviation)).longest(12),
        Field::new("email", "Mail address", Input::Text).with(text(|row| &row.email)).longest(75),
        Field::new("description", "Description", Input::Lines).with(text(|row| &row.description)),
    ]
}

/// The page on which one is made.
pub(super) struct New;

impl Subject for New {
    const PLACE: &'static str = "/admin/organisations/new/";

    async fn board(_: &Site, viewer: &Viewer, _: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let sheet = Sheet {
            does: "make",
            fields: fields(None),
            label: "Add it",
            class: "approve",
            why_not: why_not(viewer),
            ..Sheet::default()
        };
        Ok(Board {
            title: "A new organisation".to_owned(),
            state: String::new(),
            back: (ORGANISATIONS, "Organisations"),
            sections: vec![Section { sheets: vec![sheet], ..Section::default() }],
        })
    }

    async fn act(tx: &mut Tx, _: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        let id = collection::create::<Customers, AppError>(tx, sent.input).await?;
        Ok(format!("{ORGANISATIONS}{}/", id.simple()))
    }
}

/// An organisation.
pub(super) struct Organisation;

impl Subject for Organisation {
    const PLACE: &'static str = "/admin/organisations/{id}/";

    async fn board(site: &Site, viewer: &Viewer, id: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let view = collection::retrieve::<Customers>(&site.app, &viewer.actor, id, &[]).await?;
        let here = [Filter::equals(project::Column::CustomerId, id), Filter::equals(project::Column::IsRemoved, false)];
        let by_name = [Key::column(project::Column::Name, false)];
        let found = collection::list::<Projects>(&site.app, &viewer.actor, &here, &by_name, (0, MOST)).await?;
        Ok(Board {
            title: text::name(&view.row.name),
            state: if view.row.blocked { "blocked".to_owned() } else { String::new() },
            back: (ORGANISATIONS, "Organisations"),
            sections: vec![
                about(viewer, &view),
                members::section(site, viewer, Scope::Customer(view.row.id)).await?,
                below(site.base(), viewer, &found),
            ],
        })
    }

    async fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        match sent.does {
            "save" => collection::update::<Customers, AppError>(tx, id, sent.input).await?,
            "provide" => {
                let input = [("customer_id".to_owned(), Value::String(id.simple().to_string()))];
                collection::create::<Providers, AppError>(tx, Ok(input.into_iter().collect())).await?;
            }
            "add-project" => {
                let within = |mut input: collection::Input| {
                    input.insert("customer_id".to_owned(), Value::String(id.simple().to_string()));
                    input
                };
                let made = collection::create::<Projects, AppError>(tx, sent.input.map(within)).await?;
                return Ok(format!("{PROJECTS}{}/", made.simple()));
            }
            "remove" => {
                collection::destroy::<Customers>(tx, id).await?;
                return Ok(format!("{ORGANISATIONS}?done=1"));
            }
            _ => members::act(tx, Scope::Customer(id.into()), None, sent).await?,
        }
        Ok(format!("{ORGANISATIONS}{}/?done=1", id.simple()))
    }
}

fn about(viewer: &Viewer, view: &CustomerView) -> Section {
    let row = &view.row;
    let sheet = |does, label, class| Sheet { does, label, class, why_not: why_not(viewer), ..Sheet::default() };
    let mut fields = fields(Some(row));
    let blocked = Field::new("blocked", "Blocked: nobody may order for it", Input::Tick);
    fields.push(blocked.with(row.blocked.to_string()));
    let mut sheets = vec![Sheet { title: "Change it".to_owned(), fields, ..sheet("save", "Save", "approve") }];
    if view.provider.is_none() {
        sheets.push(Sheet { title: "Let it provide".to_owned(), ..sheet("provide", "Make it a provider", "") });
    }
    sheets.push(Sheet { title: "Remove it".to_owned(), ..sheet("remove", "Remove the organisation", "reject") });
    Section { title: "What it is", sheets, ..Section::default() }
        .fact("Short", Cell::text(&row.abbreviation))
        .fact("Mail address", Cell::text(&row.email))
        .fact("Description", Cell::text(&row.description))
        .fact("Since", Cell::moment(text::moment(row.created), time::format(row.created)))
        .fact("Provides", Cell::text(if view.provider.is_some() { "yes" } else { "no" }))
}

fn below(base: &str, viewer: &Viewer, found: &[ProjectView]) -> Section {
    let add = Sheet {
        does: "add-project",
        title: "Add a project".to_owned(),
        fields: projects::fields(None),
        label: "Add it",
        class: "approve",
        why_not: why_not(viewer),
        ..Sheet::default()
    };
    Section {
        title: "Projects",
        heads: projects::HEADS,
        rows: found.iter().map(|view| projects::cells(base, view)).collect(),
        sheets: vec![add],
        ..Section::default()
    }
}
