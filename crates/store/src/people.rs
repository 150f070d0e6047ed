//! Users, their tokens and the roles that they hold.

use std::collections::HashMap;

use mercat_domain::{
    delivery::MailMode,
    id::{CustomerId, ProjectId, RoleId, TokenId, UserId},
    permission::{Actor, Grant, Permissions, Scope},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select, Set,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    entity::{mail_preference, role, token, user, user_role},
    error::StoreError,
};

/// The token with this hash and its user.
///
/// # Errors
/// The database failed.
pub async fn by_token(
    conn: &impl ConnectionTrait,
    hash: &[u8],
) -> Result<Option<(token::Model, user::Model)>, StoreError> {
    let Some(token) = token::Entity::find().filter(token::Column::Hash.eq(hash)).one(conn).await? else {
        return Ok(None);
    };
    let user = user::Entity::find_by_id(token.user_id).one(conn).await?;
    Ok(user.map(|user| (token, user)))
}

/// A user by id.
///
/// # Errors
/// The database failed.
pub async fn user(conn: &impl ConnectionTrait, id: UserId) -> Result<Option<user::Model>, StoreError> {
    Ok(user::Entity::find_by_id(id).one(conn).await?)
}

/// A user by name.
///
/// # Errors
/// The database failed.
pub async fn user_named(conn: &impl ConnectionTrait, username: &str) -> Result<Option<user::Model>, StoreError> {
    Ok(user::Entity::find().filter(user::Column::Username.eq(username)).one(conn).await?)
}

/// Who a user is and what the user's roles at `now` allow.
///
/// # Errors
/// The database failed.
pub async fn actor(conn: &impl ConnectionTrait, user: &user::Model, now: Timestamp) -> Result<Actor, StoreError> {
    Ok(Actor {
        id: user.id,
        username: user.username.clone(),
        full_name: user.full_name.clone(),
        is_staff: user.is_staff,
        is_support: user.is_support,
        grants: grants(conn, user.id, now).await?,
    })
}

/// The same of a user who may sign in; `None` for others.
///
/// # Errors
/// The database failed.
pub async fn active_actor(
    conn: &impl ConnectionTrait,
    id: UserId,
    now: Timestamp,
) -> Result<Option<Actor>, StoreError> {
    match user(conn, id).await? {
        Some(user) if user.is_active => Ok(Some(actor(conn, &user, now).await?)),
        _ => Ok(None),
    }
}

async fn grants(conn: &impl ConnectionTrait, user: UserId, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
    let held =
        user_role::Entity::find().filter(user_role::Column::UserId.eq(user)).filter(in_force(now)).all(conn).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let roles = roles_by_id(conn, held.iter().map(|h| h.role_id)).await?;
    let grant = |held: &user_role::Model| {
        let role = roles.get(&held.role_id)?;
        let names = role.permissions.as_array().into_iter().flatten().filter_map(|name| name.as_str());
        Some(Grant {
            scope: Scope::new(held.scope_kind, held.scope_id),
            role: role.name.clone(),
            permissions: Permissions::from_names(names),
        })
    };
    Ok(held.iter().filter_map(grant).collect())
}

async fn roles_by_id(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = RoleId>,
) -> Result<HashMap<RoleId, role::Model>, StoreError> {
    let roles = role::Entity::find().filter(role::Column::Id.is_in(ids)).all(conn).await?;
    Ok(roles.into_iter().map(|role| (role.id, role)).collect())
}

/// Active and not expired: the expiry is read here as well as swept (spec 4.1).
pub(crate) fn in_force(now: Timestamp) -> Condition {
    Condition::all()
        .add(user_role::Column::IsActive.eq(true))
        .add(Condition::any().add(user_role::Column::Expires.is_null()).add(user_role::Column::Expires.gt(now)))
}

/// Names of the roles held in a project, one entry a person and role.
///
/// # Errors
/// The database failed.
pub async fn team(
    conn: &impl ConnectionTrait,
    project: ProjectId,
    now: Timestamp,
) -> Result<Vec<(UserId, String)>, StoreError> {
    let held = user_role::Entity::find()
        .filter(user_role::Column::ScopeId.eq(project.uuid()))
        .filter(in_force(now))
        .all(conn)
        .await?;
    let roles = roles_by_id(conn, held.iter().map(|h| h.role_id)).await?;
    Ok(held.iter().filter_map(|h| roles.get(&h.role_id).map(|role| (h.user_id, role.name.clone()))).collect())
}

/// People whose role on one of these scopes holds the permission.
///
/// # Errors
/// The database failed.
pub async fn permitted(
    conn: &impl ConnectionTrait,
    scopes: &[Scope],
    permission: mercat_domain::permission::Permission,
    now: Timestamp,
) -> Result<Vec<user::Model>, StoreError> {
    let held = user_role::Entity::find()
        .filter(user_role::Column::ScopeId.is_in(scopes.iter().map(|scope| scope.id())))
        .filter(in_force(now))
        .all(conn)
        .await?;
    let roles = roles_by_id(conn, held.iter().map(|h| h.role_id)).await?;
    let allows = |role: &role::Model| {
        role.permissions.as_array().into_iter().flatten().any(|name| name.as_str() == Some(permission.as_str()))
    };
    let ids = held.iter().filter(|h| roles.get(&h.role_id).is_some_and(allows)).map(|h| h.user_id);
    let active = user::Entity::find().filter(user::Column::IsActive.eq(true));
    Ok(active.filter(user::Column::Id.is_in(ids)).all(conn).await?)
}

/// People who get mail about these scopes: those whose role there holds the permission (spec 15.6).
///
/// # Errors
/// The database failed.
pub async fn holders(
    conn: &impl ConnectionTrait,
    scopes: &[Scope],
    permission: mercat_domain::permission::Permission,
    now: Timestamp,
) -> Result<Vec<user::Model>, StoreError> {
    let mut people = permitted(conn, scopes, permission, now).await?;
    people.retain(|user| user.notifications_enabled && !user.email.is_empty());
    Ok(people)
}

/// People with any role in a project who get mail.
///
/// # Errors
/// The database failed.
pub async fn members(
    conn: &impl ConnectionTrait,
    project: ProjectId,
    now: Timestamp,
) -> Result<Vec<user::Model>, StoreError> {
    let ids = team(conn, project, now).await?.into_iter().map(|(user, _)| user);
    Ok(reachable().filter(user::Column::Id.is_in(ids)).all(conn).await?)
}

/// Staff who get mail.
///
/// # Errors
/// The database failed.
pub async fn staff(conn: &impl ConnectionTrait) -> Result<Vec<user::Model>, StoreError> {
    Ok(reachable().filter(user::Column::IsStaff.eq(true)).all(conn).await?)
}

/// Active users with an address who have not switched notifications off.
fn reachable() -> Select<user::Entity> {
    user::Entity::find()
        .filter(user::Column::IsActive.eq(true).and(user::Column::NotificationsEnabled.eq(true)))
        .filter(user::Column::Email.ne(""))
        .order_by_asc(user::Column::Username)
}

/// All role definitions, by name.
///
/// # Errors
/// The database failed.
pub async fn roles(conn: &impl ConnectionTrait) -> Result<Vec<role::Model>, StoreError> {
    Ok(role::Entity::find().order_by_asc(role::Column::Name).all(conn).await?)
}

/// The organisation groups of the organisations on which the user holds a role, or of one of them.
///
/// # Errors
/// The database failed.
pub async fn groups_of(
    conn: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<Vec<mercat_domain::id::OrganizationGroupId>, StoreError> {
    use crate::entity::customer_group::{Column, Entity};
    let rows = Entity::find().filter(Column::CustomerId.is_in(customers.iter().copied())).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.group_id).collect())
}

/// Notes that a token was used, which prolongs its life.
///
/// # Errors
/// The database failed.
pub async fn touch_token(conn: &impl ConnectionTrait, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    token::Entity::update_many()
        .col_expr(token::Column::LastUsed, Expr::val(now))
        .filter(token::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Removes tokens that ended a day ago and more: nobody can use them any more.
///
/// # Errors
/// The database failed.
pub async fn forget_dead_tokens(conn: &impl ConnectionTrait, now: Timestamp) -> Result<(), StoreError> {
    let old = now - chrono::TimeDelta::days(1);
    let mortal = token::Entity::find().filter(token::Column::Lifetime.is_not_null());
    let unused = mortal.filter(token::Column::LastUsed.lt(old)).all(conn).await?;
    let is_dead = |row: &token::Model| {
        let life = row.lifetime.and_then(chrono::TimeDelta::try_seconds);
        life.and_then(|life| row.last_used.checked_add_signed(life)).is_some_and(|end| end < old)
    };
    // As many ids as any database takes in one statement.
    for dead in unused.iter().filter(|row| is_dead(row)).map(|row| row.id).collect::<Vec<_>>().chunks(500) {
        token::Entity::delete_many().filter(token::Column::Id.is_in(dead.iter().copied())).exec(conn).await?;
    }
    Ok(())
}

/// How somebody wants mail, if they have said so.
///
/// # Errors
/// The database failed.
pub async fn mail_mode(conn: &impl ConnectionTrait, user: UserId) -> Result<Option<MailMode>, StoreError> {
    Ok(mail_preference::Entity::find_by_id(user).one(conn).await?.map(|row| row.mode))
}

/// Notes how somebody wants mail.
///
/// # Errors
/// The database failed.
pub async fn set_mail_mode(
    conn: &impl ConnectionTrait,
    user: UserId,
    mode: MailMode,
    now: Timestamp,
) -> Result<(), StoreError> {
    let replace = OnConflict::column(mail_preference::Column::UserId)
        .update_columns([mail_preference::Column::Mode, mail_preference::Column::Modified])
        .to_owned();
    let row = mail_preference::ActiveModel { user_id: Set(user), mode: Set(mode), modified: Set(now) };
    mail_preference::Entity::insert(row).on_conflict(replace).exec_without_returning(conn).await?;
    Ok(())
}
