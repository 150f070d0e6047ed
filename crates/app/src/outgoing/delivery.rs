//! Messages and their tries.

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use mercat_domain::{
    delivery::{DISABLE_AFTER, DeliveryKind, DeliveryState, LONGEST_WAIT, Verdict, after_failure},
    id::{AttemptId, DeliveryId, HookId, OrderId},
    invalid::Invalid,
    order::OrderState,
    permission::{Actor, Permission, Scope},
    time::{self, Timestamp},
};
use mercat_store::{
    ConnectionTrait, Reads,
    delivery::{self as deliveries, Message, Outcome},
    entity::{delivery, delivery_attempt, hook, order},
    event,
    list::{self, Filter, Key},
    people,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fan_out::message_for,
    hooks::{self, SignedHooks},
    secrets::signatures,
};
use crate::{
    App, AppError, Tx,
    collection::{Collection, Editable as _, Reader},
    events::sees,
    ids,
};

/// A longer period is replayed in parts.
const MOST_REPLAYED: u64 = 10_000;
/// Nobody else sends a message for so long after it was claimed: longer than any try takes.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A hook that has failed for days is switched off by a message that has failed for so long, not by a slip.
const LASTING: TimeDelta = TimeDelta::days(1);
/// The status by which a receiver says that it wants no more.
const WANTS_NO_MORE: i64 = 410;
const GONE: &str = "The hook is gone.";
/// For so long after a rotation messages are signed with the old secret too.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// Queues the call of an order's `callback_url` for a new state (spec 15.7).
pub(crate) fn queue_callback(tx: &mut Tx, order: OrderId, url: &str, state: OrderState) {
    let message = Message {
        id: ids::new(tx.now),
        kind: DeliveryKind::Callback,
        lane: format!("callback:{order}"),
        target: origin_of(url),
        order: Some(order),
        hook: None,
        event: None,
        payload: json!({ "url": url, "state": state }),
    };
    tx.send(message);
}

/// Scheme, host and port of an address: those who share them share their slowness.
pub(super) fn origin_of(url: &str) -> String {
    let rest = url.find("://").map_or(0, |at| at + 3);
    let end = url[rest..].find(['/', '?', '#']).map_or(url.len(), |at| rest + at);
    url[..end].to_ascii_lowercase()
}

/// A message as whoever delivers it sends it.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// A POST.
    Call {
        /// Where.
        url: String,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The type of the body, if there is one.
        content_type: Option<&'static str>,
        /// The body.
        body: Vec<u8>,
    },
    /// A mail: the name of its template and what stands in it.
    Mail(Value),
}

/// Claims messages that are due; those of busy targets are left out.
///
/// # Errors
/// The database failed.
pub async fn claim(app: &App, busy: &[String], limit: u64) -> Result<Vec<delivery::Model>, AppError> {
    let tx = app.db.write().await?;
    let now = app.now();
    let rows = deliveries::claim(&tx, now, now + LEASE, busy, limit).await?;
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(rows)
}

/// Gives claimed messages that were not sent back, so that nobody has to wait until their claim is over.
///
/// # Errors
/// The database failed; then they come again when it is.
pub async fn release(app: &App, claimed: &[std::sync::Arc<delivery::Model>]) -> Result<(), AppError> {
    let tx = app.db.write().await?;
    deliveries::release(&tx, claimed, app.now()).await?;
    tx.commit().await.map_err(mercat_store::StoreError::from)?;
    Ok(())
}

/// Lets messages go that are due later than any can be: the clock was set back.
pub(crate) async fn pull_in(tx: &Tx) -> Result<(), AppError> {
    // Not at once: somebody may be sending one.
    Ok(deliveries::pull_in(&tx.db, tx.now + LONGEST_WAIT, tx.now + LEASE).await?)
}

/// When the next message is due whose target is not busy.
///
/// # Errors
/// The database failed.
pub async fn next_due(app: &App, busy: &[String]) -> Result<Option<Timestamp>, AppError> {
    Ok(deliveries::next_due(app.db.read(), busy).await?)
}

/// What is to be sent for a message, or why nothing is any more.
///
/// # Errors
/// The database failed.
pub async fn outgoing(app: &App, row: &delivery::Model) -> Result<Result<Outgoing, &'static str>, AppError> {
    let call =
        |url: &str, headers, content_type, body| Outgoing::Call { url: url.to_owned(), headers, content_type, body };
    let hook = match row.hook_id {
        Some(id) => match hook_of(app, row, id).await? {
            Ok(hook) => Some(hook),
            Err(why) => return Ok(Err(why)),
        },
        None => None,
    };
    Ok(Ok(match (row.kind, hook) {
        (DeliveryKind::Mail, _) => Outgoing::Mail(row.payload.clone()),
        (DeliveryKind::WebHook | DeliveryKind::Signed, None) => return Ok(Err(GONE)),
        (DeliveryKind::Callback, _) => {
            if deliveries::is_unwanted(app.db.read(), row, WANTS_NO_MORE).await? {
                return Ok(Err("The receiver has answered 410 to another call for this order: it wants no more."));
            }
            call(row.payload["url"].as_str().unwrap_or_default(), Vec::new(), None, Vec::new())
        }
        (DeliveryKind::WebHook | DeliveryKind::Signed, Some(hook)) => match (row.kind, hook.content_type.as_str()) {
            (DeliveryKind::Signed, _) => {
                let body = row.payload.to_string().into_bytes();
                call(&hook.destination, signed_headers(app, &hook, row, &body), Some("application/json"), body)
            }
            (_, "form") => {
                call(&hook.destination, Vec::new(), Some("application/x-www-form-urlencoded"), form(&row.payload))
            }
            _ => {
                let body = row.payload.to_string().into_bytes();
                call(&hook.destination, Vec::new(), Some("application/json"), body)
            }
        },
    }))
}

/// The hook, as long as it may be told of the event: rights are asked when a message is made and again when it leaves,
/// which may be a day later.
async fn hook_of(app: &App, row: &delivery::Model, id: HookId) -> Result<Result<hook::Model, &'static str>, AppError> {
    let conn = app.db.read();
    let Some(hook) = list::find::<hook::Entity>(conn, id).await? else { return Ok(Err(GONE)) };
    let Some(owner) = people::active_actor(conn, hook.user_id, app.now()).await? else {
        return Ok(Err("The hook's owner may not sign in any more."));
    };
    // A test event goes out even while the hook is off.
    let Some(seq) = row.event_seq else { return Ok(Ok(hook)) };
    if !hook.is_active {
        return Ok(Err("The hook was switched off."));
    }
    let event = event::between(conn, seq - 1, seq, &[], 1).await?;
    if event.iter().any(|event| !sees(&owner, event)) {
        return Ok(Err("The hook's owner may not see this any more."));
    }
    Ok(Ok(hook))
}

/// Whether messages are still signed with older secrets too.
pub(super) fn overlaps(hook: &hook::Model, now: Timestamp) -> bool {
    hook.rotated.is_some_and(|rotated| now - rotated < OVERLAP)
}

fn signed_headers(app: &App, hook: &hook::Model, row: &delivery::Model, body: &[u8]) -> Vec<(String, String)> {
    let now = app.now();
    let id = format!("msg_{}", row.id);
    let oldest = if overlaps(hook, now) { hook.oldest_secret } else { hook.secret_version };
    let versions: Vec<i64> = (oldest..=hook.secret_version).rev().collect();
    let signature = signatures(app.settings.key, hook.id, &versions, &id, now.timestamp(), body);
    vec![
        ("webhook-id".to_owned(), id),
        ("webhook-timestamp".to_owned(), now.timestamp().to_string()),
        ("webhook-signature".to_owned(), signature),
    ]
}

/// The top level of an object as a form.
fn form(payload: &Value) -> Vec<u8> {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in payload.as_object().into_iter().flatten() {
        match value {
            Value::String(value) => text.append_pair(name, value),
            other => text.append_pair(name, &other.to_string()),
        };
    }
    text.finish().into_bytes()
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// The receiver has it.
    Delivered,
    /// Not now; the receiver may have said how long to wait.
    Failed(Option<TimeDelta>),
    /// Never: the address is not to be reached, or the recipient does not exist.
    Refused,
    /// The receiver wants no more of these (status 410).
    Gone,
    /// It was not sent: it is not to be any more. That says nothing about the receiver.
    Withdrawn,
}

/// One try, for the record.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// The status of the answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// The beginning of the answer's body.
    pub response: Option<String>,
}

/// Puts a try on record and decides what becomes of the message. `jitter` is between 0 and 1.
///
/// # Errors
/// The database failed; then the message comes again when its lease is over.
pub async fn record(
    app: &App,
    row: &delivery::Model,
    attempt: Attempt,
    receipt: Receipt,
    jitter: f64,
) -> Result<(), AppError> {
    let mut tx = app.begin_own().await?;
    let verdict = match receipt {
        Receipt::Delivered => Verdict::Delivered,
        Receipt::Failed(asked) => after_failure(row.kind, row.attempts + 1, jitter, asked),
        Receipt::Refused | Receipt::Gone | Receipt::Withdrawn => Verdict::Dead,
    };
    let (state, due) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, tx.now),
        Verdict::Again(pause) => (DeliveryState::Pending, tx.now + pause),
        Verdict::Dead => (DeliveryState::Dead, tx.now),
    };
    let tried = delivery_attempt::Model {
        id: ids::new::<AttemptId>(tx.now),
        delivery_id: row.id,
        at: attempt.at,
        milliseconds: i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX),
        status: attempt.status.map(i64::from),
        error: attempt.error.clone(),
        response: attempt.response,
    };
    let outcome = Outcome { state, due, error: attempt.error.clone() };
    // The hook before its messages: whoever switches it off holds it and gives up all of them. New messages for it do
    // not wait, because their makers hold lanes that are needed here.
    let hook = match row.hook_id {
        Some(id) => list::lock_content::<hook::Entity>(&tx.db, &[Filter::equals(hook::Column::Id, id)]).await?,
        None => None,
    };
    if deliveries::finish(&tx.db, row, tried, outcome).await? {
        let lasts = verdict == Verdict::Dead || tx.now - row.created >= LASTING;
        follow(&mut tx, row, hook, receipt, lasts, attempt.error.as_deref()).await?;
    }
    tx.commit().await?;
    if verdict == Verdict::Dead || verdict == Verdict::Delivered {
        // The next message of the lane may go.
        app.wake_sender();
    }
    Ok(())
}

/// What a try means for its hook or its lane. `lasts` says that the message has failed for long.
async fn follow(
    tx: &mut Tx,
    row: &delivery::Model,
    hook: Option<hook::Model>,
    receipt: Receipt,
    lasts: bool,
    error: Option<&str>,
) -> Result<(), AppError> {
    let Some(hook) = hook else {
        if receipt == Receipt::Gone && row.hook_id.is_none() {
            deliveries::give_up(&tx.db, deliveries::in_lane(&row.lane), "The receiver wants no more.", tx.now).await?;
        }
        return Ok(());
    };
    match receipt {
        Receipt::Delivered => {
            let hook = hook::Model { failing_since: None, last_published: Some(tx.now), ..hook };
            Ok(list::replace(&tx.db, hook).await?)
        }
        Receipt::Gone => hooks::disable(tx, hook, "The receiver answered 410: it wants no more.").await,
        Receipt::Failed(_) | Receipt::Refused => {
            let since = hook.failing_since.unwrap_or(tx.now);
            if hook.is_active && lasts && tx.now - since >= DISABLE_AFTER {
                let days = DISABLE_AFTER.num_days();
                let why = format!("Nothing was delivered for {days} days; last: {}", error.unwrap_or("no answer"));
                return hooks::disable(tx, hook, &why).await;
            }
            Ok(list::replace(&tx.db, hook::Model { failing_since: Some(since), ..hook }).await?)
        }
        Receipt::Withdrawn => Ok(()),
    }
}

/// Gives up a message that is not to be sent any more.
///
/// # Errors
/// The database failed.
pub async fn withdraw(app: &App, row: &delivery::Model, why: &str) -> Result<(), AppError> {
    let attempt =
        Attempt { at: app.now(), took: Duration::ZERO, status: None, error: Some(why.to_owned()), response: None };
    record(app, row, attempt, Receipt::Withdrawn, 0.0).await
}

/// How many messages should have left more than five minutes ago and have not.
///
/// # Errors
/// The database failed.
pub async fn stuck(app: &App) -> Result<u64, AppError> {
    Ok(deliveries::stuck(app.db.read(), app.now() - TimeDelta::minutes(5)).await?)
}

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

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn receivers_are_told_apart_by_their_origin() {
        for (url, origin) in [
            ("https://Hooks.example.org/a/b?c", "https://hooks.example.org"),
            ("http://h:8080", "http://h:8080"),
            ("http://h?x=/y", "http://h"),
            ("nonsense", "nonsense"),
            ("", ""),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }
}
