//! Messages that wait: who takes them next, and how many are late.

use chrono::TimeDelta;
use mercat_domain::{
    delivery::{DeliveryKind, LONGEST_WAIT},
    id::OrderId,
    order::OrderState,
    time::Timestamp,
};
use mercat_store::{
    delivery::{self as deliveries, Message},
    entity::delivery,
};
use serde_json::json;

use crate::{App, AppError, Tx, ids};

/// Nobody else sends a message for so long after it was claimed: longer than any try takes.
const LEASE: TimeDelta = TimeDelta::seconds(60);

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

/// Lets messages go that would wait for a time that was wrong: the clock was set back.
pub(crate) async fn pull_in(tx: &Tx) -> Result<(), AppError> {
    Ok(deliveries::pull_in(&tx.db, tx.now, tx.now + LEASE, tx.now + LONGEST_WAIT).await?)
}

/// When the next message is due whose target is not busy.
///
/// # Errors
/// The database failed.
pub async fn next_due(app: &App, busy: &[String]) -> Result<Option<Timestamp>, AppError> {
    Ok(deliveries::next_due(app.db.read(), busy).await?)
}

/// How many messages should have left more than five minutes ago and have not.
///
/// # Errors
/// The database failed.
pub async fn stuck(app: &App) -> Result<u64, AppError> {
    Ok(deliveries::stuck(app.db.read(), app.now() - TimeDelta::minutes(5)).await?)
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
