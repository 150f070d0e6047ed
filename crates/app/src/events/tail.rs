//! The newest events, read once for all who follow the log in this process: a thousand followers cost the database as
//! much as one.

use std::{collections::VecDeque, sync::Arc};

use mercat_store::event;
use tokio::sync::Mutex;

use super::{EventView, views};
use crate::{App, AppError};

/// How many events are kept; whoever is further behind reads from the database.
const KEPT: u16 = 1024;

/// The newest events of the log.
#[derive(Default)]
pub(crate) struct Tail(Mutex<Recent>);

#[derive(Default)]
struct Recent {
    /// Without a gap, oldest first.
    views: VecDeque<Arc<EventView>>,
    /// Everything up to here was read.
    read: i64,
}

/// All events after `after` that this process has heard of; `None` when there are none or the tail is too short.
pub(crate) async fn after(app: &App, after: i64) -> Result<Option<Vec<Arc<EventView>>>, AppError> {
    let newest = app.newest_seq();
    if after >= newest {
        return Ok(None);
    }
    // Held while reading: of many who are woken together one reads, and the others find it done.
    let mut recent = app.tail.0.lock().await;
    if recent.read < newest {
        recent.read_up_to(app, newest).await?;
    }
    let is_covered = recent.views.front().is_some_and(|first| first.row.seq <= after + 1);
    let start = recent.views.partition_point(|view| view.row.seq <= after);
    Ok(is_covered.then(|| recent.views.range(start..).cloned().collect()))
}

impl Recent {
    async fn read_up_to(&mut self, app: &App, newest: i64) -> Result<(), AppError> {
        let conn = app.db.read();
        let begin = self.read.max(newest - i64::from(KEPT));
        let rows = event::between(conn, begin, newest, &[], u64::from(KEPT)).await?;
        let found = views(conn, rows).await?;
        if begin > self.read {
            self.views.clear();
        }
        self.views.extend(found.into_iter().map(Arc::new));
        let surplus = self.views.len().saturating_sub(usize::from(KEPT));
        self.views.drain(..surplus);
        self.read = newest;
        Ok(())
    }
}
