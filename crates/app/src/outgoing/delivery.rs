//! Messages as people see them, and sending them once more.

use std::collections::HashSet;

use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    id::{DeliveryId, HookId, OrderId},
    invalid::Invalid,
    permission::{Actor, Permission, Scope},
    time::{self, Timestamp},
};
use mercat_store::{
    ConnectionTrait, Reads,
    delivery::{self as deliveries, Message},
    entity::{delivery, delivery_attempt, hook, order},
    event,
    list::{self, Filter, Key},
    people,
};
use serde_json::json;
use uuid::Uuid;

use super::{fan_out::message_for, hooks::SignedHooks};
use crate::{
    AppError, Tx,
    collection::{Collection, Editable as _, Reader},
    ids,
};

/// A longer period is replayed in parts.
const MOST_REPLAYED: u64 = 10_000;

/// Messages: those to one's own hooks, and callbacks of the orders that one sees.
pub struct Deliveries;

/// A message with its tries.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    /// The message.
    pub row: delivery::Model,
    /// Its tries, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Whether the reader may send it once more.
    pub may_redeliver: bool,
}

/// A try.
pub type AttemptView = delivery_attempt::Model;

impl Collection for Deliveries {
    type Entity = delivery::Entity;
    type View = DeliveryView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        let scopes = || actor.scopes_with(Permission::OrderList);
        (!actor.sees_all()).then(|| mercat_store::hooks::deliveries_seen(actor.id, &scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<delivery::Model>,
    ) -> Result<Vec<DeliveryView>, AppError> {
        let of = [Filter::any_of(delivery_attempt::Column::DeliveryId, rows.iter().map(|row| row.id))];
        let by_time = [Key::column(delivery_attempt::Column::At, false)];
        let attempts = list::all::<delivery_attempt::Entity>(reader.conn, &of, &by_time).await?;
        let resendable = resendable(reader.conn, reader.actor, &rows).await?;
        let view = |row: delivery::Model| DeliveryView {
            may_redeliver: row.state != DeliveryState::Pending && resendable.contains(&row.id),
            attempts: attempts.iter().filter(|attempt| attempt.delivery_id == row.id).cloned().collect(),
            row,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

/// Sends a message once more. Its receiver knows it again by its id.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`] for those who only see it, [`AppError::State`] while it still waits,
/// or the database failed.
pub async fn redeliver(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = match tx.actor() {
        Some(_) => tx.visible::<Deliveries>(id).await?,
        None => list::find::<delivery::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?,
    };
    if let Some(actor) = tx.actor()
        && !resendable(&tx.db, actor, std::slice::from_ref(&row)).await?.contains(&row.id)
    {
        return Err(AppError::Forbidden);
    }
    if row.state == DeliveryState::Pending {
        return Err(AppError::State("delivered, dead".to_owned()));
    }
    deliveries::again(&tx.db, &row, tx.now).await?;
    tx.wakes_sender();
    Ok(())
}

/// Those that the actor may send once more: only whoever may say what leaves, who is the owner of a hook, whoever made an
/// order or can approve it, and staff.
async fn resendable(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    rows: &[delivery::Model],
) -> Result<HashSet<DeliveryId>, AppError> {
    let hooks = list::by_ids::<hook::Entity, HookId>(conn, rows.iter().filter_map(|row| row.hook_id)).await?;
    let orders = list::by_ids::<order::Entity, OrderId>(conn, rows.iter().filter_map(|row| row.order_id)).await?;
    let decides = |order: &order::Model| {
        let scopes = [
            Scope::Project(order.project_id),
            Scope::Customer(order.customer_id),
            Scope::Customer(order.provider_id),
            Scope::Offering(order.offering_id),
        ];
        order.created_by == Some(actor.id) || actor.has(Permission::OrderApprove, &scopes)
    };
    let may = |row: &&delivery::Model| match (row.hook_id, row.order_id) {
        _ if actor.is_staff => true,
        (Some(hook), _) => hooks.get(&hook).is_some_and(|hook| hook.user_id == actor.id),
        (None, Some(order)) => row.kind == DeliveryKind::Callback && orders.get(&order).is_some_and(decides),
        (None, None) => false,
    };
    Ok(rows.iter().filter(may).map(|row| row.id).collect())
}

/// Sends a hook everything that happened in a period once more, as new messages; returns how many.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`] for a period that is none or in which too much
/// happened, or the database failed.
pub async fn replay(tx: &mut Tx, id: HookId, from: Timestamp, to: Timestamp) -> Result<u64, AppError> {
    let hook = list::find::<hook::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    if tx.actor().is_some() {
        SignedHooks::may_update(tx, &hook).await?;
    }
    if from >= to {
        return Err(Invalid::field("to", "Must be later than the beginning.").into());
    }
    let owner = people::active_actor(&tx.db, hook.user_id, tx.now).await?;
    let filters = [
        Filter::from(mercat_store::entity::event::Column::At, from),
        Filter::to(mercat_store::entity::event::Column::At, to),
    ];
    if list::count(&tx.db, &filters).await? > MOST_REPLAYED {
        let text = format!("More than {MOST_REPLAYED} events happened in this period; choose a shorter one.");
        return Err(Invalid::field("to", text).into());
    }
    let (mut after, head, mut sent) = (0, event::head(&tx.db).await?, 0);
    loop {
        let rows = event::between(&tx.db, after, head, &filters, 500).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for view in crate::events::views(&tx.db, rows).await? {
            if let Some(message) = owner.as_ref().and_then(|owner| message_for(tx.now, &hook, owner, &view)) {
                sent += 1;
                tx.send(message);
            }
        }
    }
    Ok(sent)
}

/// Sends a hook an event that did not happen, to try it out; also while it is switched off.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`] for those who only see it, or the database failed.
pub async fn test_event(tx: &mut Tx, id: Uuid) -> Result<DeliveryId, AppError> {
    let hook = tx.visible::<SignedHooks>(id).await?;
    SignedHooks::may_update(tx, &hook).await?;
    let id: DeliveryId = ids::new(tx.now);
    let data = json!({ "message": "This is a test.", "user_uuid": hook.user_id });
    tx.send(Message {
        id,
        kind: DeliveryKind::Signed,
        lane: format!("hook:{}:test", hook.id),
        target: hook.id.to_string(),
        order: None,
        hook: Some(hook.id),
        event: None,
        payload: json!({ "type": "test", "timestamp": time::format(tx.now), "data": data }),
    });
    Ok(id)
}
