//! One change, one transaction: rows, events, messages, jobs and the idempotency record commit together or not at all.

use std::collections::HashMap;

use bytes::Bytes;
use mercat_domain::{delivery::DeliveryKind, id::UserId, permission::Actor, time::Timestamp};
use mercat_store::{
    DatabaseTransaction, StoreError,
    delivery::{self, Message},
    entity::{idempotency_key, job},
    event::{self, NewEvent},
    idempotency,
};
use serde_json::json;

use crate::{App, AppError, app::RunningKey, ids, jobs::JobKind};

/// The answer that a request got: stored under its idempotency key and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header names and values that belong to the answer itself.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// An idempotency key and the fingerprint of the request that came with it.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The key, as the caller chose it.
    pub key: String,
    /// SHA-256 over method, path and body.
    pub request_hash: Vec<u8>,
}

/// A change can begin, or was already made.
#[expect(clippy::large_enum_variant, reason = "one caller holds it for a moment")]
pub enum Begun {
    /// Nothing has happened under this key yet.
    Fresh(Tx),
    /// The same request was answered before; here is that answer.
    Replayed(Answer),
}

/// A change in the making. Dropped without [`Tx::commit`] or [`Tx::finish`] it leaves no trace.
pub struct Tx {
    pub(crate) app: App,
    pub(crate) db: DatabaseTransaction,
    pub(crate) now: Timestamp,
    actor: Option<Actor>,
    impersonator: Option<UserId>,
    key: Option<(IdempotencyKey, RunningKey)>,
    events: Vec<NewEvent>,
    messages: Vec<Message>,
    rubbish: Vec<mercat_domain::id::MediaId>,
    pictures: HashMap<String, Picture>,
    has_jobs: bool,
    has_messages: bool,
}

/// A picture that came with a request and is stored once it is clear that it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The sender's name for it.
    pub name: String,
    /// The content.
    pub content: Bytes,
}

impl App {
    /// Begins a change by `actor`, under an idempotency key if the request has one.
    ///
    /// # Errors
    /// [`AppError::KeyRunning`], [`AppError::KeyReused`], or the database failed.
    pub async fn begin(&self, actor: Actor, key: Option<IdempotencyKey>) -> Result<Begun, AppError> {
        let running = match &key {
            Some(key) => Some(self.start_key(actor.id, &key.key).ok_or(AppError::KeyRunning)?),
            None => None,
        };
        let db = self.db.write().await?;
        if let Some(key) = &key {
            if !idempotency::reserve(&db, actor.id, &key.key).await? {
                return Err(AppError::KeyRunning);
            }
            if let Some(stored) = idempotency::find(&db, actor.id, &key.key).await? {
                return replay(stored, key).map(Begun::Replayed);
            }
        }
        Ok(Begun::Fresh(self.tx(db, Some(actor), key.zip(running))))
    }

    /// Begins a change by the service itself.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_own(&self) -> Result<Tx, AppError> {
        let db = self.db.write().await?;
        Ok(self.tx(db, None, None))
    }

    fn tx(&self, db: DatabaseTransaction, actor: Option<Actor>, key: Option<(IdempotencyKey, RunningKey)>) -> Tx {
        let app = self.clone();
        let now = self.now();
        Tx {
            app,
            db,
            now,
            actor,
            impersonator: None,
            key,
            events: vec![],
            messages: vec![],
            rubbish: vec![],
            pictures: HashMap::new(),
            has_jobs: false,
            has_messages: false,
        }
    }
}

fn replay(stored: idempotency_key::Model, key: &IdempotencyKey) -> Result<Answer, AppError> {
    if stored.request_hash != key.request_hash {
        return Err(AppError::KeyReused);
    }
    let headers = stored.headers.as_object().into_iter().flatten();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Answer {
        status: stored.status.unsigned_abs(),
        headers: headers.map(|(name, value)| (name.clone(), text(value))).collect(),
        body: stored.body,
    })
}

impl Tx {
    /// Who makes the change; `None` is the service itself.
    #[must_use]
    pub const fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    /// Notes the member of staff who makes the change in the actor's name: each of its events says so.
    #[must_use]
    pub fn impersonated_by(self, impersonator: Option<UserId>) -> Self {
        Self { impersonator, ..self }
    }

    /// When the change is made.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Hands over the pictures that came with the request, by the column that each is for.
    pub fn bring(&mut self, pictures: HashMap<String, Picture>) {
        self.pictures = pictures;
    }

    pub(crate) fn take_pictures(&mut self) -> HashMap<String, Picture> {
        std::mem::take(&mut self.pictures)
    }

    /// The person who makes the change.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when the service itself does.
    pub(crate) fn person(&self) -> Result<&Actor, AppError> {
        self.actor.as_ref().ok_or(AppError::Forbidden)
    }

    pub(crate) fn log(&mut self, mut event: NewEvent) {
        if let (Some(staff), Some(changes)) = (self.impersonator, event.changes.as_object_mut()) {
            changes.insert("impersonator_uuid".to_owned(), json!(staff.to_string()));
        }
        self.events.push(event);
    }

    /// The worker has to look again after the commit.
    pub(crate) fn wakes_worker(&mut self) {
        self.has_jobs = true;
    }

    /// Whoever delivers messages has to look again after the commit.
    pub(crate) fn wakes_sender(&mut self) {
        self.has_messages = true;
    }

    pub(crate) fn send(&mut self, message: Message) {
        if message.kind != DeliveryKind::Mail || self.app.settings.sends_mail {
            self.messages.push(message);
        }
    }

    /// Deletes the file after the commit; its row must be gone by then.
    pub(crate) fn discard_file(&mut self, id: mercat_domain::id::MediaId) {
        self.rubbish.push(id);
    }

    pub(crate) async fn schedule(
        &mut self,
        kind: JobKind,
        subject: uuid::Uuid,
        due: Timestamp,
    ) -> Result<(), AppError> {
        let job = job::Model {
            id: ids::new(self.now),
            kind: kind.as_str().to_owned(),
            subject,
            created: self.now,
            due,
            attempts: 0,
            last_error: None,
        };
        self.has_jobs = true;
        Ok(mercat_store::insert(&self.db, job).await?)
    }

    /// As [`Tx::finish`], for an answer that holds a secret: under the request's key only the fact is kept, so that
    /// nothing that can be used lies in the database.
    ///
    /// # Errors
    /// As [`Tx::finish`].
    pub async fn finish_secret(self, answer: Answer) -> Result<Answer, AppError> {
        let body = json!({ "detail": "The answer to this request held a secret and was not kept." }).to_string();
        let kept = Answer { status: 409, headers: answer.headers.clone(), body: body.into_bytes() };
        self.finish(kept).await?;
        Ok(answer)
    }

    /// As [`Tx::schedule`], unless this very job waits already: it has its subject's id. Of two times the earlier counts.
    pub(crate) async fn schedule_once(
        &mut self,
        kind: JobKind,
        subject: uuid::Uuid,
        due: Timestamp,
    ) -> Result<(), AppError> {
        let job = job::Model {
            id: subject.into(),
            kind: kind.as_str().to_owned(),
            subject,
            created: self.now,
            due,
            attempts: 0,
            last_error: None,
        };
        self.has_jobs = true;
        Ok(mercat_store::job::insert_once(&self.db, job, due).await?)
    }

    /// Stores the answer under the request's key, if it has one, and commits.
    ///
    /// # Errors
    /// The database failed; then nothing happened.
    pub async fn finish(mut self, answer: Answer) -> Result<Answer, AppError> {
        if let (Some((key, _)), Some(actor)) = (&self.key, &self.actor) {
            let headers = answer.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            let stored = idempotency_key::Model {
                user_id: actor.id,
                key: key.key.clone(),
                request_hash: key.request_hash.clone(),
                status: i16::try_from(answer.status).unwrap_or(i16::MAX),
                headers: serde_json::Value::Object(headers),
                body: answer.body.clone(),
                created: self.now,
            };
            match mercat_store::insert(&self.db, stored).await {
                Err(StoreError::Duplicate(_)) => return Err(AppError::KeyRunning),
                other => other?,
            }
        }
        // Taken out so that the key counts as running until the commit is done.
        let key = self.key.take();
        self.commit().await?;
        drop(key);
        Ok(answer)
    }

    /// Commits without an answer to store.
    ///
    /// # Errors
    /// The database failed; then nothing happened.
    pub async fn commit(self) -> Result<(), AppError> {
        let has_messages = self.has_messages || !self.messages.is_empty();
        delivery::insert(&self.db, self.messages, self.now).await?;
        let newest = event::append(&self.db, self.events).await?;
        self.db.commit().await.map_err(StoreError::from)?;
        if let Some(seq) = newest {
            self.app.announce(seq);
        }
        if has_messages {
            self.app.wake_sender();
        }
        if self.has_jobs {
            self.app.wake_worker();
        }
        for id in self.rubbish {
            self.app.files.delete(id).await;
        }
        Ok(())
    }
}
