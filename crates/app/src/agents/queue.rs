//! What waits for a consumer: the log from its place on.

use std::sync::Arc;

use mercat_domain::{
    id::OfferingId,
    permission::{Actor, Scope},
};
use mercat_store::{
    ConnectionTrait,
    entity::{event, event_queue, offering},
    event as log,
    list::{self, Filter},
};

use super::message::{Facts, QueueMessage};
use crate::{
    App, AppError,
    events::{EventView, tail, views},
};

/// How many events are looked at in one go.
pub(super) const BATCH: u64 = 200;

/// The queue of this name, if it is the actor's and the actor still works at its offering.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn open_queue(app: &App, actor: &Actor, name: &str) -> Result<event_queue::Model, AppError> {
    let conn = app.db.read();
    let named = [Filter::equals(event_queue::Column::Name, name)];
    let queue = list::first::<event_queue::Entity>(conn, &named).await?.ok_or(AppError::NotFound)?;
    if may_read(conn, actor, &queue).await? { Ok(queue) } else { Err(AppError::NotFound) }
}

/// Whether a queue is the actor's, and the actor still works at its offering.
pub(super) async fn may_read(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    queue: &event_queue::Model,
) -> Result<bool, AppError> {
    let offering = list::find::<offering::Entity>(conn, queue.offering_id).await?;
    let works = offering.is_some_and(|row| {
        actor.is_staff || actor.reaches(&[Some(Scope::Offering(row.id)), Some(Scope::Customer(row.customer_id))])
    });
    Ok(works && queue.user_id == actor.id)
}

/// The messages after `after`, and the number up to which everything has been looked at.
///
/// # Errors
/// The database failed.
pub async fn backlog(app: &App, queue: &event_queue::Model, after: i64) -> Result<(Vec<QueueMessage>, i64), AppError> {
    let conn = app.db.read();
    let mut views = match tail::after(app, after).await? {
        Some(recent) => recent,
        None => views(conn, log::after(conn, after, BATCH).await?).await?.into_iter().map(Arc::new).collect(),
    };
    views.truncate(BATCH as usize);
    let Some(last) = views.last().map(|view| view.row.seq) else { return Ok((Vec::new(), after)) };
    // Of a thousand agents who are woken by an event those whom it cannot concern ask the database nothing.
    let rows: Vec<event::Model> =
        views.iter().filter(|view| may_concern(queue.offering_id, view)).map(|view| view.row.clone()).collect();
    if rows.is_empty() {
        return Ok((Vec::new(), last));
    }
    let facts = Facts::of(conn, &[queue.offering_id], &rows).await?;
    Ok((rows.iter().filter_map(|row| facts.message(queue, row)).collect(), last))
}

/// Whether the agents of an offering may want to know; [`Facts`] knows more.
fn may_concern(offering: OfferingId, view: &EventView) -> bool {
    match &view.order {
        Some((ordered, ..)) => *ordered == offering,
        None => view.row.project_id.is_some() || view.row.changes["offering_uuid"] == offering.to_string(),
    }
}

/// Notes that the consumer has everything up to a number. It never goes back.
///
/// # Errors
/// The database failed.
pub async fn advance(app: &App, queue: &event_queue::Model, seq: i64) -> Result<(), AppError> {
    let tx = app.db.write().await?;
    mercat_store::agents::advance(&tx, queue.id, seq, app.now()).await?;
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(())
}
