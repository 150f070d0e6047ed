//! Signing in: a token for a name and its password, for programs and for browsers.

use argon2::{Argon2, PasswordHash, PasswordVerifier as _};
use mercat_domain::invalid::Invalid;
use mercat_store::{
    entity::{token, user},
    list::{self, Filter},
};

use crate::{
    App, AppError, Tx, admin,
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
    tracing::info!(user.uuid = %user.id, token.name = name, "a token was made");
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

/// How accounts are marked that another service vouches for.
pub const ELSEWHERE: &str = "oidc";
/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 128;

/// Somebody for whom another service vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The name of the account.
    pub username: String,
    /// May be empty.
    pub email: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
}

/// A token for the browser of somebody for whom another service vouches. Their account is made when there is none and
/// `may_make` allows it. An account that was not marked so is entered by its password only: whoever may choose a name
/// there must not become somebody here.
///
/// # Errors
/// [`AppError::BadCredentials`] when there is no such account or it is switched off, [`AppError::Forbidden`] when it is
/// not marked, [`AppError::Invalid`] when its name cannot be one, or the database failed.
pub async fn sign_in_browser_elsewhere(app: &App, who: Vouched, may_make: bool) -> Result<String, AppError> {
    if who.username.is_empty() || who.username.chars().count() > LONGEST_NAME || who.username.contains('\0') {
        return Err(Invalid::field("username", "This name cannot be that of an account.").into());
    }
    let tx = app.begin_own().await?;
    let named = Filter::equals(user::Column::Username, who.username.as_str());
    let user = match list::lock::<user::Entity>(&tx.db, &[named]).await? {
        Some(user) if !user.is_active => return Err(AppError::BadCredentials),
        Some(user) if user.registration_method != ELSEWHERE => return Err(AppError::Forbidden),
        Some(user) => {
            let known = described(user.clone(), who);
            if known != user {
                list::replace(&tx.db, user::Model { modified: tx.now, ..known.clone() }).await?;
            }
            known
        }
        None if !may_make => return Err(AppError::BadCredentials),
        None => {
            let name = who.username.clone();
            admin::check_username(&tx, &name).await?;
            let base = admin::rows::user(tx.now, &name, "", "");
            let user = described(user::Model { registration_method: ELSEWHERE.to_owned(), ..base }, who);
            mercat_store::insert(&tx.db, user.clone()).await?;
            user
        }
    };
    let secret = new_token(&tx, &user, BROWSER, Some(BROWSER_LIFETIME)).await?;
    tx.commit().await?;
    Ok(secret)
}

/// With what the other service says; what it does not say stays.
fn described(user: user::Model, who: Vouched) -> user::Model {
    let said = |new: String, old: String| if new.is_empty() || new.contains('\0') { old } else { new };
    let cut = |text: String, longest: usize| text.chars().take(longest).collect::<String>();
    let first_name = cut(said(who.first_name, user.first_name.clone()), 100);
    let last_name = cut(said(who.last_name, user.last_name.clone()), 100);
    let full_name = format!("{first_name} {last_name}").trim().to_owned();
    user::Model { email: cut(said(who.email, user.email.clone()), 320), first_name, last_name, full_name, ..user }
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
    if let Err(pause) = app.attempts.take(username, app.now()) {
        tracing::warn!("sign-in refused: too many attempts for one name");
        return Err(AppError::Throttled(pause));
    }
    let user = mercat_store::people::user_named(app.db.read(), username).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = verified(hash, password).await?;
    let known = user.as_ref().map(|user| user.id.to_string());
    let Some(user) = user.filter(|user| is_right && user.is_active) else {
        // No name that nobody has: it may be a password, typed into the wrong field.
        tracing::warn!(
            user.uuid = known,
            "sign-in refused: wrong name or password, or an account that is switched off"
        );
        return Err(AppError::BadCredentials);
    };
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
