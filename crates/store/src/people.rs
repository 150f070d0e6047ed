//! Users, their tokens and the roles that they hold.

use std::sync::LazyLock;

use mercat_domain::{
    delivery::MailMode,
    id::{CustomerId, ProjectId, TokenId, UserId},
    permission::{Actor, Grant, Permissions, Scope, ScopeKind},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, Iden as _, Iterable as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set, Statement, Value,
    prelude::Json,
    sea_query::{Expr, ExprTrait as _, JoinType, OnConflict},
};
use uuid::Uuid;

use crate::{
    entity::{mail_preference, role, token, user, user_role},
    error::StoreError,
};

/// A token, whose it is, and what they hold.
#[derive(Debug)]
pub struct Holder {
    /// The token.
    pub token: token::Model,
    /// Its user.
    pub user: user::Model,
    /// The user's roles in force.
    pub grants: Vec<Grant>,
}

#[derive(FromQueryResult)]
struct HolderRow {
    token_id: TokenId,
    name: String,
    lifetime: Option<i64>,
    token_created: Timestamp,
    last_used: Timestamp,
    #[sea_orm(nested)]
    held: HeldRow,
}

/// A user with one of their roles.
#[derive(FromQueryResult)]
struct HeldRow {
    #[sea_orm(nested)]
    user: user::Model,
    scope_kind: Option<ScopeKind>,
    scope_id: Option<Uuid>,
    role: Option<String>,
    permissions: Option<Json>,
}

impl HeldRow {
    fn grant(&self) -> Option<Grant> {
        let scope = Scope::new(self.scope_kind?, self.scope_id?);
        Some(grant(scope, self.role.clone()?, self.permissions.as_ref()?))
    }
}

/// The columns of [`HeldRow`]; those of users by name, because a statement that is planned once must not change when a
/// migration adds one.
static HELD: LazyLock<String> = LazyLock::new(|| {
    let columns: String = user::Column::iter().map(|column| format!("u.{}, ", column.to_string())).collect();
    format!("{columns}h.scope_kind, h.scope_id, r.name AS role, r.permissions")
});

/// The roles in force at `$2` that users `u` hold.
const ROLES: &str =
    "LEFT JOIN user_roles h ON h.user_id = u.id AND h.is_active AND (h.expires IS NULL OR h.expires > $2)
    LEFT JOIN roles r ON r.id = h.role_id";

static HOLDER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT t.id AS token_id, t.name, t.lifetime, t.created AS token_created, t.last_used, {}
         FROM tokens t JOIN users u ON u.id = t.user_id {ROLES} WHERE t.hash = $1",
        *HELD
    )
});

static ACTIVE: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM users u {ROLES} WHERE u.id = $1 AND u.is_active", *HELD));

/// The token with this hash, its user and the user's roles at `now`, by one statement: every request begins with it.
///
/// # Errors
/// The database failed.
pub async fn holder(conn: &impl ConnectionTrait, hash: &[u8], now: Timestamp) -> Result<Option<Holder>, StoreError> {
    let values: [Value; 2] = [hash.into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), HOLDER.as_str(), values);
    let rows = HolderRow::find_by_statement(statement).all(conn).await?;
    let grants = rows.iter().filter_map(|row| row.held.grant()).collect();
    let holder = |row: HolderRow| {
        let HolderRow { token_id: id, name, lifetime, token_created: created, last_used, held: HeldRow { user, .. } } =
            row;
        let token = token::Model { id, user_id: user.id, hash: hash.to_vec(), name, lifetime, created, last_used };
        Holder { token, user, grants }
    };
    Ok(rows.into_iter().next().map(holder))
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
    Ok(actor_with(user, grants(conn, user.id, now).await?))
}

/// Who a user is who holds these roles.
#[must_use]
pub fn actor_with(user: &user::Model, grants: Vec<Grant>) -> Actor {
    Actor {
        id: user.id,
        username: user.username.clone(),
        full_name: user.full_name.clone(),
        is_staff: user.is_staff,
        is_support: user.is_support,
        grants,
    }
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
    let values: [Value; 2] = [id.into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), ACTIVE.as_str(), values);
    let rows = HeldRow::find_by_statement(statement).all(conn).await?;
    Ok(rows.first().map(|first| actor_with(&first.user, rows.iter().filter_map(HeldRow::grant).collect())))
}

async fn grants(conn: &impl ConnectionTrait, user: UserId, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
    let grant = |(held, role): (user_role::Model, role::Model)| {
        grant(Scope::new(held.scope_kind, held.scope_id), role.name, &role.permissions)
    };
    Ok(held(conn, user_role::Column::UserId.eq(user), now).await?.into_iter().map(grant).collect())
}

fn grant(scope: Scope, role: String, permissions: &Json) -> Grant {
    let names = permissions.as_array().into_iter().flatten().filter_map(|name| name.as_str());
    Grant { scope, role, permissions: Permissions::from_names(names) }
}

/// The roles in force that are held by somebody or on something, with what each is.
async fn held(
    conn: &impl ConnectionTrait,
    which: Expr,
    now: Timestamp,
) -> Result<Vec<(user_role::Model, role::Model)>, StoreError> {
    let kind = user_role::Entity::belongs_to(role::Entity).from(user_role::Column::RoleId).to(role::Column::Id);
    let held = user_role::Entity::find().filter(which).filter(in_force(now));
    let rows = held.join(JoinType::InnerJoin, kind.into()).select_also(role::Entity).all(conn).await?;
    Ok(rows.into_iter().filter_map(|(held, role)| Some((held, role?))).collect())
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
    let held = held(conn, user_role::Column::ScopeId.eq(project.uuid()), now).await?;
    Ok(held.into_iter().map(|(held, role)| (held.user_id, role.name)).collect())
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
    let held = held(conn, user_role::Column::ScopeId.is_in(scopes.iter().map(|scope| scope.id())), now).await?;
    let allows = |role: &role::Model| {
        role.permissions.as_array().into_iter().flatten().any(|name| name.as_str() == Some(permission.as_str()))
    };
    let ids = held.iter().filter(|(_, role)| allows(role)).map(|(held, _)| held.user_id);
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
