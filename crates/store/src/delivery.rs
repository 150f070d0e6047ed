//! Messages that have to leave the process: written in the commit of the change that they tell of, claimed for a
//! while, and finished with a row for every try.
//!
//! Messages of one lane leave one after the other. Only the first pending one of a lane is `ready`, so that a receiver
//! with a long backlog costs the search for due messages nothing.

use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    id::{DeliveryId, HookId, OrderId},
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::NotSet,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Set,
    prelude::Json,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType},
};

use crate::{
    entity::{
        delivery::{ActiveModel, Column, Entity, Model},
        delivery_attempt,
    },
    error::StoreError,
};

/// A message before it has its number.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id, by which the receiver knows it again.
    pub id: DeliveryId,
    /// What it is.
    pub kind: DeliveryKind,
    /// What leaves in order: one receiver and one order.
    pub lane: String,
    /// Whose slowness it shares.
    pub target: String,
    /// The order that it is about.
    pub order: Option<OrderId>,
    /// The hook that it is for.
    pub hook: Option<HookId>,
    /// The event that it tells of.
    pub event: Option<i64>,
    /// What its sender needs.
    pub payload: Json,
}

/// Adds messages, due at once, behind those of their lanes.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &impl ConnectionTrait, messages: Vec<Message>, now: Timestamp) -> Result<(), StoreError> {
    let mut waiting = std::collections::HashSet::new();
    for message in messages {
        // The lock makes whoever finishes the lane's head wait for this commit, and then find the new row.
        let ready = !waiting.contains(&message.lane) && !has_pending(conn, &message.lane).await?;
        waiting.insert(message.lane.clone());
        let row = ActiveModel {
            number: NotSet,
            id: Set(message.id),
            kind: Set(message.kind),
            lane: Set(message.lane),
            target: Set(message.target),
            order_id: Set(message.order),
            hook_id: Set(message.hook),
            event_seq: Set(message.event),
            payload: Set(message.payload),
            state: Set(DeliveryState::Pending),
            ready: Set(ready),
            attempts: Set(0),
            last_error: Set(None),
            created: Set(now),
            due: Set(now),
            finished: Set(None),
        };
        Entity::insert(row).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// As the index of what is due says it: with a parameter in its place no database can tell that the index has them all.
fn ready() -> Expr {
    Expr::cust("ready")
}

/// As the index of what waits in a lane says it.
fn pending() -> Expr {
    Expr::cust("state = 'pending'")
}

async fn has_pending(conn: &impl ConnectionTrait, lane: &str) -> Result<bool, StoreError> {
    let query = Entity::find().filter(Column::Lane.eq(lane)).filter(pending());
    Ok(query.order_by_asc(Column::Number).limit(1).lock_exclusive().one(conn).await?.is_some())
}

/// At most `limit` messages that are due, those of busy targets left out. Nobody else gets them before `until`, which
/// has to be later than any try can take.
///
/// # Errors
/// The database failed.
pub async fn claim(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    until: Timestamp,
    busy: &[String],
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let due = Entity::find()
        .filter(ready())
        .filter(Column::Due.lte(now))
        .filter(Column::Target.is_not_in(busy))
        .order_by_asc(Column::Due)
        .order_by_asc(Column::Number)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(conn)
        .await?;
    if !due.is_empty() {
        Entity::update_many()
            .col_expr(Column::Due, Expr::value(until))
            .filter(Column::Number.is_in(due.iter().map(|row| row.number)))
            .exec(conn)
            .await?;
    }
    Ok(due)
}

/// Gives claimed messages that were not sent back to whoever claims next; what was tried meanwhile stays as it is.
///
/// # Errors
/// The database failed.
pub async fn release(
    conn: &impl ConnectionTrait,
    claimed: &[std::sync::Arc<Model>],
    now: Timestamp,
) -> Result<(), StoreError> {
    for row in claimed {
        Entity::update_many()
            .col_expr(Column::Due, Expr::value(now))
            .filter(Column::Number.eq(row.number))
            .filter(Column::State.eq(DeliveryState::Pending))
            .filter(Column::Attempts.eq(row.attempts))
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// The clock was set back to `now`. What was to be sent at once when it was written, and that nobody has touched since, is
/// due; what was not tried yet is due at `latest`, when every claim is over. What failed keeps its pause, by whatever clock,
/// if that ends before `longest`, the longest that there is.
///
/// # Errors
/// The database failed.
pub async fn pull_in(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    latest: Timestamp,
    longest: Timestamp,
) -> Result<(), StoreError> {
    let due_at = |due: Timestamp| Entity::update_many().col_expr(Column::Due, Expr::value(due)).filter(pending());
    let untried = |due: Timestamp| due_at(due).filter(Column::Attempts.eq(0));
    let at_once = untried(now).filter(Column::Created.gt(now));
    at_once.filter(Expr::col(Column::Due).eq(Expr::col(Column::Created))).exec(conn).await?;
    untried(latest).filter(Column::Due.gt(latest)).exec(conn).await?;
    due_at(latest).filter(Column::Due.gt(longest)).exec(conn).await?;
    Ok(())
}

/// When the next message is due whose target is not busy.
///
/// # Errors
/// The database failed.
pub async fn next_due(conn: &impl ConnectionTrait, busy: &[String]) -> Result<Option<Timestamp>, StoreError> {
    #[derive(FromQueryResult)]
    struct Due {
        due: Timestamp,
    }
    let query = Entity::find().filter(ready()).filter(Column::Target.is_not_in(busy));
    let query = query.select_only().column(Column::Due).order_by_asc(Column::Due).limit(1);
    Ok(query.into_model::<Due>().one(conn).await?.map(|row| row.due))
}

/// What is to become of a message after a try.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How far it is now.
    pub state: DeliveryState,
    /// When it is tried again, if it is still pending.
    pub due: Timestamp,
    /// What went wrong.
    pub error: Option<String>,
}

/// Notes a try and what came of it; `false` when somebody else has noted that very try already.
///
/// # Errors
/// The database failed.
pub async fn finish(
    conn: &impl ConnectionTrait,
    row: &Model,
    attempt: delivery_attempt::Model,
    outcome: Outcome,
) -> Result<bool, StoreError> {
    let is_over = outcome.state != DeliveryState::Pending;
    let change = ActiveModel {
        state: Set(outcome.state),
        ready: Set(!is_over),
        attempts: Set(row.attempts + 1),
        due: Set(outcome.due),
        last_error: Set(outcome.error),
        finished: Set(is_over.then_some(attempt.at)),
        ..Default::default()
    };
    let same = Entity::update_many().set(change).filter(Column::Number.eq(row.number));
    let same = same.filter(Column::State.eq(DeliveryState::Pending)).filter(Column::Attempts.eq(row.attempts));
    if same.exec(conn).await?.rows_affected == 0 {
        return Ok(false);
    }
    crate::insert(conn, attempt).await?;
    if is_over {
        follow(conn, &row.lane).await?;
    }
    Ok(true)
}

/// Lets the first pending message of a lane go.
async fn follow(conn: &impl ConnectionTrait, lane: &str) -> Result<(), StoreError> {
    let pending = Entity::find().filter(Column::Lane.eq(lane)).filter(pending());
    let Some(next) = pending.order_by_asc(Column::Number).limit(1).one(conn).await? else { return Ok(()) };
    let change = Entity::update_many().col_expr(Column::Ready, Expr::value(true));
    change.filter(Column::Number.eq(next.number)).exec(conn).await?;
    Ok(())
}

/// Whether a message was never tried, and the last answer in its lane had this status: one that was tried is sent again
/// because it failed, or because somebody wants it to be.
///
/// # Errors
/// The database failed.
pub async fn is_unwanted(conn: &impl ConnectionTrait, row: &Model, status: i64) -> Result<bool, StoreError> {
    let lane = Entity::find().select_only().column(Column::Id).filter(Column::Lane.eq(row.lane.as_str()));
    // Lanes have an index of what waits only; all messages of a lane are about one order.
    let lane = lane.filter(Column::OrderId.eq(row.order_id));
    let query = delivery_attempt::Entity::find()
        .filter(delivery_attempt::Column::DeliveryId.in_subquery(lane.into_query()))
        .order_by_desc(delivery_attempt::Column::At);
    let tries = query.all(conn).await?;
    let last = tries.iter().find_map(|attempt| attempt.status);
    Ok(last == Some(status) && tries.iter().all(|attempt| attempt.delivery_id != row.id))
}

/// Sends a message that was delivered or given up once more, in its old place before later ones of its lane.
///
/// # Errors
/// The database failed.
pub async fn again(conn: &impl ConnectionTrait, row: &Model, now: Timestamp) -> Result<(), StoreError> {
    let ready = row.ready || !has_pending(conn, &row.lane).await?;
    let change = ActiveModel {
        state: Set(DeliveryState::Pending),
        ready: Set(ready),
        attempts: Set(0),
        due: Set(now),
        finished: Set(None),
        ..Default::default()
    };
    Entity::update_many().set(change).filter(Column::Number.eq(row.number)).exec(conn).await?;
    Ok(())
}

/// Gives up everything that waits for a hook; returns how much that was.
///
/// # Errors
/// The database failed.
pub async fn give_up(
    conn: &impl ConnectionTrait,
    filter: sea_orm::Condition,
    reason: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let change = ActiveModel {
        state: Set(DeliveryState::Dead),
        ready: Set(false),
        last_error: Set(Some(reason.to_owned())),
        finished: Set(Some(now)),
        ..Default::default()
    };
    let pending = Entity::update_many().set(change).filter(pending());
    Ok(pending.filter(filter).exec(conn).await?.rows_affected)
}

/// What waits for this hook.
#[must_use]
pub fn of_hook(hook: HookId) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::HookId.eq(hook))
}

/// What waits in this lane.
#[must_use]
pub fn in_lane(lane: &str) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::Lane.eq(lane))
}

/// The messages about one order, oldest first.
///
/// # Errors
/// The database failed.
pub async fn of_order(conn: &impl ConnectionTrait, order: OrderId) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::OrderId.eq(order)).order_by_asc(Column::Number).all(conn).await?)
}

/// Removes messages that were finished before `time`, with their tries.
///
/// # Errors
/// The database failed.
pub async fn forget_before(conn: &impl ConnectionTrait, time: Timestamp) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::Finished.lt(time)).exec(conn).await?;
    Ok(())
}

/// How many messages should have left before `time` and have not.
///
/// # Errors
/// The database failed.
pub async fn stuck(conn: &impl ConnectionTrait, time: Timestamp) -> Result<u64, StoreError> {
    use sea_orm::PaginatorTrait as _;
    Ok(Entity::find().filter(ready()).filter(Column::Due.lt(time)).count(conn).await?)
}
