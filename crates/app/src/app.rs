//! What every use case is called with.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use mercat_domain::{
    id::UserId,
    settings::RuleSettings,
    time::{Clock, Timestamp},
};
use mercat_store::Db;
use tokio::sync::{Notify, watch};

use crate::{attempts::Attempts, events::tail::Tail, files::Files, standing::Listeners};

/// What an operator can set and use cases heed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Switches of the order rules.
    pub rules: RuleSettings,
    /// Largest attachment, in bytes.
    pub max_attachment_bytes: u64,
    /// Whether mail can leave at all; if not, none is queued.
    pub sends_mail: bool,
    /// Mail about pending orders goes to all staff too (spec 15.6).
    pub notify_staff: bool,
    /// What secrets of hooks and links in mail are derived from.
    pub key: SecretKey,
    /// Where messages may be sent to.
    pub destinations: Destinations,
    /// Where people reach the service, for links in mail; without a slash at the end.
    pub public_url: String,
    /// How long an order may wait for an approval before those who can give it are reminded; never when it is `None`.
    pub remind_after: Option<TimeDelta>,
}

/// A check of addresses that messages are to be sent to; says why one is refused.
#[derive(Clone)]
pub struct Destinations(pub Arc<DestinationCheck>);

/// Says why messages may not go to an address.
pub type DestinationCheck = dyn Fn(&str) -> Result<(), String> + Send + Sync;

impl std::fmt::Debug for Destinations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Destinations(…)")
    }
}

impl Default for Destinations {
    fn default() -> Self {
        Self(Arc::new(|_| Ok(())))
    }
}

/// The service's own secret.
#[derive(Clone, Copy, Default)]
pub struct SecretKey(pub [u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: RuleSettings::default(),
            max_attachment_bytes: 10 * 1024 * 1024,
            sends_mail: true,
            notify_staff: false,
            key: SecretKey::default(),
            destinations: Destinations::default(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            remind_after: Some(TimeDelta::hours(24)),
        }
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
    sender: Arc<Notify>,
    newest: Arc<watch::Sender<i64>>,
    ending: Arc<watch::Sender<bool>>,
    pub(crate) tail: Arc<Tail>,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) attempts: Arc<Attempts>,
    running: Arc<Mutex<HashSet<(UserId, String)>>>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, files: Files, settings: Settings) -> Self {
        Self {
            db,
            clock,
            files,
            settings: Arc::new(settings),
            wake: Arc::default(),
            sender: Arc::default(),
            newest: Arc::new(watch::Sender::new(0)),
            ending: Arc::default(),
            tail: Arc::default(),
            listeners: Arc::default(),
            attempts: Arc::default(),
            running: Arc::default(),
        }
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

    /// Tells whoever delivers messages in this process that there may be one.
    pub fn wake_sender(&self) {
        self.sender.notify_one();
    }

    /// Waits until somebody calls [`Self::wake_sender`].
    pub async fn sender_woken(&self) {
        self.sender.notified().await;
    }

    /// A name for all processes on this database, and no others.
    #[must_use]
    pub fn installation(&self) -> String {
        crate::outgoing::installation(self.settings.key)
    }

    /// Tells the followers of the event log in this process how far it reaches.
    pub fn announce(&self, seq: i64) {
        self.newest.send_if_modified(|newest| std::mem::replace(newest, seq.max(*newest)) < seq);
    }

    /// How far the event log reaches, as far as this process has heard.
    #[must_use]
    pub fn newest(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// The number of the newest event, as far as this process has heard.
    #[must_use]
    pub fn newest_seq(&self) -> i64 {
        *self.newest.borrow()
    }

    /// Ends what would go on for ever: the process is told to stop.
    pub fn end_streams(&self) {
        self.ending.send_replace(true);
    }

    /// Whether streams are to end.
    #[must_use]
    pub fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
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
