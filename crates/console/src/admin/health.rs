//! How the service is, and the settings that it runs with.

use mercat_app::{AppError, Tx, operations};
use uuid::Uuid;

use super::{HEALTH, JOBS, MESSAGES, ORGANISATIONS, only_operators};
use crate::{
    board::{Board, Section, Sent, Subject, no_button},
    form::Form,
    session::Viewer,
    site::Site,
    table::Cell,
    text,
};

/// The page.
pub(super) struct Health;

impl Subject for Health {
    const PLACE: &'static str = HEALTH;

    async fn board(site: &Site, viewer: &Viewer, _: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        only_operators(viewer)?;
        let health = operations::health(&site.app, &viewer.actor).await?;
        let is_well = health.overdue_jobs == 0 && health.stuck_messages == 0;
        Ok(Board {
            title: "Health and settings".to_owned(),
            state: if is_well { "well" } else { "needs a look" }.to_owned(),
            back: (ORGANISATIONS, "Operator"),
            sections: vec![facts(site, &health), settings(site)],
        })
    }

    async fn act(_: &mut Tx, _: Uuid, _: Sent<'_>) -> Result<String, AppError> {
        Err(no_button())
    }
}

fn facts(site: &Site, health: &operations::Health) -> Section {
    let base = site.base();
    let number = |number: u64, place: &str| Cell::link(&text::count(number), format!("{base}{place}"));
    let overdue = number(health.overdue_jobs, JOBS);
    let stuck = number(health.stuck_messages, &format!("{MESSAGES}?state=pending"));
    Section { title: "How it is", ..Section::default() }
        .fact("Version", Cell::text(env!("CARGO_PKG_VERSION")))
        .fact("Database", Cell::text(health.database))
        .fact("Events in the log", Cell::text(&text::count(health.events.unsigned_abs())))
        .fact("Jobs that are late", overdue.note(if health.overdue_jobs > 0 { "does a worker run?" } else { "" }))
        .fact("Jobs that fail", number(health.failing_jobs, &format!("{JOBS}?which=failing")))
        .fact("Messages that wait", number(health.waiting_messages, &format!("{MESSAGES}?state=pending")))
        .fact("Messages that are late", stuck.note(if health.stuck_messages > 0 { "does a worker run?" } else { "" }))
        .fact("Messages given up", number(health.dead_messages, &format!("{MESSAGES}?state=dead")))
}

fn settings(site: &Site) -> Section {
    let cells = |setting: &crate::Setting| {
        vec![Cell::text(&setting.name), Cell::text(&setting.value), Cell::text(&setting.from)]
    };
    Section {
        title: "Settings",
        note:
            "As they are in effect. They are changed in the settings file, the environment or on the command line, and \
               count from the next start."
                .to_owned(),
        heads: &["Name", "Value", "From"],
        rows: site.settings.iter().map(cells).collect(),
        ..Section::default()
    }
}
