//! Projects, and one with its people.

use mercat_app::{
    AppError, Tx, collection,
    entity::project,
    list::{Filter, Key},
    structure::{ProjectView, Projects},
};
use mercat_domain::{permission::Scope, time};
use uuid::Uuid;

use super::{ORGANISATIONS, PROJECTS, TABS, members, only_operators, why_not};
use crate::{
    board::{Board, Section, Sent, Sheet, Subject},
    fields::{Field, Input},
    form::Form,
    session::Viewer,
    site::Site,
    table::{Asked, Cell, Found, Listing, Table},
    text,
};

pub(super) const HEADS: &[&str] = &["Name", "Organisation", "Resources", "From", "Until", "Since (UTC)"];

/// All projects.
pub(super) struct List;

impl Listing for List {
    const PLACE: &'static str = PROJECTS;

    fn table() -> Table {
        Table {
            title: "Projects",
            none: "No project is called like this. Projects are added on the page of their organisation.",
            heads: HEADS,
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let mut filters = asked.filter(|name| Filter::contains(project::Column::Name, name));
        filters.push(Filter::equals(project::Column::IsRemoved, false));
        let by_name = [Key::column(project::Column::Name, false), Key::column(project::Column::Id, false)];
        Found::of::<Projects>(site, viewer, asked, &filters, &by_name, |view| cells(site.base(), view)).await
    }
}

pub(super) fn cells(base: &str, view: &ProjectView) -> Vec<Cell> {
    let row = &view.row;
    let day = |day: Option<chrono::NaiveDate>| Cell::text(&day.map(|day| day.to_string()).unwrap_or_default());
    vec![
        Cell::link(&row.name, format!("{base}{PROJECTS}{}/", row.id)),
        Cell::link(&view.customer.name, format!("{base}{ORGANISATIONS}{}/", view.customer.id)),
        Cell::number(text::count(view.resources)),
        day(row.start_date),
        day(row.end_date),
        Cell::moment(text::short_moment(row.created), time::format(row.created)),
    ]
}

pub(super) fn fields(present: Option<&project::Model>) -> Vec<Field> {
    let text = |of: fn(&project::Model) -> &str| present.map(of).unwrap_or_default().to_owned();
    let day = |of: fn(&project::Model) -> Option<chrono::NaiveDate>| {
        present.and_then(of).map(|day| day.to_string()).unwrap_or_default()
    };
    vec![
        Field::new("name", "Name", Input::Text).with(text(|row| &row.name)).longest(500).required(),
        Field::new("description", "Description", Input::Lines).with(text(|row| &row.description)),
        Field::new("start_date", "From", Input::Date)
            .with(day(|row| row.start_date))
            .hint("Orders wait until this day. Left empty: it has begun."),
        Field::new("end_date", "Until", Input::Date)
            .with(day(|row| row.end_date))
            .hint("Its resources end with it. Left empty: it has no end."),
    ]
}

/// A project.
pub(super) struct Project;

impl Subject for Project {
    const PLACE: &'static str = "/admin/projects/{id}/";

    async fn board(site: &Site, viewer: &Viewer, id: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let present = [Filter::equals(project::Column::IsRemoved, false)];
        let view = collection::retrieve::<Projects>(&site.app, &viewer.actor, id, &present).await?;
        Ok(Board {
            title: text::name(&view.row.name),
            state: String::new(),
            back: (PROJECTS, "Projects"),
            sections: vec![
                about(site.base(), viewer, &view),
                members::section(site, viewer, Scope::Project(view.row.id)).await?,
            ],
        })
    }

    async fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        match sent.does {
            "save" => collection::update::<Projects, AppError>(tx, id, sent.input).await?,
            "remove" => {
                collection::destroy::<Projects>(tx, id).await?;
                return Ok(format!("{PROJECTS}?done=1"));
            }
            _ => {
                let row = tx.visible::<Projects>(id).await?;
                let around = Some(Scope::Customer(row.customer_id));
                members::act(tx, Scope::Project(row.id), around, sent).await?;
            }
        }
        Ok(format!("{PROJECTS}{}/?done=1", id.simple()))
    }
}

fn about(base: &str, viewer: &Viewer, view: &ProjectView) -> Section {
    let row = &view.row;
    let sheet = |does, label, class| Sheet { does, label, class, why_not: why_not(viewer), ..Sheet::default() };
    let name = text::name(&row.name);
    let quoted: String = form_urlencoded::byte_serialize(format!("project:\"{name}\"").as_bytes()).collect();
    let day = |day: Option<chrono::NaiveDate>| Cell::text(&day.map(|day| day.to_string()).unwrap_or_default());
    let sheets = vec![
        Sheet { title: "Change it".to_owned(), fields: fields(Some(row)), ..sheet("save", "Save", "approve") },
        Sheet { title: "Remove it".to_owned(), ..sheet("remove", "Remove the project", "reject") },
    ];
    Section { title: "What it is", sheets, ..Section::default() }
        .fact("Organisation", Cell::link(&view.customer.name, format!("{base}{ORGANISATIONS}{}/", view.customer.id)))
        .fact("Description", Cell::text(&row.description))
        .fact("From", day(row.start_date))
        .fact("Until", day(row.end_date))
        .fact("Resources", Cell::number(text::count(view.resources)))
        .fact("Orders", Cell::link("look at them", format!("{base}/orders/?q={quoted}")))
        .fact("Since", Cell::moment(text::moment(row.created), time::format(row.created)))
}
