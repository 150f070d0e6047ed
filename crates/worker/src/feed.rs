//! The event log: told to the hooks, and heard of from other processes.

use std::time::Duration;

use mercat_app::{
    App,
    events::{self, Follower},
    outgoing,
};
use tokio::time::sleep;

use crate::rest::{AFTER_FAILURE, LONGEST_REST};

/// How often a shared database is asked whether other processes have committed something: agents learn of it as fast.
const POLL_SHARED: Duration = Duration::from_millis(50);
/// How often a database of our own is asked: only the command line may have written to it.
const POLL_OWN: Duration = Duration::from_secs(1);

/// Makes messages of events as they come, for ever.
pub(crate) async fn fan_out(app: &App) {
    let mut follower = Follower::of(app);
    loop {
        // Read first: what is announced while we work ends the next wait at once.
        let seen = *app.newest().borrow();
        match outgoing::fan_out(app).await {
            Ok(true) => {}
            Ok(false) => follower.wait(seen, LONGEST_REST).await,
            Err(error) => {
                tracing::error!(%error, "events cannot be made into messages");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// Looks for events of other processes, for ever.
pub(crate) async fn listen(app: &App) {
    let pause = if app.db.is_shared() { POLL_SHARED } else { POLL_OWN };
    loop {
        match events::poll_other_processes(app).await {
            Ok(()) => sleep(pause).await,
            Err(error) => {
                tracing::error!(%error, "the event log cannot be read");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
}
