//! From the log to the hooks: every event becomes a message for each hook that wants it, once, behind a cursor that
//! moves in the same transaction.

use mercat_domain::{
    delivery::{DeliveryKind, HookKind},
    event::is_wanted,
    permission::Actor,
    time::Timestamp,
};
use mercat_store::{delivery::Message, entity::hook, event};
use serde_json::{Value, json};

use super::hooks;
use crate::{
    App, AppError,
    events::{EventBody, EventView, kind_of, names_of, sees, views, waldur_id},
    ids,
};

/// The name of the cursor.
pub(super) const CURSOR: &str = "hooks";
/// How many events are looked at in one transaction.
const BATCH: u64 = 200;

/// Makes messages of the events that hooks have not been told of; returns whether there may be more.
///
/// # Errors
/// The database failed.
pub async fn fan_out(app: &App) -> Result<bool, AppError> {
    let conn = app.db.read();
    // Without hooks, or without news, nothing is written: an idle service must not take the writer's turn.
    if event::cursor(conn, CURSOR).await?.unwrap_or(0) >= event::head(conn).await? || !hooks::any_on(conn).await? {
        return Ok(false);
    }
    let mut tx = app.begin_own().await?;
    let after = event::lock_cursor(&tx.db, CURSOR).await?;
    let rows = event::after(&tx.db, after, BATCH).await?;
    let Some(last) = rows.last().map(|row| row.seq) else { return Ok(false) };
    let is_full = rows.len() as u64 == BATCH;
    let views = views(&tx.db, rows).await?;
    let hooks = hooks::active(&tx.db, tx.now, |hook| views.iter().any(|view| wants(hook, view))).await?;
    for view in &views {
        for (hook, owner) in &hooks {
            if let Some(message) = message_for(tx.now, hook, owner, view) {
                tx.send(message);
            }
        }
    }
    event::set_cursor(&tx.db, CURSOR, last).await?;
    tx.commit().await?;
    Ok(is_full)
}

fn listed(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether a hook is for such events.
fn wants(hook: &hook::Model, view: &EventView) -> bool {
    let (kind, names) = (kind_of(&view.row), names_of(&view.row));
    is_wanted(&listed(&hook.event_types), &listed(&hook.event_groups), &kind, &names)
}

/// The message about an event for a hook that wants it and whose owner sees it.
pub(super) fn message_for(now: Timestamp, hook: &hook::Model, owner: &Actor, view: &EventView) -> Option<Message> {
    if !wants(hook, view) || !sees(owner, &view.row) {
        return None;
    }
    let (kind, names) = (kind_of(&view.row), names_of(&view.row));
    let body = EventBody::from(view);
    let (sent_as, payload) = match hook.kind {
        HookKind::Signed => (DeliveryKind::Signed, json!({ "type": kind, "timestamp": body.created, "data": body })),
        HookKind::Web => (DeliveryKind::WebHook, in_waldurs_form(&body, names.first()?)),
        HookKind::Email => (DeliveryKind::Mail, mail(hook, &body, names.first()?)),
    };
    let subject = view.row.order_id.map_or_else(|| view.row.seq.to_string(), |id| id.to_string());
    Some(Message {
        id: ids::new(now),
        kind: sent_as,
        lane: format!("hook:{}:{subject}", hook.id),
        target: if hook.kind == HookKind::Email { "mail".to_owned() } else { hook.id.to_string() },
        order: view.row.order_id,
        hook: Some(hook.id),
        event: Some(view.row.seq),
        payload,
    })
}

/// What the event list shows, as a message.
pub(crate) fn in_waldurs_form(body: &EventBody, name: &str) -> Value {
    let context = serde_json::to_value(body).unwrap_or_default();
    json!({
        "uuid": waldur_id(body.seq),
        "event_type": name,
        "message": body.message,
        "created": body.created,
        "context": context,
    })
}

fn mail(hook: &hook::Model, body: &EventBody, name: &str) -> Value {
    let context = [
        ("Order", &body.order_slug),
        ("State before", &body.from_state),
        ("State now", &body.to_state),
        ("By", &body.user_full_name),
    ];
    let context: Vec<_> =
        context.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))).collect();
    json!({
        "template": "hook_event",
        "to": hook.destination,
        "event_type": name,
        "message": body.message,
        "created": body.created,
        "context": context,
    })
}
