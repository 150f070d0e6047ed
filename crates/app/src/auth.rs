//! Who calls: tokens, their sliding life time, and staff acting as somebody else (spec 3.3).

use chrono::TimeDelta;
use mercat_domain::{
    id::{TokenId, UserId},
    permission::Actor,
    time::Timestamp,
};
use mercat_store::{
    entity::{token, user},
    people::{self, Holder},
};
use sha2::{Digest as _, Sha256};

use crate::{App, AppError, ids};

/// A token's use is noted at most this often; shorter life times note it ten times in their span.
const TOUCH_EVERY: i64 = 60;

/// Somebody who proved who they are.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The user whose rights count.
    pub actor: Actor,
    /// The same user's row, for showing.
    pub user: user::Model,
    /// The token that was shown.
    pub token: TokenId,
    /// The member of staff who acts as this user.
    pub impersonator: Option<UserId>,
}

/// Why a token was not accepted (spec 3.2).
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Nobody has this token.
    #[error("Invalid token.")]
    InvalidToken,
    /// Its user may not sign in.
    #[error("User inactive or deleted.")]
    Inactive,
    /// It was not used for too long.
    #[error("Token has expired.")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<mercat_store::StoreError> for AuthError {
    fn from(error: mercat_store::StoreError) -> Self {
        Self::App(error.into())
    }
}

/// Somebody who has not said who they are, where that is allowed: no rights, no roles.
#[must_use]
pub fn nobody() -> Actor {
    Actor {
        id: UserId::from(uuid::Uuid::nil()),
        username: String::new(),
        full_name: String::new(),
        is_staff: false,
        is_support: false,
        grants: Vec::new(),
    }
}

/// The hash under which a token is stored. A plain SHA-256 will do: a token has 160 random bits.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Who has this token; with `act_as`, staff get the identity of that user.
///
/// # Errors
/// See [`AuthError`].
pub async fn authenticate(app: &App, token: &str, act_as: Option<&str>) -> Result<Identity, AuthError> {
    let now = app.now();
    let found = people::holder(app.db.read(), &hash(token), now).await?;
    let Holder { token, user, grants } = found.ok_or(AuthError::InvalidToken)?;
    if !user.is_active {
        return Err(AuthError::Inactive);
    }
    if is_expired(&token, now) {
        return Err(AuthError::Expired);
    }
    touch(app, &token, now).await?;
    if let Some(wish) = act_as
        && let Some(other) = impersonated(app, &user, wish).await?
    {
        let actor = people::actor(app.db.read(), &other, now).await?;
        return Ok(Identity { actor, user: other, token: token.id, impersonator: Some(user.id) });
    }
    let actor = people::actor_with(&user, grants);
    Ok(Identity { actor, user, token: token.id, impersonator: None })
}

fn is_expired(token: &token::Model, now: Timestamp) -> bool {
    end(token).is_some_and(|end| now > end)
}

/// When a token ends if it is not used; `None` is never.
pub(crate) fn end(token: &token::Model) -> Option<Timestamp> {
    token.last_used.checked_add_signed(token.lifetime.and_then(TimeDelta::try_seconds)?)
}

async fn touch(app: &App, token: &token::Model, now: Timestamp) -> Result<(), AuthError> {
    let every = token.lifetime.map_or(TOUCH_EVERY, |lifetime| (lifetime / 10).min(TOUCH_EVERY));
    if now - token.last_used >= TimeDelta::seconds(every.max(1)) {
        let tx = app.db.write().await?;
        people::touch_token(&tx, token.id, now).await?;
        tx.commit().await.map_err(mercat_store::StoreError::from)?;
    }
    Ok(())
}

/// The user that staff wants to be; a wrong wish is ignored with a line in the log (spec 3.3).
async fn impersonated(app: &App, user: &user::Model, wish: &str) -> Result<Option<user::Model>, AuthError> {
    let target = match wish.parse::<UserId>() {
        Ok(id) if user.is_staff => people::user(app.db.read(), id).await?,
        _ => None,
    };
    let target = target.filter(|target| target.is_active);
    if target.is_none() {
        tracing::warn!(user.uuid = %user.id, "impersonation ignored: not staff, or no such active user");
    }
    Ok(target)
}

/// Makes a token for a user and returns it; it cannot be read again. `lifetime` is in seconds without use.
///
/// # Errors
/// The database failed.
pub async fn create_token(app: &App, user: UserId, name: &str, lifetime: Option<i64>) -> Result<String, AppError> {
    let secret = ids::secret();
    let now = app.now();
    let row = token::Model {
        id: ids::new(now),
        user_id: user,
        hash: hash(&secret),
        name: name.to_owned(),
        lifetime,
        created: now,
        last_used: now,
    };
    let tx = app.begin_own().await?;
    mercat_store::insert(&tx.db, row).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Who a user of that name is; for set-up and tests, which need no token.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or the database failed.
pub async fn actor_named(app: &App, username: &str) -> Result<Actor, AppError> {
    let user = people::user_named(app.db.read(), username).await?.ok_or(AppError::NotFound)?;
    Ok(people::actor(app.db.read(), &user, app.now()).await?)
}
