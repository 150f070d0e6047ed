//! Work that waits for its time.

use mercat_app::{
    AppError, Tx,
    entity::job,
    list::{Filter, Key},
    operations::{self, Jobs},
};
use mercat_domain::time;
use uuid::Uuid;

use super::{JOBS, TABS, only_operators};
use crate::{
    board::no_button,
    session::Viewer,
    site::Site,
    table::{Asked, Button, Cell, Choice, Found, Listing, Table},
    text,
};

/// All jobs.
pub(super) struct List;

/// What can be chosen besides all of them.
const FAILING: &str = "failing";

impl Listing for List {
    const PLACE: &'static str = JOBS;

    fn table() -> Table {
        Table {
            title: "Jobs",
            none: "Nothing waits for its time.",
            heads: &["What", "About", "Due (UTC)", "Failed tries", "Last error", ""],
            choice: Some(Choice { name: "which", label: "Which", values: vec![FAILING.to_owned()] }),
            tabs: TABS,
            ..Table::default()
        }
    }

    async fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> Result<Found, AppError> {
        only_operators(viewer)?;
        let mut filters = asked.filter(|kind| Filter::contains(job::Column::Kind, kind));
        if asked.chosen == FAILING {
            filters.push(Filter::is_set(job::Column::LastError, true));
        }
        let first = [Key::column(job::Column::Due, false), Key::column(job::Column::Id, false)];
        let cells = |row: &job::Model| cells(site, viewer, row);
        Found::of::<Jobs>(site, viewer, asked, &filters, &first, cells).await
    }

    async fn act(tx: &mut Tx, does: &str, id: Uuid) -> Result<(), AppError> {
        match does {
            "run" => operations::run_now(tx, id).await,
            _ => Err(no_button()),
        }
    }
}

fn cells(site: &Site, viewer: &Viewer, row: &job::Model) -> Vec<Cell> {
    let what = row.kind.replace('_', " ");
    let subject = row.subject.simple().to_string();
    let about = match row.kind.as_str() {
        "process_order" | "start_order" | "expire_order" | "remind" => {
            Cell::link("an order", format!("{}/orders/{subject}/", site.base()))
        }
        "end_resource" => Cell::link("a resource", format!("{}/provider/resources/{subject}/", site.base())),
        _ if row.subject.is_nil() => Cell::text("the service itself"),
        _ => Cell::text(&subject),
    };
    let waits = row.due > site.app.now();
    let run = Button { does: "run", id: row.id.to_string(), label: "Do it now", about: what.clone() };
    vec![
        Cell::text(&what),
        about,
        Cell::moment(text::short_moment(row.due), time::format(row.due)).note(if waits { "" } else { "due" }),
        Cell::number(row.attempts.to_string()),
        Cell::text(row.last_error.as_deref().unwrap_or_default()),
        Cell::button((waits && viewer.actor.is_staff).then_some(run)),
    ]
}
