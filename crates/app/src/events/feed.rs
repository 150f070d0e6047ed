//! Following the log: without a gap and without a repeat for each cursor, only what the reader may see.

use std::{sync::Arc, time::Duration};

use mercat_domain::{
    id::OrderId,
    permission::{Actor, Permission},
    time::Timestamp,
};
use mercat_store::{
    ConnectionTrait, Reads,
    entity::event::{self as row, Column, Entity},
    event::{self, EventScopes},
    list::Filter,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{EventView, tail, views};
use crate::{
    App, AppError,
    collection::{Collection, Reader},
    orders::OrderView,
};

/// A row of the log, for filters.
pub type FeedRow = Entity;

/// What a reader of the feed asks for besides what it may see.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only these objects' events, by column.
    pub order: Option<Uuid>,
    /// Only this project's.
    pub project: Option<Uuid>,
    /// Only this consumer's.
    pub customer: Option<Uuid>,
    /// Only this provider's.
    pub provider: Option<Uuid>,
    /// Only these kinds, with `*` at the end for all that begin so.
    pub kinds: Vec<String>,
}

impl EventFilter {
    fn filters(&self) -> Vec<Filter<Entity>> {
        let columns = [
            (Column::OrderId, self.order),
            (Column::ProjectId, self.project),
            (Column::CustomerId, self.customer),
            (Column::ProviderId, self.provider),
        ];
        columns.into_iter().filter_map(|(column, id)| id.map(|id| Filter::equals(column, id))).collect()
    }

    fn takes(&self, view: &EventView) -> bool {
        let row = &view.row;
        let is = |wish: Option<Uuid>, id: Option<Uuid>| wish.is_none() || wish == id;
        let is_about = is(self.order, row.order_id.map(|id| id.0))
            && is(self.project, row.project_id.map(|id| id.0))
            && is(self.customer, row.customer_id.map(|id| id.0))
            && is(self.provider, row.provider_id.map(|id| id.0));
        is_about && self.takes_kind(view)
    }

    fn takes_kind(&self, view: &EventView) -> bool {
        let kind = super::kind_of(&view.row);
        let fits = |wish: &String| match wish.strip_suffix('*') {
            Some(start) => kind.starts_with(start),
            None => *wish == kind,
        };
        self.kinds.is_empty() || self.kinds.iter().any(fits)
    }
}

/// Events, and the number to go on after.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The events, oldest first.
    pub events: Vec<Arc<EventView>>,
    /// Everything up to this number has been looked at.
    pub cursor: i64,
}

/// Whose events the actor sees; `None` is everybody's.
fn scopes(actor: &Actor) -> Option<EventScopes> {
    if actor.sees_all() {
        return None;
    }
    // Whoever sees the orders of a scope sees what happens there.
    let scopes = actor.scopes_with(Permission::OrderList);
    Some(EventScopes { projects: scopes.projects, customers: scopes.customers })
}

/// The filter of what the actor sees; `None` is everything.
pub(super) fn seen_by(actor: &Actor) -> Option<Filter<Entity>> {
    scopes(actor).map(|scopes| event::seen_with(&scopes))
}

/// Whether the actor sees an event that is at hand.
pub(crate) fn sees(actor: &Actor, row: &row::Model) -> bool {
    scopes(actor).is_none_or(|scopes| scopes.see(row))
}

/// At most `limit` events after `after` that the actor sees and the filter takes.
///
/// # Errors
/// The database failed.
pub async fn page(app: &App, actor: &Actor, filter: &EventFilter, after: i64, limit: u64) -> Result<Batch, AppError> {
    match tail::after(app, after).await? {
        Some(recent) => Ok(picked(recent, actor, filter, after, limit)),
        None => read(app, actor, filter, after, limit).await,
    }
}

fn picked(recent: Vec<Arc<EventView>>, actor: &Actor, filter: &EventFilter, after: i64, limit: u64) -> Batch {
    let scopes = scopes(actor);
    let mut batch = Batch { events: Vec::new(), cursor: after };
    for view in recent {
        batch.cursor = view.row.seq;
        if scopes.as_ref().is_none_or(|scopes| scopes.see(&view.row)) && filter.takes(&view) {
            batch.events.push(view);
        }
        if batch.events.len() as u64 == limit {
            break;
        }
    }
    batch
}

async fn read(app: &App, actor: &Actor, filter: &EventFilter, after: i64, limit: u64) -> Result<Batch, AppError> {
    let conn = app.db.read();
    // Numbers follow commits: what is not there below the head will never come.
    let head = event::head(conn).await?;
    let filters: Vec<_> = filter.filters().into_iter().chain(seen_by(actor)).collect();
    let rows = event::between(conn, after, head, &filters, limit).await?;
    let is_full = rows.len() as u64 == limit;
    let cursor = rows.last().map(|row| row.seq).filter(|_| is_full).unwrap_or(head.max(after));
    let events = views(conn, rows).await?.into_iter().filter(|view| filter.takes_kind(view)).map(Arc::new).collect();
    Ok(Batch { events, cursor })
}

/// A reader that waits for more.
pub struct Follower {
    newest: watch::Receiver<i64>,
    ending: watch::Receiver<bool>,
}

impl Follower {
    /// Begins to listen; what is announced from now on wakes the reader.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self { newest: app.newest(), ending: app.ending() }
    }

    /// Waits until the log reaches beyond `cursor`, for `patience`, or until the process is told to stop. An error of a
    /// channel would mean that it has: then there is nothing to wait for either.
    pub async fn wait(&mut self, cursor: i64, patience: Duration) {
        tokio::select! {
            _ = self.newest.wait_for(|newest| *newest > cursor) => {}
            _ = self.ending.wait_for(|ending| *ending) => {}
            () = tokio::time::sleep(patience) => {}
        }
    }

    /// Whether there is nothing to wait for any more: the process was told to stop.
    #[must_use]
    pub fn is_over(&self) -> bool {
        *self.ending.borrow()
    }
}

/// Looks once how far the log reaches and tells the followers of this process: how they hear of what other processes
/// commit.
///
/// # Errors
/// The database failed.
pub async fn poll_other_processes(app: &App) -> Result<(), AppError> {
    app.announce(event::head(app.db.read()).await?);
    Ok(())
}

/// The history of an order that was read for whoever sees it, oldest first.
///
/// # Errors
/// The database failed.
pub async fn history(app: &App, order: &OrderView) -> Result<Vec<EventView>, AppError> {
    let conn = app.db.read();
    views(conn, event::of_order(conn, order.row.id).await?).await
}

/// When the order came into its present state.
pub(crate) async fn since(conn: &impl ConnectionTrait, order: OrderId) -> Result<Option<Timestamp>, AppError> {
    let rows = event::of_order(conn, order).await?;
    Ok(rows.iter().rev().find(|row| row.to_state != row.from_state).map(|row| row.at))
}

/// The log in Waldur's shape: what upstream has a name for.
pub struct WaldurEvents;

impl Collection for WaldurEvents {
    type Entity = Entity;
    type View = EventView;

    fn seen_by(actor: &Actor) -> Option<Filter<Entity>> {
        seen_by(actor)
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<row::Model>) -> Result<Vec<EventView>, AppError> {
        views(reader.conn, rows).await
    }
}
