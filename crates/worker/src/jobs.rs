//! Jobs that are due, one after the other.

use chrono::TimeDelta;
use mercat_app::{
    App, AppError,
    jobs::{self, Turn},
};
use tokio::time::timeout;

use crate::rest::{AFTER_FAILURE, rest_until};

/// Clocks are set by less than this all the time.
const JITTER: TimeDelta = TimeDelta::seconds(1);

/// Does what is due, for ever.
pub(crate) async fn work(app: &App) {
    let mut last = app.now();
    loop {
        let now = app.now();
        if now + JITTER < last {
            tracing::warn!(%last, %now, "the clock was set back");
            if let Err(error) = jobs::ensure_standing(app).await {
                tracing::error!(%error, "what was put off by the wrong time cannot be pulled in");
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        }
        last = now;
        turn(app).await;
    }
}

async fn turn(app: &App) {
    match jobs::run_next(app).await {
        Ok(Turn::Worked) => {}
        Ok(Turn::Idle(next)) => {
            let rest = rest_until(app.now(), next);
            // Either somebody calls or the time is over: both mean to look again.
            timeout(rest, app.woken()).await.ok();
        }
        Err(error) => {
            tracing::error!(%error, "the worker cannot reach its jobs");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}

/// Does every job that is due now; for tests, which hold the clock.
///
/// # Errors
/// The database failed.
pub async fn drain(app: &App) -> Result<(), AppError> {
    while jobs::run_next(app).await? == Turn::Worked {}
    Ok(())
}
