//! What those look at who run the service: its jobs, tokens and how it is.

use std::collections::HashMap;

use mercat_domain::{delivery::DeliveryState, id::UserId, permission::Actor, time::Timestamp};
use mercat_store::{
    Reads,
    entity::{delivery, job, token, user},
    list::{self, Filter},
};
use uuid::Uuid;

use crate::{
    App, AppError, Tx, auth,
    collection::{Collection, Reader},
    ids, jobs, outgoing,
};

/// The longest name of a token, in characters.
pub const LONGEST_TOKEN_NAME: usize = 100;

/// Work that waits for its time, for those who run the service.
pub struct Jobs;

impl Collection for Jobs {
    type Entity = job::Entity;
    type View = job::Model;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(Filter::nothing)
    }

    async fn views<C: Reads>(_: &Reader<'_, C>, rows: Vec<job::Model>) -> Result<Vec<job::Model>, AppError> {
        Ok(rows)
    }
}

/// Lets a job that waits be done at once.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`] for all but staff, or the database failed.
pub async fn run_now(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = tx.visible::<Jobs>(id).await?;
    tx.only_staff()?;
    let due = tx.now;
    tx.wakes_worker();
    Ok(list::replace(&tx.db, job::Model { due, ..row }).await?)
}

/// One's own tokens; those who run the service see everybody's.
pub struct Tokens;

/// A token, without what proves it.
#[derive(Debug, Clone)]
pub struct TokenView {
    /// Its name, and when it was made and used.
    pub row: token::Model,
    /// Whose it is.
    pub user: user::Model,
    /// When it ends if it is not used; `None` is never.
    pub ends: Option<Timestamp>,
}

impl Collection for Tokens {
    type Entity = token::Entity;
    type View = TokenView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| Filter::equals(token::Column::UserId, actor.id))
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<token::Model>) -> Result<Vec<TokenView>, AppError> {
        let people: HashMap<UserId, user::Model> =
            list::by_ids::<user::Entity, _>(reader.conn, rows.iter().map(|row| row.user_id)).await?;
        let view =
            |row: token::Model| Some(TokenView { user: people.get(&row.user_id)?.clone(), ends: auth::end(&row), row });
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// Makes a token for whoever asks and returns it; it cannot be read again. `lifetime` is in seconds without use, `None`
/// for ever.
///
/// # Errors
/// [`AppError::Forbidden`] when the service itself asks, or the database failed.
pub async fn make_token(tx: &mut Tx, name: &str, lifetime: Option<i64>) -> Result<String, AppError> {
    let user_id = tx.person()?.id;
    let secret = ids::secret();
    let row = token::Model {
        id: ids::new(tx.now),
        user_id,
        hash: auth::hash(&secret),
        name: name.chars().take(LONGEST_TOKEN_NAME).collect(),
        lifetime,
        created: tx.now,
        last_used: tx.now,
    };
    mercat_store::insert(&tx.db, row).await?;
    Ok(secret)
}

/// Ends a token: one's own, or anybody's by staff. Whoever uses it is signed out with the next request.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn end_token(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = tx.visible::<Tokens>(id).await?;
    if row.user_id != tx.person()?.id {
        tx.only_staff()?;
    }
    tx.remove::<token::Entity>(row.id).await
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// `SQLite` or `PostgreSQL`.
    pub database: &'static str,
    /// How many events the log has.
    pub events: i64,
    /// How many jobs should have been done more than a minute ago: no worker runs, or it cannot keep up.
    pub overdue_jobs: u64,
    /// How many jobs have failed and are tried again.
    pub failing_jobs: u64,
    /// How many messages wait to be sent.
    pub waiting_messages: u64,
    /// How many of them have waited for more than five minutes without a try.
    pub stuck_messages: u64,
    /// How many were given up.
    pub dead_messages: u64,
}

/// Counts what shows how the service is.
///
/// # Errors
/// [`AppError::Forbidden`] for all but those who run it, or the database failed.
pub async fn health(app: &App, actor: &Actor) -> Result<Health, AppError> {
    if !actor.sees_all() {
        return Err(AppError::Forbidden);
    }
    let conn = app.db.read();
    let messages = async |state| list::count(conn, &[Filter::equals(delivery::Column::State, state)]).await;
    Ok(Health {
        database: if app.db.is_shared() { "PostgreSQL" } else { "SQLite" },
        events: mercat_store::event::head(conn).await?,
        overdue_jobs: jobs::overdue(app).await?,
        failing_jobs: list::count(conn, &[Filter::is_set(job::Column::LastError, true)]).await?,
        waiting_messages: messages(DeliveryState::Pending).await?,
        stuck_messages: outgoing::stuck(app).await?,
        dead_messages: messages(DeliveryState::Dead).await?,
    })
}
