//! People: who they are, their passwords and tokens.

use std::collections::HashMap;

use mercat_domain::{
    id::{RoleId, TokenId, UserId},
    invalid::Invalid,
    permission::{Actor, Scope},
    time::Timestamp,
};
use mercat_store::{
    Reads,
    entity::{role, token, user, user_role},
    list::{self, Filter, Key},
    structure::{self, ScopeName},
};
use serde_json::Value;
use uuid::Uuid;

use super::sign_in;
use crate::{
    AppError, Tx,
    admin::{self, rows},
    auth,
    collection::{Collection, Editable, Input, Reader, merged, text},
};

/// People: oneself, and those with whom one shares an organisation or project.
pub struct People;

/// A person with roles.
#[derive(Debug, Clone)]
pub struct UserView {
    /// The person.
    pub row: user::Model,
    /// The roles in force.
    pub permissions: Vec<PermissionView>,
    /// When the newest token ends if it is not used.
    pub token_expires: Option<Timestamp>,
    /// Whether it is the viewer or staff who looks: others do not see what is private.
    pub is_private: bool,
}

/// A role that somebody holds, with names.
#[derive(Debug, Clone)]
pub struct PermissionView {
    /// The assignment.
    pub row: user_role::Model,
    /// The role.
    pub role: role::Model,
    /// What it is on.
    pub scope: Option<ScopeName>,
    /// Who gave it.
    pub created_by: Option<user::Model>,
}

/// Fields that only staff may change.
const STAFF_ONLY: [&str; 6] = ["username", "is_staff", "is_support", "is_active", "email", "token_lifetime"];

impl Collection for People {
    type Entity = user::Entity;
    type View = UserView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| structure::people_within(actor.id, &actor.scopes()))
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<user::Model>) -> Result<Vec<UserView>, AppError> {
        let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
        let mut permissions = permissions(reader, &ids).await?;
        let tokens = list::all::<token::Entity>(
            reader.conn,
            &[Filter::any_of(token::Column::UserId, ids.iter().copied())],
            &[Key::column(token::Column::LastUsed, false)],
        )
        .await?;
        let ends: HashMap<UserId, Timestamp> = tokens.iter().filter_map(|t| Some((t.user_id, auth::end(t)?))).collect();
        let view = |row: user::Model| UserView {
            permissions: permissions.remove(&row.id).unwrap_or_default(),
            token_expires: ends.get(&row.id).copied(),
            is_private: row.id == reader.actor.id || reader.actor.sees_all(),
            row,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

/// The roles in force of these people.
///
/// # Errors
/// The database failed.
pub async fn permissions<C: Reads>(
    reader: &Reader<'_, C>,
    ids: &[UserId],
) -> Result<HashMap<UserId, Vec<PermissionView>>, AppError> {
    let of = Filter::any_of(user_role::Column::UserId, ids.iter().copied());
    let held = structure::held(reader.conn, vec![of], reader.now).await?;
    let roles = list::by_ids::<role::Entity, RoleId>(reader.conn, held.iter().map(|row| row.role_id)).await?;
    let scopes = held.iter().map(|row| Scope::new(row.scope_kind, row.scope_id));
    let names = structure::scope_names(reader.conn, scopes).await?;
    let givers = list::by_ids::<user::Entity, UserId>(reader.conn, held.iter().filter_map(|row| row.created_by));
    let givers = givers.await?;
    let mut all: HashMap<UserId, Vec<PermissionView>> = HashMap::new();
    for row in held {
        if let Some(role) = roles.get(&row.role_id).cloned() {
            let scope = names.get(&row.scope_id).cloned();
            let created_by = row.created_by.and_then(|id| givers.get(&id).cloned());
            all.entry(row.user_id).or_default().push(PermissionView { role, scope, created_by, row });
        }
    }
    Ok(all)
}

impl Editable for People {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, mut input: Input) -> Result<Uuid, AppError> {
        agree(tx, &mut input);
        let name = text(&input, "username");
        admin::check_username(tx, &name).await?;
        let row = named(merged(&rows::user(tx.now, &name, "", ""), input)?);
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &user::Model) -> Result<(), AppError> {
        let actor = tx.person()?;
        if actor.is_staff || actor.id == row.id { Ok(()) } else { Err(AppError::Forbidden) }
    }

    async fn update(tx: &mut Tx, row: user::Model, mut input: Input) -> Result<(), AppError> {
        tx.keep_for_staff(&row, &input, &STAFF_ONLY)?;
        agree(tx, &mut input);
        let new = named(merged(&row, input)?);
        if new.username != row.username {
            admin::check_username(tx, &new.username).await?;
        }
        Ok(list::replace(&tx.db, user::Model { modified: tx.now, ..new }).await?)
    }

    async fn destroy(tx: &mut Tx, row: user::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        if tx.person()?.id == row.id {
            return Err(Invalid::plain("You cannot delete yourself.").into());
        }
        tx.remove::<user::Entity>(row.id).await
    }
}

/// `agree_with_policy` is no column: it says that the person agrees now.
fn agree(tx: &Tx, input: &mut Input) {
    if input.remove("agree_with_policy") == Some(Value::Bool(true)) {
        input.insert("agreement_date".to_owned(), Value::String(mercat_domain::time::format(tx.now)));
    }
}

fn named(row: user::Model) -> user::Model {
    let full_name = format!("{} {}", row.first_name, row.last_name).trim().to_owned();
    user::Model { full_name, ..row }
}

/// Sets somebody's password: one's own, or anybody's by staff. What was signed in with the old one ends, but for the
/// token that asks.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn change_password<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    keep: TokenId,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = tx.visible::<People>(id).await?;
    People::may_update(tx, &row).await?;
    let password = text(&input?, "new_password");
    let hash = admin::hash_password(password, "new_password").await?;
    let mut old = signed_in(row.id).to_vec();
    old.push(Filter::differs(token::Column::Id, keep));
    list::delete(&tx.db, &old).await.map_err(AppError::from)?;
    let row = user::Model { password_hash: Some(hash), modified: tx.now, ..row };
    Ok(list::replace(&tx.db, row).await.map_err(AppError::from)?)
}

/// The tokens that somebody got by signing in.
fn signed_in(user: UserId) -> [Filter<token::Entity>; 2] {
    let names = [sign_in::PROGRAM, sign_in::BROWSER];
    [Filter::equals(token::Column::UserId, user), Filter::any_of(token::Column::Name, names)]
}

/// Makes a new token for somebody and ends those that sign-in and refreshing made before.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn refresh_token(tx: &mut Tx, id: Uuid) -> Result<(user::Model, String), AppError> {
    let row = tx.visible::<People>(id).await?;
    People::may_update(tx, &row).await?;
    list::delete(&tx.db, &signed_in(row.id)).await?;
    let secret = sign_in::new_token(tx, &row, sign_in::PROGRAM, row.token_lifetime).await?;
    Ok((row, secret))
}
