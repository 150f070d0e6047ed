//! What every use case is called with.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use mercat_domain::{
    id::UserId,
    settings::RuleSettings,
    time::{Clock, Timestamp},
};
use mercat_store::Db;
use tokio::sync::Notify;

use crate::files::Files;

/// What an operator can set and use cases heed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Switches of the order rules.
    pub rules: RuleSettings,
    /// Largest attachment, in bytes.
    pub max_attachment_bytes: u64,
    /// Mail about pending orders goes to all staff too (spec 15.6).
    pub notify_staff: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rules: RuleSettings::default(), max_attachment_bytes: 10 * 1024 * 1024, notify_staff: false }
    }
}

/// Database, clock, files and settings. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The file store.
    pub files: Files,
    /// The operator's settings.
    pub settings: Arc<Settings>,
    wake: Arc<Notify>,
    running: Arc<Mutex<HashSet<(UserId, String)>>>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, files: Files, settings: Settings) -> Self {
        Self { db, clock, files, settings: Arc::new(settings), wake: Arc::new(Notify::new()), running: Arc::default() }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells the worker of this process that there may be something to do.
    pub fn wake_worker(&self) {
        self.wake.notify_one();
    }

    /// Waits until somebody calls [`Self::wake_worker`].
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Marks an idempotency key as running in this process; `None` when it already is.
    pub(crate) fn start_key(&self, user: UserId, key: &str) -> Option<RunningKey> {
        let entry = (user, key.to_owned());
        let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        running.insert(entry.clone()).then(|| RunningKey { running: Arc::clone(&self.running), entry })
    }
}

/// A key that is running until this is dropped.
pub(crate) struct RunningKey {
    running: Arc<Mutex<HashSet<(UserId, String)>>>,
    entry: (UserId, String),
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.entry);
    }
}
