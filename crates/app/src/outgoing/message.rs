//! What is sent for a message.

use chrono::TimeDelta;
use mercat_domain::{delivery::DeliveryKind, id::HookId, time::Timestamp};
use mercat_store::{
    delivery as deliveries,
    entity::{delivery, hook},
    event, list, people,
};
use serde_json::Value;

use super::secrets::signatures;
use crate::{App, AppError, events::sees};

/// The status by which a receiver says that it wants no more.
const WANTS_NO_MORE: i64 = 410;
const GONE: &str = "The hook is gone.";
/// For so long after a rotation messages are signed with the old secret too.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

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
