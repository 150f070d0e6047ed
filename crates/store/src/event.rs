//! The event log: append-only, numbered in the order of commits, each row hashed over the one before.
//!
//! Numbers are drawn from the one row of `event_head` under its lock, which is held until the commit. So a number
//! never becomes visible before a smaller one, and a reader's cursor misses nothing. The lock is taken last.

use mercat_domain::{
    id::{CustomerId, OrderId, ProjectId, UserId},
    order::OrderState,
    time::{self, Timestamp},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
    prelude::Json, sea_query::OnConflict,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    entity::{
        cursor,
        event::{Column, Entity, Model},
        event_head::{self, Entity as Heads},
    },
    error::StoreError,
    list::Filter,
};

/// Something that happened, before it has its place in the log.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Which order; `None` when it happened to something else, which `changes` then names.
    pub order: Option<OrderId>,
    /// The order's version after the change; 0 without an order.
    pub version: i64,
    /// What was done: the name of a `domain` action, for other objects with their kind before it.
    pub action: String,
    /// Who did it; `None` for the service itself.
    pub actor: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// State before; `None` for a new order.
    pub from: Option<OrderState>,
    /// State after; `None` for a removed order.
    pub to: Option<OrderState>,
    /// The project that it concerns.
    pub project: Option<ProjectId>,
    /// The consumer organisation.
    pub customer: Option<CustomerId>,
    /// The provider organisation.
    pub provider: Option<CustomerId>,
    /// What changed, and the names under which upstream logs it.
    pub changes: Json,
    /// The same in a sentence for people.
    pub message: String,
}

/// Appends the events of a transaction; returns the number of the last. Call it last: from here to the commit other
/// writers wait.
///
/// # Errors
/// The database failed.
pub async fn append(conn: &impl ConnectionTrait, events: Vec<NewEvent>) -> Result<Option<i64>, StoreError> {
    if events.is_empty() {
        return Ok(None);
    }
    let head = Heads::find_by_id(1_i16).lock_exclusive().one(conn).await?;
    let event_head::Model { mut seq, mut hash, .. } =
        head.ok_or_else(|| StoreError::Corrupt("the event log has no head row".into()))?;
    for event in events {
        seq += 1;
        let row = placed(event, seq, &hash);
        hash.clone_from(&row.hash);
        // A trigger moves the head here.
        crate::insert(conn, row).await?;
    }
    Ok(Some(seq))
}

fn placed(event: NewEvent, seq: i64, previous: &[u8]) -> Model {
    let mut row = Model {
        seq,
        order_id: event.order,
        version: event.version,
        action: event.action,
        actor_id: event.actor,
        at: event.at,
        from_state: event.from,
        to_state: event.to,
        project_id: event.project,
        customer_id: event.customer,
        provider_id: event.provider,
        changes: event.changes,
        message: event.message,
        hash: Vec::new(),
    };
    row.hash = digest(&row, previous);
    row
}

fn digest(row: &Model, previous: &[u8]) -> Vec<u8> {
    let mut content = json!([
        row.seq,
        row.order_id,
        row.version,
        row.action,
        row.actor_id,
        time::format(row.at),
        row.from_state,
        row.to_state,
        row.project_id,
        row.customer_id,
        row.provider_id,
        row.changes,
    ]);
    // Events from before there were messages keep their hashes.
    if let (false, Some(list)) = (row.message.is_empty(), content.as_array_mut()) {
        list.push(json!(row.message));
    }
    Sha256::new().chain_update(previous).chain_update(content.to_string()).finalize().to_vec()
}

/// The number of the newest event; 0 when there is none.
///
/// # Errors
/// The database failed.
pub async fn head(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    Ok(Heads::find_by_id(1_i16).one(conn).await?.map_or(0, |head| head.seq))
}

/// The same, held until the transaction ends: no event comes meanwhile.
///
/// # Errors
/// The database failed.
pub async fn lock_head(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    Ok(Heads::find_by_id(1_i16).lock_exclusive().one(conn).await?.map_or(0, |head| head.seq))
}

/// When the newest event happened by the clock of whoever wrote it.
///
/// # Errors
/// The database failed.
pub async fn newest_time(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, StoreError> {
    Ok(Entity::find().order_by_desc(Column::Seq).one(conn).await?.map(|row| row.at))
}

/// At most `limit` events after the number `after` and up to `until` that the filters leave, oldest first.
///
/// # Errors
/// The database failed.
pub async fn between(
    conn: &impl ConnectionTrait,
    after: i64,
    until: i64,
    filters: &[Filter<Entity>],
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let range = Entity::find().filter(Column::Seq.gt(after)).filter(Column::Seq.lte(until));
    let query = filters.iter().fold(range, |query, filter| query.filter(filter.condition()));
    Ok(query.order_by_asc(Column::Seq).limit(limit).all(conn).await?)
}

/// How far a reader of the log has come; `None` when it has never begun.
///
/// # Errors
/// The database failed.
pub async fn cursor(conn: &impl ConnectionTrait, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(cursor::Entity::find_by_id(name.to_owned()).one(conn).await?.map(|row| row.seq))
}

/// The same, held until the transaction ends; 0 when it has never begun.
///
/// # Errors
/// The database failed.
pub async fn lock_cursor(conn: &impl ConnectionTrait, name: &str) -> Result<i64, StoreError> {
    let row = cursor::Entity::find_by_id(name.to_owned()).lock_exclusive().one(conn).await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Moves a reader on.
///
/// # Errors
/// The database failed.
pub async fn set_cursor(conn: &impl ConnectionTrait, name: &str, seq: i64) -> Result<(), StoreError> {
    let replace = OnConflict::column(cursor::Column::Name).update_column(cursor::Column::Seq).to_owned();
    let row = cursor::ActiveModel { name: Set(name.to_owned()), seq: Set(seq) };
    cursor::Entity::insert(row).on_conflict(replace).exec_without_returning(conn).await?;
    Ok(())
}

/// Events that somebody with these scopes sees: of projects, of consumers and of providers.
#[must_use]
pub fn seen_with(scopes: &EventScopes) -> Filter<Entity> {
    Filter::either([
        Filter::any_of(Column::ProjectId, scopes.projects.iter().copied()),
        Filter::any_of(Column::CustomerId, scopes.customers.iter().copied()),
        Filter::any_of(Column::ProviderId, scopes.customers.iter().copied()),
    ])
}

/// Whose events somebody sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventScopes {
    /// These projects'.
    pub projects: Vec<ProjectId>,
    /// These organisations', on either side.
    pub customers: Vec<CustomerId>,
}

impl EventScopes {
    /// What [`seen_with`] asks the database, of a row that is at hand.
    #[must_use]
    pub fn see(&self, row: &Model) -> bool {
        let is_of = |id: Option<CustomerId>| id.is_some_and(|id| self.customers.contains(&id));
        row.project_id.is_some_and(|id| self.projects.contains(&id)) || is_of(row.customer_id) || is_of(row.provider_id)
    }
}

/// At most `limit` events after the number `after`, oldest first.
///
/// # Errors
/// The database failed.
pub async fn after(conn: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<Model>, StoreError> {
    let query = Entity::find().filter(Column::Seq.gt(after)).order_by_asc(Column::Seq).limit(limit);
    Ok(query.all(conn).await?)
}

/// The events of one order, oldest first.
///
/// # Errors
/// The database failed.
pub async fn of_order(conn: &impl ConnectionTrait, order: OrderId) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::OrderId.eq(order)).order_by_asc(Column::Seq).all(conn).await?)
}

/// The log ends where its head says; otherwise rows at the end are missing.
async fn end(conn: &impl ConnectionTrait, seq: i64, hash: &[u8]) -> Result<u64, StoreError> {
    // Events that came meanwhile moved the head on; a head that is behind or has another hash is wrong.
    let fits = Heads::find_by_id(1_i16).one(conn).await?.is_some_and(|head| head.seq == seq && head.hash == hash);
    if fits || !after(conn, seq, 1).await?.is_empty() {
        return Ok(seq.unsigned_abs());
    }
    Err(StoreError::Corrupt(format!("the event log ends at number {seq}, not where its head says")))
}

/// Walks the whole log: numbers without a gap, every hash right. Returns the number of events.
///
/// # Errors
/// [`StoreError::Corrupt`] names the first number that does not fit.
pub async fn verify(conn: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let (mut seq, mut hash) = (0_i64, Vec::new());
    loop {
        let rows = after(conn, seq, 1000).await?;
        if rows.is_empty() {
            return end(conn, seq, &hash).await;
        }
        for row in rows {
            if row.seq != seq + 1 || row.hash != digest(&row, &hash) {
                return Err(StoreError::Corrupt(format!("the event log is broken at number {}", seq + 1)));
            }
            seq = row.seq;
            hash = row.hash;
        }
    }
}
