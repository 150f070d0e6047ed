//! `mercat events follow`.

use std::time::Duration;

use mercat_app::{
    App, auth,
    events::{self, EventBody, EventFilter},
};
use mercat_domain::permission::Actor;

use super::serve::told_to_stop;
use crate::output;

/// So many events are read at once.
const BATCH: u64 = 500;
/// How often the log is looked at: the events come from other processes.
const POLL: Duration = Duration::from_millis(100);

/// Whoever can reach the database sees all of it.
pub fn operator() -> Actor {
    Actor { is_staff: true, ..auth::nobody() }
}

/// Prints events until it is told to stop or nobody reads any more.
pub async fn follow(app: &App, after: Option<i64>, kinds: Vec<String>) -> anyhow::Result<()> {
    let head = head(app).await?;
    let cursor = after.unwrap_or(head);
    anyhow::ensure!(
        cursor <= head,
        "--after {cursor} lies beyond the end of the log, which is {head}; without it only new events are printed"
    );
    tokio::select! {
        printed = print(app, cursor, kinds) => printed,
        () = told_to_stop() => Ok(()),
    }
}

async fn head(app: &App) -> anyhow::Result<i64> {
    events::poll_other_processes(app).await?;
    let head = *app.newest().borrow();
    Ok(head)
}

async fn print(app: &App, mut cursor: i64, kinds: Vec<String>) -> anyhow::Result<()> {
    let (operator, filter) = (operator(), EventFilter { kinds, ..EventFilter::default() });
    loop {
        let batch = events::page(app, &operator, &filter, cursor, BATCH).await?;
        for event in &batch.events {
            if !output::is_read(&serde_json::to_string(&EventBody::from(event.as_ref()))?) {
                return Ok(());
            }
        }
        if batch.cursor == cursor {
            tokio::time::sleep(POLL).await;
        }
        cursor = batch.cursor;
    }
}
