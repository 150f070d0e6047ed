//! `mercat deliveries list|redeliver|replay`.

use mercat_app::{
    App, AppError, collection,
    entity::delivery,
    list::{Filter, Key},
    outgoing::{self, Deliveries},
};
use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    id::HookId,
    time::{self, Timestamp},
};
use uuid::Uuid;

use super::{events::operator, explain::order_called};
use crate::output;

/// Prints messages, newest first.
pub async fn list(app: &App, state: Option<DeliveryState>, order: Option<String>, limit: u64) -> anyhow::Result<()> {
    let state = state.map(|state| Filter::equals(delivery::Column::State, state.as_str()));
    let order = match order {
        Some(called) => Some(Filter::equals(delivery::Column::OrderId, order_called(app, &called).await?.id)),
        None => None,
    };
    let filters: Vec<_> = state.into_iter().chain(order).collect();
    let newest_first = [Key::column(delivery::Column::Number, true)];
    let operator = operator();
    let found = collection::list::<Deliveries>(app, &operator, &filters, &newest_first, (0, limit)).await?;
    output::line(&format!("{:<32}  {:<24}  {:<9}  {:>5}  {:<8}  to", "delivery", "made", "state", "tries", "kind"));
    for view in found {
        output::line(&line(&view.row));
    }
    Ok(())
}

fn line(row: &delivery::Model) -> String {
    let to = match row.kind {
        DeliveryKind::Mail => row.payload["to"].as_str().unwrap_or_default(),
        DeliveryKind::Callback | DeliveryKind::WebHook | DeliveryKind::Signed => &row.target,
    };
    let (made, error) = (time::format(row.created), row.last_error.as_deref().unwrap_or_default());
    let what = if row.hook_id.is_some() && row.kind != DeliveryKind::Mail { "hook " } else { "" };
    let error = if error.is_empty() { String::new() } else { format!("  ({error})") };
    format!(
        "{:<32}  {made:<24}  {:<9}  {:>5}  {:<8}  {what}{to}{error}",
        row.id.to_string(),
        row.state.as_str(),
        row.attempts,
        row.kind.as_str(),
    )
}

/// Sends a message once more.
pub async fn redeliver(app: &App, delivery: Uuid) -> anyhow::Result<()> {
    let mut tx = app.begin_own().await?;
    match outgoing::redeliver(&mut tx, delivery).await {
        Err(AppError::NotFound) => {
            anyhow::bail!("there is no message {}; see `mercat deliveries list`", delivery.simple())
        }
        Err(AppError::State(_)) => anyhow::bail!("the message {} waits to be sent already", delivery.simple()),
        other => other?,
    }
    tx.commit().await?;
    output::line("The message will be sent again as soon as `mercat serve` or `mercat worker` runs.");
    Ok(())
}

/// Sends a hook a period's events once more.
pub async fn replay(app: &App, hook: Uuid, from: Timestamp, to: Timestamp) -> anyhow::Result<()> {
    anyhow::ensure!(from < to, "--to has to be later than --from");
    let mut tx = app.begin_own().await?;
    let sent = match outgoing::replay(&mut tx, HookId(hook), from, to).await {
        Err(AppError::NotFound) => anyhow::bail!("there is no hook {}", hook.simple()),
        other => other?,
    };
    tx.commit().await?;
    output::line(&format!("{sent} messages will be sent as soon as `mercat serve` or `mercat worker` runs."));
    Ok(())
}
