//! What a message broker gets: the messages for all queues, behind one cursor; and whom it lets in.
//!
//! A queue at the broker begins where its row is in the log, and goes on by itself from there: the row's place is that
//! of a consumer who is connected here.

use std::collections::{HashMap, hash_map::Entry};

use chrono::TimeDelta;
use mercat_domain::{
    id::{EventSubscriptionId, OfferingId},
    time::Timestamp,
};
use mercat_store::{
    ConnectionTrait,
    entity::event_queue,
    event as log,
    list::{self, Filter},
    people,
};

use super::{
    message::{Facts, QueueMessage},
    queue::{BATCH, may_read},
};
use crate::{
    App, AppError,
    auth::{AuthError, authenticate},
};

/// A message that waits for longer is worth a word.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// The name of the cursor.
const CURSOR: &str = "broker";

/// What the broker gets next.
#[derive(Debug, Clone, PartialEq)]
pub struct Shipment {
    /// The names of all queues.
    pub queues: Vec<String>,
    /// Messages, each with its queue's name.
    pub messages: Vec<(String, QueueMessage)>,
    /// Up to which number everything has been looked at.
    pub until: i64,
}

/// Where the broker is in the log. One that was never used begins at the log's end.
///
/// # Errors
/// The database failed.
pub async fn begin_broker(app: &App) -> Result<i64, AppError> {
    if let Some(seq) = log::cursor(app.db.read(), CURSOR).await? {
        return Ok(seq);
    }
    let tx = app.db.write().await?;
    let head = log::head(&tx).await?;
    log::set_cursor(&tx, CURSOR, head).await?;
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(head)
}

/// What comes after a number; queues whose owners may not read them any more get nothing.
///
/// # Errors
/// The database failed.
pub async fn next_shipment(app: &App, after: i64) -> Result<Shipment, AppError> {
    let conn = app.db.read();
    // The queues after the log: one that is not there yet begins behind all that was read.
    let head = log::head(conn).await?;
    let rows = log::between(conn, after, head, &[], BATCH).await?;
    let queues = list::all::<event_queue::Entity>(conn, &[], &[]).await?;
    let offerings: Vec<OfferingId> = queues.iter().map(|queue| queue.offering_id).collect();
    let facts = Facts::of(conn, &offerings, &rows).await?;
    let mut readable = HashMap::new();
    let mut messages = Vec::new();
    for row in &rows {
        for queue in queues.iter().filter(|queue| queue.seq < row.seq) {
            let Some(message) = facts.message(queue, row) else { continue };
            let may = match readable.entry(queue.id) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(is_readable(conn, queue, app.now()).await?),
            };
            if may {
                messages.push((queue.name.clone(), message));
            }
        }
    }
    let until = if queues.is_empty() { head.max(after) } else { rows.last().map_or(after, |last| last.seq) };
    Ok(Shipment { queues: queues.into_iter().map(|queue| queue.name).collect(), messages, until })
}

/// Whether the owner of a queue may still read it.
async fn is_readable(
    conn: &impl ConnectionTrait,
    queue: &event_queue::Model,
    now: Timestamp,
) -> Result<bool, AppError> {
    match people::active_actor(conn, queue.user_id, now).await? {
        Some(owner) => may_read(conn, &owner, queue).await,
        None => Ok(false),
    }
}

/// Notes that the broker has everything up to a number. It never goes back.
///
/// # Errors
/// The database failed.
pub async fn shipped(app: &App, until: i64) -> Result<(), AppError> {
    let tx = app.db.write().await?;
    if log::lock_cursor(&tx, CURSOR).await? < until {
        log::set_cursor(&tx, CURSOR, until).await?;
    }
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(())
}

/// How many messages of the first ones that the broker does not have are more than five minutes old.
///
/// # Errors
/// The database failed.
pub async fn late_for_broker(app: &App) -> Result<u64, AppError> {
    // One that was never used has nothing to wait for.
    let Some(mut after) = log::cursor(app.db.read(), CURSOR).await? else { return Ok(0) };
    loop {
        let shipment = next_shipment(app, after).await?;
        if !shipment.messages.is_empty() || shipment.until == after {
            let long_ago = app.now() - LATE;
            return Ok(shipment.messages.iter().filter(|(_, message)| message.at < long_ago).count() as u64);
        }
        after = shipment.until;
    }
}

/// Whether somebody may sign in at the broker: the token's user has a queue of this login, and may read it.
///
/// # Errors
/// The database failed.
pub async fn may_sign_in_at_broker(app: &App, login: &str, token: &str) -> Result<bool, AppError> {
    let actor = match authenticate(app, token, None).await {
        Ok(identity) => identity.actor,
        Err(AuthError::App(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    let conn = app.db.read();
    for queue in queues_of(conn, login).await? {
        if may_read(conn, &actor, &queue).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a login, which was checked when it signed in, is that of a queue.
///
/// # Errors
/// The database failed.
pub async fn may_read_at_broker(app: &App, login: &str, queue: &str) -> Result<bool, AppError> {
    Ok(queues_of(app.db.read(), login).await?.iter().any(|row| row.name == queue))
}

/// The queues of a login: its own name, or for older agents the subscription's id (clients 6.5).
async fn queues_of(conn: &impl ConnectionTrait, login: &str) -> Result<Vec<event_queue::Model>, AppError> {
    let named = match login.parse().map(EventSubscriptionId) {
        Ok(subscription) => Filter::equals(event_queue::Column::SubscriptionId, subscription),
        Err(_) => Filter::equals(event_queue::Column::Name, login),
    };
    Ok(list::all::<event_queue::Entity>(conn, &[named], &[]).await?)
}
