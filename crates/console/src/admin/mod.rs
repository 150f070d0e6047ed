//! What operators look after: organisations, projects, people and roles, and how the service runs.

mod health;
mod jobs;
mod members;
mod messages;
mod organisations;
mod people;
mod person;
mod projects;
mod roles;
mod tokens;
mod webhooks;

pub(crate) use people::password;
pub(crate) use tokens::cells as token_cells;

use axum::Router;
use mercat_app::AppError;

use crate::{board, session::Viewer, site::Site, table};

pub(crate) const ORGANISATIONS: &str = "/admin/organisations/";
const PROJECTS: &str = "/admin/projects/";
const PEOPLE: &str = "/admin/people/";
const ROLES: &str = "/admin/roles/";
const TOKENS: &str = "/admin/tokens/";
const JOBS: &str = "/admin/jobs/";
const MESSAGES: &str = "/admin/messages/";
const WEBHOOKS: &str = "/admin/webhooks/";
const HEALTH: &str = "/admin/health/";

/// The lists of operators.
const TABS: &[(&str, &str)] = &[
    (ORGANISATIONS, "Organisations"),
    (PROJECTS, "Projects"),
    (PEOPLE, "People"),
    (ROLES, "Roles"),
    (TOKENS, "Tokens"),
    (JOBS, "Jobs"),
    (MESSAGES, "Messages"),
    (WEBHOOKS, "Webhooks"),
    (HEALTH, "Health and settings"),
];

/// All pages.
pub(crate) fn routes() -> Router<Site> {
    table::routes::<organisations::List>()
        .merge(board::routes::<organisations::New>())
        .merge(board::routes::<organisations::Organisation>())
        .merge(table::routes::<projects::List>())
        .merge(board::routes::<projects::Project>())
        .merge(table::routes::<people::List>())
        .merge(board::routes::<people::New>())
        .merge(board::routes::<person::Person>())
        .merge(table::routes::<roles::List>())
        .merge(table::routes::<tokens::List>())
        .merge(table::routes::<jobs::List>())
        .merge(table::routes::<messages::List>())
        .merge(table::routes::<webhooks::List>())
        .merge(board::routes::<health::Health>())
}

/// These pages are for those who run the service: to everybody else they are not there.
fn only_operators(viewer: &Viewer) -> Result<(), AppError> {
    if viewer.actor.sees_all() { Ok(()) } else { Err(AppError::NotFound) }
}

/// Why somebody who looks at these pages may not change what is on them.
fn why_not(viewer: &Viewer) -> Option<String> {
    (!viewer.actor.is_staff).then(|| "You may look; only staff may change it.".to_owned())
}
