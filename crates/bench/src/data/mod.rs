//! The data set of the peer's report, so that both services answer for the same orders.

mod bulk;
pub mod line;
mod people;
mod reference;

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use chrono::DateTime;
use mercat_app::{App, Settings, admin, files::Files};
use mercat_domain::time::{FixedClock, Timestamp};
use mercat_store::{Db, entity::installation};
use sea_orm::EntityTrait as _;

/// People of the set, by what they are for; the token of each is `bench-` and the name.
pub const PEOPLE: [(&str, &str); 5] = [
    ("staff", "sees everything"),
    ("support", "sees everything, changes nothing"),
    ("customer", "owner of the consumer of 2 % of the orders"),
    ("provider", "owner of the provider of 5 % of the orders"),
    ("member", "member of one project"),
];

/// Fills a database: its own schema, roles, people, offerings and so many orders. One that has as many is left as it is.
/// Returns how many it has.
///
/// # Errors
/// The database has other orders or fails.
pub async fn make(url: &str, files: &Path, orders: usize) -> anyhow::Result<usize> {
    Db::migrate(url).await?;
    let db = Db::connect(url, 4).await?;
    let app = App::new(db, Arc::new(FixedClock::new(begin())), Files::local(files)?, Settings::default());
    let known = bulk::count(&app).await?;
    anyhow::ensure!(known == 0 || known >= orders, "the database has {known} orders: name an empty one");
    if known == 0 {
        admin::ensure_roles(&app).await?;
        let reference = reference::make(&app).await?;
        let users = people::make(&app, &reference).await?;
        bulk::make(&app, &reference, &users, orders).await.context("the orders")?;
    }
    app.db.close().await?;
    Ok(known.max(orders))
}

/// Lets a database be served with a new secret key: servers under measurement make one each time.
///
/// # Errors
/// The database failed.
pub async fn forget_key(url: &str) -> anyhow::Result<()> {
    let db = Db::connect(url, 2).await?;
    installation::Entity::delete_many().exec(db.read()).await?;
    Ok(db.close().await?)
}

/// When the first order was made.
pub fn begin() -> Timestamp {
    DateTime::from_timestamp(1_666_656_000, 0).unwrap_or_default()
}
