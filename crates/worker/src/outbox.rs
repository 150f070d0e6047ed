//! Messages that leave: claimed, sent many at once, and put on record each.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use mercat_app::{App, AppError, entity::delivery, outgoing};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::{sleep, timeout},
};

use crate::{
    places::Places,
    rest::{AFTER_FAILURE, LONGEST_REST, rest_until},
    send::{Sender, deliver, record_fault},
};

/// Messages on their way get this long to arrive when the process is told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// What is due but held by another process is looked at again after this long.
const HELD_ELSEWHERE: Duration = Duration::from_millis(100);
/// So many messages are sent at once when everything that is due is.
const AT_ONCE: u64 = 64;

/// How a task ended: with whether the receiver said anything, or not at all.
type Ended = Result<(Id, Result<bool, AppError>), JoinError>;

/// The messages on their way.
pub(crate) struct Outbox {
    app: App,
    sender: Sender,
    places: Places,
    tasks: JoinSet<Result<bool, AppError>>,
    rows: HashMap<Id, Arc<delivery::Model>>,
}

impl Outbox {
    pub(crate) fn new(app: App, sender: Sender) -> Self {
        Self { app, sender, places: Places::default(), tasks: JoinSet::new(), rows: HashMap::new() }
    }

    /// Sends what is due, for ever. May be dropped between any two steps: what was claimed comes again.
    pub(crate) async fn work(&mut self) {
        loop {
            let rest = self.fill().await;
            tokio::select! {
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended),
                () = self.app.sender_woken() => {}
                () = sleep(rest) => {}
            }
            while let Some(ended) = self.tasks.try_join_next_with_id() {
                self.ended(ended);
            }
        }
    }

    /// Gives back what was claimed and not begun, and waits a moment for what is on its way.
    pub(crate) async fn finish(mut self) {
        let unsent = self.places.take_waiting();
        if let Err(error) = outgoing::release(&self.app, &unsent).await {
            tracing::warn!(%error, messages = unsent.len(), "unsent messages wait until their claim is over");
        }
        let all = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "sending a message failed");
                }
            }
        };
        if timeout(GRACE, all).await.is_err() {
            tracing::warn!(messages = self.tasks.len(), "some messages did not arrive in time and will be sent again");
        }
    }

    /// Claims and starts as much as there is place for; returns how long there will be nothing more to start.
    async fn fill(&mut self) -> Duration {
        loop {
            self.start_waiting();
            let (wanted, busy) = (self.places.wanted(), self.places.busy());
            if wanted == 0 {
                return LONGEST_REST;
            }
            match self.claim(&busy, wanted).await {
                Ok(Some(rest)) => return rest,
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "messages cannot be claimed");
                    return AFTER_FAILURE;
                }
            }
        }
    }

    /// Claims what is due; if nothing is, returns how long that will be so.
    async fn claim(&mut self, busy: &[String], wanted: u64) -> Result<Option<Duration>, AppError> {
        let next = outgoing::next_due(&self.app, busy).await?;
        let now = self.app.now();
        // Looked up outside a write transaction: an idle sender must not hold the one writer of SQLite.
        if next.is_none_or(|due| due > now) {
            return Ok(Some(rest_until(now, next)));
        }
        let rows = outgoing::claim(&self.app, busy, wanted).await?;
        if rows.is_empty() {
            return Ok(Some(HELD_ELSEWHERE));
        }
        self.places.claimed(rows, Instant::now());
        Ok(None)
    }

    fn start_waiting(&mut self) {
        while let Some(row) = self.places.next(Instant::now()) {
            let (app, sender, this) = (self.app.clone(), self.sender.clone(), Arc::clone(&row));
            let task = self.tasks.spawn(async move { deliver(&app, &sender, &this).await });
            self.rows.insert(task.id(), row);
        }
    }

    /// Gives the place of a message free. A failure of the database leaves it to be claimed again; a fault of ours is
    /// put on record as a failed try, so that it neither stays unseen nor comes back for ever.
    fn ended(&mut self, ended: Ended) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        // Notes of faults have no place.
        let Some(row) = self.rows.remove(&id) else { return };
        let answered = match ended {
            Ok((_, Ok(answered))) => answered,
            Ok((_, Err(error))) => {
                tracing::error!(delivery.uuid = %row.id, %error, "a message could not be put on record");
                false
            }
            Err(fault) => {
                tracing::error!(delivery.uuid = %row.id, %fault, "sending a message failed");
                let (app, row) = (self.app.clone(), Arc::clone(&row));
                self.tasks.spawn(async move { record_fault(&app, &row).await.map(|()| false) });
                false
            }
        };
        self.places.done(&row.target, answered);
    }
}

/// Tells the hooks of all events and sends everything that is due now, once; for tests, which hold the clock. Returns
/// how many messages were tried.
///
/// # Errors
/// The database failed.
pub async fn deliver_due(app: &App, sender: &Sender) -> Result<usize, AppError> {
    while outgoing::fan_out(app).await? {}
    let mut tried = 0;
    while outgoing::next_due(app, &[]).await?.is_some_and(|due| due <= app.now()) {
        let rows = outgoing::claim(app, &[], AT_ONCE).await?;
        if rows.is_empty() {
            // Another process is at it.
            break;
        }
        tried += rows.len();
        let mut tasks = JoinSet::new();
        for row in rows {
            let (app, sender) = (app.clone(), sender.clone());
            tasks.spawn(async move { deliver(&app, &sender, &row).await });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|fault| AppError::Internal(fault.to_string()))??;
        }
    }
    Ok(tried)
}
