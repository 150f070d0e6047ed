//! Tries: what came of each, and what it means for its message and its hook.

use std::time::Duration;

use chrono::TimeDelta;
use mercat_domain::{
    delivery::{DISABLE_AFTER, DeliveryState, Verdict, after_failure},
    id::AttemptId,
    time::Timestamp,
};
use mercat_store::{
    delivery::{self as deliveries, Outcome},
    entity::{delivery, delivery_attempt, hook},
    list::{self, Filter},
};

use super::hooks;
use crate::{App, AppError, Tx, ids};

/// A hook that has failed for days is switched off by a message that has failed for so long, not by a slip.
const LASTING: TimeDelta = TimeDelta::days(1);

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
