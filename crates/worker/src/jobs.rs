//! Jobs that are due, one after the other.

use mercat_app::{
    App, AppError,
    jobs::{self, Turn},
};
use tokio::time::timeout;

use crate::rest::{AFTER_FAILURE, rest_until};

/// Does what is due, for ever.
pub(crate) async fn work(app: &App) {
    loop {
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
