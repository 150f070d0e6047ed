//! Setting up without asking for permission: what the command line, the demo and tests do before anybody can sign in.

pub mod rows;

use argon2::{Argon2, PasswordHasher as _};
use chrono::TimeDelta;
use mercat_domain::{
    id::UserId,
    invalid::Invalid,
    permission::{DEFAULT_ROLES, Scope},
};
use mercat_store::{
    Row,
    entity::{role, user, user_role},
    event, installation, people,
};
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError, Tx, ids};

/// A user who is about to be made.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Address for mail; may be empty.
    pub email: String,
    /// May do everything.
    pub is_staff: bool,
    /// May see everything.
    pub is_support: bool,
    /// To sign in with; without one only tokens work.
    pub password: Option<String>,
}

/// Adds a row as it is.
///
/// # Errors
/// It exists already, or the database failed.
pub async fn put<R: Row>(tx: &Tx, row: R) -> Result<(), AppError> {
    Ok(mercat_store::insert(&tx.db, row).await?)
}

/// How far the clock of this machine is from the database's, and how far it is behind the newest event, where it is: what
/// is due would otherwise happen too early or too late.
///
/// # Errors
/// The database failed.
pub async fn clock_difference(app: &App) -> Result<TimeDelta, AppError> {
    let now = app.now();
    let database = app.db.clock().await?.map_or(TimeDelta::zero(), |there| (there - now).abs());
    let newest = event::newest_time(app.db.read()).await?.map_or(TimeDelta::zero(), |there| there - now);
    Ok(database.max(newest))
}

/// Whether the service's secret key is the one that belongs to the database; the first one that comes does from then on.
///
/// # Errors
/// The database failed.
pub async fn claim_key(app: &App) -> Result<bool, AppError> {
    let mark = app.installation();
    if installation::key_mark(app.db.read()).await?.is_none() {
        let tx = app.begin_own().await?;
        installation::offer_key(&tx.db, &mark).await?;
        tx.commit().await?;
    }
    fits_key(app).await
}

/// Whether the service's secret key is the one that belongs to the database, or none does yet.
///
/// # Errors
/// The database failed.
pub async fn fits_key(app: &App) -> Result<bool, AppError> {
    let known = installation::key_mark(app.db.read()).await?;
    Ok(known.is_none_or(|known| known == app.installation()))
}

/// Lets the service's secret key belong to the database, in place of another that is lost.
///
/// # Errors
/// The database failed.
pub async fn adopt_key(app: &App) -> Result<(), AppError> {
    let tx = app.begin_own().await?;
    installation::set_key(&tx.db, &app.installation()).await?;
    tx.commit().await
}

/// Adds the default roles that are missing (spec 4.3); roles that are there stay as the operator made them.
///
/// # Errors
/// The database failed.
pub async fn ensure_roles(app: &App) -> Result<(), AppError> {
    let tx = app.begin_own().await?;
    let known = people::roles(&tx.db).await?;
    for spec in DEFAULT_ROLES.iter().filter(|spec| known.iter().all(|role| role.name != spec.name)) {
        let names: Vec<&str> = spec.permissions.iter().map(|permission| permission.as_str()).collect();
        let row = role::Model {
            id: ids::new(tx.now),
            name: spec.name.to_owned(),
            description: spec.description.to_owned(),
            scope_kind: spec.scope,
            is_active: spec.active,
            is_system: true,
            permissions: json!(names),
            translations: json!({}),
        };
        put(&tx, row).await?;
    }
    tx.commit().await
}

/// Makes a user. The password is hashed with argon2id; `None` in `NewUser` means that only tokens work.
///
/// # Errors
/// [`AppError::Invalid`] when the name is not one or is taken, or the password is too short; the database failed.
pub async fn create_user(tx: &Tx, new: NewUser) -> Result<UserId, AppError> {
    check_username(tx, &new.username).await?;
    let row = user::Model {
        password_hash: match new.password {
            Some(password) => Some(hash_password(password, "password").await?),
            None => None,
        },
        is_staff: new.is_staff,
        is_support: new.is_support,
        email: new.email,
        ..rows::user(tx.now, &new.username, &new.first_name, &new.last_name)
    };
    let id = row.id;
    put(tx, row).await?;
    Ok(id)
}

pub(crate) async fn check_username(tx: &Tx, name: &str) -> Result<(), AppError> {
    let refuse = |message: &str| Err(Invalid::field("username", message).into());
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "@.+-_".contains(c);
    if name.is_empty() || name.len() > 128 || !name.chars().all(fits) {
        return refuse("128 characters or fewer. Lowercase letters, numbers and @/./+/-/_ characters");
    }
    if people::user_named(&tx.db, name).await?.is_some() {
        return refuse("A user with that username already exists.");
    }
    Ok(())
}

/// The shortest password, in characters.
const SHORTEST_PASSWORD: usize = 8;

/// A new password as it is kept; one that is too short is refused in the words of its `field`.
pub(crate) async fn hash_password(password: String, field: &str) -> Result<String, AppError> {
    if password.chars().count() < SHORTEST_PASSWORD {
        let text = format!("This password is too short. It must contain at least {SHORTEST_PASSWORD} characters.");
        return Err(Invalid::field(field, text).into());
    }
    let work = move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string());
    let hashed = tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))?;
    hashed.map_err(|e| AppError::Internal(format!("the password could not be hashed: {e}")))
}

/// The user of that name.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or the database failed.
pub async fn user_named(app: &App, username: &str) -> Result<user::Model, AppError> {
    people::user_named(app.db.read(), username).await?.ok_or(AppError::NotFound)
}

/// Gives a user a role on a scope, for ever.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such role, or the database failed.
pub async fn grant(tx: &Tx, user: UserId, role: &str, scope: Scope) -> Result<(), AppError> {
    let role = people::roles(&tx.db).await?.into_iter().find(|known| known.name == role).ok_or(AppError::NotFound)?;
    let row = user_role::Model {
        id: ids::new::<Uuid>(tx.now),
        user_id: user,
        role_id: role.id,
        scope_kind: scope.kind(),
        scope_id: scope.id(),
        created: tx.now,
        created_by: None,
        expires: None,
        is_active: true,
    };
    put(tx, row).await
}
