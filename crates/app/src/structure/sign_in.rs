//! Signing in: a token for a name and its password, for programs and for browsers.

use argon2::{Argon2, PasswordHash, PasswordVerifier as _};
use mercat_store::{
    entity::{token, user},
    list::{self, Filter},
};

use crate::{
    App, AppError, Tx,
    auth::{self, AuthError, Identity},
    ids,
};

/// What the tokens are called that programs get.
pub(super) const PROGRAM: &str = "sign-in";
/// What the tokens are called that browsers keep.
pub(super) const BROWSER: &str = "browser";
/// A browser that is not used for so long has to sign in again, in seconds.
const BROWSER_LIFETIME: i64 = 12 * 3600;

/// Makes a token that ends when it is not used for `lifetime` seconds.
pub(super) async fn new_token(
    tx: &Tx,
    user: &user::Model,
    name: &str,
    lifetime: Option<i64>,
) -> Result<String, AppError> {
    let secret = ids::secret();
    let row = token::Model {
        id: ids::new(tx.now),
        user_id: user.id,
        hash: auth::hash(&secret),
        name: name.to_owned(),
        lifetime,
        created: tx.now,
        last_used: tx.now,
    };
    mercat_store::insert(&tx.db, row).await?;
    Ok(secret)
}

/// A token for a name and its password. Wrong names cost as much time as wrong passwords.
///
/// # Errors
/// [`AppError::BadCredentials`], [`AppError::Throttled`], or the database failed.
pub async fn sign_in(app: &App, username: &str, password: String) -> Result<String, AppError> {
    let user = checked(app, username, password).await?;
    token_for(app, &user, PROGRAM, user.token_lifetime).await
}

/// The same for a browser.
///
/// # Errors
/// As [`sign_in`].
pub async fn sign_in_browser(app: &App, username: &str, password: String) -> Result<String, AppError> {
    let user = checked(app, username, password).await?;
    token_for(app, &user, BROWSER, Some(BROWSER_LIFETIME)).await
}

/// A token for the browser of somebody who shows another token.
///
/// # Errors
/// [`AppError::BadCredentials`], or the database failed.
pub async fn sign_in_browser_by_token(app: &App, token: &str) -> Result<String, AppError> {
    match auth::authenticate(app, token, None).await {
        Ok(Identity { user, .. }) => token_for(app, &user, BROWSER, Some(BROWSER_LIFETIME)).await,
        Err(AuthError::App(error)) => Err(error),
        Err(_) => Err(AppError::BadCredentials),
    }
}

/// A token for the browser of somebody whom whoever asks vouches for: in the demo.
///
/// # Errors
/// [`AppError::BadCredentials`] when there is no such person, or the database failed.
pub async fn sign_in_browser_as(app: &App, username: &str) -> Result<String, AppError> {
    let user = mercat_store::people::user_named(app.db.read(), username).await?;
    let user = user.filter(|user| user.is_active).ok_or(AppError::BadCredentials)?;
    token_for(app, &user, BROWSER, Some(BROWSER_LIFETIME)).await
}

/// Ends a token that was shown.
///
/// # Errors
/// The database failed.
pub async fn sign_out(app: &App, token: &str) -> Result<(), AppError> {
    let tx = app.begin_own().await?;
    list::delete(&tx.db, &[Filter::equals(token::Column::Hash, auth::hash(token))]).await?;
    tx.commit().await
}

async fn token_for(app: &App, user: &user::Model, name: &str, lifetime: Option<i64>) -> Result<String, AppError> {
    let tx = app.begin_own().await?;
    let secret = new_token(&tx, user, name, lifetime).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Whoever has this name and password.
async fn checked(app: &App, username: &str, password: String) -> Result<user::Model, AppError> {
    app.attempts.take(username, app.now()).map_err(AppError::Throttled)?;
    let user = mercat_store::people::user_named(app.db.read(), username).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = verified(hash, password).await?;
    let user = user.filter(|user| is_right && user.is_active).ok_or(AppError::BadCredentials)?;
    app.attempts.forget(username);
    Ok(user)
}

async fn verified(hash: Option<String>, password: String) -> Result<bool, AppError> {
    let work = move || {
        let Some(hash) = hash else {
            drop(argon2::PasswordHasher::hash_password(&Argon2::default(), password.as_bytes()));
            return false;
        };
        let parsed = PasswordHash::new(&hash);
        parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))
}
