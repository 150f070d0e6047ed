//! What happens without a request: jobs that are due, one after the other, in the process that serves or beside it.

use std::time::Duration;

use mercat_app::{
    App, AppError,
    jobs::{self, Turn},
};
use mercat_domain::time::Timestamp;
use tokio::time::timeout;

/// The longest rest. Jobs of other processes are found by looking, so a due order starts within a second of its time.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// After a failure of the database the worker waits this long.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Works until `stop` is done; the job in hand is finished or rolled back whole.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let work = async {
        loop {
            turn(&app).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stop => {}
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

fn rest_until(now: Timestamp, next: Option<Timestamp>) -> Duration {
    let wait = next.and_then(|due| (due - now).to_std().ok());
    wait.map_or(LONGEST_REST, |wait| wait.clamp(Duration::from_millis(1), LONGEST_REST))
}

/// Does everything that is due now; for tests, which hold the clock.
///
/// # Errors
/// The database failed.
pub async fn drain(app: &App) -> Result<(), AppError> {
    while jobs::run_next(app).await? == Turn::Worked {}
    Ok(())
}
