//! The rights of those who listen for long: asked again while they listen, once for all who show the same token.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use mercat_domain::permission::Actor;

use crate::{
    App,
    auth::{AuthError, authenticate, hash},
};

/// Rights are asked again at most this often.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Who listens.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<HashMap<Shown, Weak<Standing>>>);

/// The hash of a token, and the user whom staff want to be.
type Shown = (Vec<u8>, Option<String>);

/// What a token is good for, as of a moment ago.
pub struct Standing {
    token: String,
    act_as: Option<String>,
    known: tokio::sync::Mutex<(Instant, Actor)>,
}

impl Standing {
    /// The standing of a token that was just found to be the actor's, shared with all who show it too.
    #[must_use]
    pub fn of(app: &App, token: &str, act_as: Option<&str>, actor: Actor) -> Arc<Self> {
        let mut listeners = app.listeners.0.lock().unwrap_or_else(PoisonError::into_inner);
        let act_as = act_as.map(str::to_owned);
        let key = (hash(token), act_as.clone());
        if let Some(shared) = listeners.get(&key).and_then(Weak::upgrade) {
            return shared;
        }
        listeners.retain(|_, standing| standing.strong_count() > 0);
        let known = tokio::sync::Mutex::new((Instant::now(), actor));
        let standing = Arc::new(Self { token: token.to_owned(), act_as, known });
        listeners.insert(key, Arc::downgrade(&standing));
        standing
    }

    /// Whose the token is, with the rights of a second ago or later.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub async fn actor(&self, app: &App) -> Result<Actor, AuthError> {
        let mut known = self.known.lock().await;
        if known.0.elapsed() >= ASK_AGAIN {
            known.1 = authenticate(app, &self.token, self.act_as.as_deref()).await?.actor;
            known.0 = Instant::now();
        }
        Ok(known.1.clone())
    }
}
