//! Who holds which role on an organisation, a project or an offering.

use std::collections::HashMap;

use mercat_domain::{
    id::{CustomerId, ProjectId, RoleId, UserId},
    invalid::Invalid,
    permission::{Actor, OFFERING_MANAGER_ROLE, Permission, SERVICE_MANAGER_ROLE, Scope, ScopeKind},
    time::Timestamp,
};
use mercat_store::{
    Reads,
    entity::{offering, project, role, service_provider, user, user_role},
    list::{self, Filter},
    structure,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    AppError, Tx,
    collection::{Collection, Input, Reader, text},
    events::{Note, note},
    ids,
    jobs::JobKind,
};

/// Role assignments; shown only below the scope that they are on.
pub struct Members;

/// A role assignment with the names of those it is about.
#[derive(Debug, Clone)]
pub struct MemberView {
    /// The assignment.
    pub row: user_role::Model,
    /// Who holds the role.
    pub user: user::Model,
    /// The role.
    pub role: role::Model,
    /// Who gave it.
    pub created_by: Option<user::Model>,
}

impl Collection for Members {
    type Entity = user_role::Entity;
    type View = MemberView;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<user_role::Model>) -> Result<Vec<MemberView>, AppError> {
        let mut people: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
        people.extend(rows.iter().filter_map(|row| row.created_by));
        let people: HashMap<UserId, user::Model> = list::by_ids::<user::Entity, _>(reader.conn, people).await?;
        let roles = list::by_ids::<role::Entity, RoleId>(reader.conn, rows.iter().map(|row| row.role_id)).await?;
        let view = |row: user_role::Model| {
            let user = people.get(&row.user_id)?.clone();
            let role = roles.get(&row.role_id)?.clone();
            Some(MemberView { created_by: row.created_by.and_then(|id| people.get(&id).cloned()), user, role, row })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// Whose role on which scope is to change.
#[derive(Debug, Clone, Copy)]
pub struct MemberRequest {
    /// The scope.
    pub scope: Scope,
    /// The organisation around it: its own permissions count too.
    pub around: Option<Scope>,
    /// The scope was deleted: its roles rest.
    pub is_gone: bool,
}

/// What a change of roles asks for.
#[derive(Clone, Copy)]
enum Change {
    Create,
    Update,
    Delete,
}

impl MemberRequest {
    fn allowed(self, tx: &Tx, change: Change) -> Result<(), AppError> {
        use Permission as P;
        let permission = match (self.scope.kind(), change) {
            (ScopeKind::Customer, Change::Create) => P::CustomerCreatePermission,
            (ScopeKind::Customer, Change::Update) => P::CustomerUpdatePermission,
            (ScopeKind::Customer, Change::Delete) => P::CustomerDeletePermission,
            (ScopeKind::Project, Change::Create) => P::ProjectCreatePermission,
            (ScopeKind::Project, Change::Update) => P::ProjectUpdatePermission,
            (ScopeKind::Project, Change::Delete) => P::ProjectDeletePermission,
            (ScopeKind::Offering, Change::Create) => P::OfferingCreatePermission,
            (ScopeKind::Offering, Change::Update) => P::OfferingUpdatePermission,
            (ScopeKind::Offering, Change::Delete) => P::OfferingDeletePermission,
            (ScopeKind::ServiceProvider, Change::Create) => P::ServiceProviderCreatePermission,
            (ScopeKind::ServiceProvider, Change::Update) => P::ServiceProviderUpdatePermission,
            (ScopeKind::ServiceProvider, Change::Delete) => P::ServiceProviderDeletePermission,
        };
        if self.is_gone {
            return Err(AppError::NotFound);
        }
        let scopes: Vec<Scope> = std::iter::once(self.scope).chain(self.around).collect();
        tx.need(permission, &scopes)
    }

    /// The role and the person, each by name or id.
    async fn named(self, tx: &Tx, input: &Input) -> Result<(role::Model, user::Model), AppError> {
        let wish = text(input, "role");
        let by = match Uuid::try_parse(&wish) {
            Ok(id) => Filter::equals(role::Column::Id, id),
            Err(_) => Filter::equals(role::Column::Name, wish.as_str()),
        };
        let kind = Filter::equals(role::Column::ScopeKind, self.scope.kind());
        let fits = match self.scope.kind() {
            // Managers of services are so on an organisation or on its provider (spec 4.1, 4.3).
            ScopeKind::ServiceProvider => {
                Filter::either([kind, Filter::equals(role::Column::Name, SERVICE_MANAGER_ROLE)])
            }
            _ => kind,
        };
        let role = list::first::<role::Entity>(&tx.db, &[by, fits]).await?;
        let role = role.ok_or_else(|| Invalid::field("role", "Role is not found for this scope."))?;
        let wish = text(input, "user");
        let by = match Uuid::try_parse(&wish) {
            Ok(id) => Filter::equals(user::Column::Id, id),
            Err(_) => Filter::equals(user::Column::Username, wish.as_str()),
        };
        let user = list::first::<user::Entity>(&tx.db, &[by]).await?.filter(|user| user.is_active);
        let user = user.ok_or_else(|| Invalid::field("user", "There is no such active user."))?;
        Ok((role, user))
    }

    async fn present(self, tx: &Tx, role: RoleId, user: UserId) -> Result<Option<user_role::Model>, AppError> {
        let filters = vec![
            Filter::equals(user_role::Column::ScopeId, self.scope.id()),
            Filter::equals(user_role::Column::RoleId, role),
            Filter::equals(user_role::Column::UserId, user),
        ];
        Ok(structure::held(&tx.db, filters, tx.now).await?.pop())
    }
}

/// When a role ends by the input: `None` when nothing is said of it, `Some(None)` for never.
fn expiry(tx: &Tx, input: &Input) -> Result<Option<Option<Timestamp>>, AppError> {
    let Some(value) = input.get("expiration_time") else { return Ok(None) };
    let time = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    if time.is_some_and(|time| time <= tx.now) {
        let text = "Expiration time should be greater than the current time.";
        return Err(Invalid::field("expiration_time", text).into());
    }
    Ok(Some(time))
}

/// Gives somebody a role. The manager of an offering also becomes a manager of its provider (spec 4.1).
///
/// # Errors
/// [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn add<X: From<AppError>>(
    tx: &mut Tx,
    request: MemberRequest,
    input: Result<Input, X>,
) -> Result<Option<Timestamp>, X> {
    request.allowed(tx, Change::Create)?;
    let input = input?;
    let (role, user) = request.named(tx, &input).await?;
    let expires = expiry(tx, &input)?.flatten();
    if !role.is_active {
        return Err(AppError::from(Invalid::field("role", "Role is not active.")).into());
    }
    if request.present(tx, role.id, user.id).await?.is_some() {
        return Err(AppError::from(Invalid::field("user", "User already has this role in this scope.")).into());
    }
    insert(tx, request.scope, &role, &user, expires).await?;
    follow_offering_role(tx, &role, request, user.id).await?;
    Ok(expires)
}

async fn insert(
    tx: &mut Tx,
    scope: Scope,
    role: &role::Model,
    user: &user::Model,
    expires: Option<Timestamp>,
) -> Result<(), AppError> {
    let id = ids::new::<Uuid>(tx.now);
    schedule_end(tx, id, expires).await?;
    let row = user_role::Model {
        id,
        user_id: user.id,
        role_id: role.id,
        scope_kind: scope.kind(),
        scope_id: scope.id(),
        created: tx.now,
        created_by: tx.actor().map(|actor| actor.id),
        expires,
        is_active: true,
    };
    mercat_store::insert(&tx.db, row).await?;
    tell(tx, scope, role, user, "user_role.granted").await
}

/// The project, the consumer and the provider whom a role on a scope concerns.
async fn concerned(
    tx: &Tx,
    scope: Scope,
) -> Result<(Option<ProjectId>, Option<CustomerId>, Option<CustomerId>), AppError> {
    let db = &tx.db;
    Ok(match scope {
        Scope::Project(id) => {
            let project = list::find::<project::Entity>(db, id).await?;
            (Some(id), project.map(|row| row.customer_id), None)
        }
        Scope::Customer(id) => (None, Some(id), None),
        Scope::Offering(id) => (None, None, list::find::<offering::Entity>(db, id).await?.map(|row| row.customer_id)),
        Scope::ServiceProvider(id) => {
            (None, None, list::find::<service_provider::Entity>(db, id).await?.map(|row| row.customer_id))
        }
    })
}

/// Notes who got or lost a role: agents give accounts to the people of projects.
async fn tell(
    tx: &mut Tx,
    scope: Scope,
    role: &role::Model,
    user: &user::Model,
    kind: &'static str,
) -> Result<(), AppError> {
    let (log, granted) = match kind {
        "user_role.granted" => ("role_granted", true),
        "user_role.updated" => ("role_updated", true),
        _ => ("role_revoked", false),
    };
    let name = structure::scope_names(&tx.db, [scope]).await?.remove(&scope.id()).map(|found| found.name);
    let name = name.unwrap_or_default();
    let (project, customer, provider) = concerned(tx, scope).await?;
    let changes = json!({
        "log": [log], "granted": granted, "role_name": role.name, "scope_type": scope.kind(),
        "scope_uuid": scope.id().simple().to_string(), "scope_name": name,
        "user_uuid": user.id, "user_username": user.username,
    });
    let verb = if granted { "has" } else { "no longer has" };
    let message = format!("{} {verb} the role {} on {name}.", user.name(), role.name);
    note(tx, Note { kind, project, customer, provider, changes, message });
    Ok(())
}

/// The service itself ends a role at its time, so that lists that only look at `is_active` are right too.
async fn schedule_end(tx: &mut Tx, id: Uuid, expires: Option<Timestamp>) -> Result<(), AppError> {
    match expires {
        Some(time) => tx.schedule(JobKind::EndRole, id, time).await,
        None => Ok(()),
    }
}

/// Ends a role whose time is over; one that was given more time meanwhile stays.
///
/// # Errors
/// The database failed.
pub async fn end_expired(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    match list::find::<user_role::Entity>(&tx.db, id).await? {
        Some(row) if row.is_active && row.expires.is_some_and(|time| time <= tx.now) => end(tx, row).await,
        _ => Ok(()),
    }
}

/// Whoever manages an offering also is a manager of its provider, for as long as the longest of these roles lasts and
/// no longer (spec 4.1).
async fn follow_offering_role(
    tx: &mut Tx,
    role: &role::Model,
    request: MemberRequest,
    user: UserId,
) -> Result<(), AppError> {
    match request.around {
        Some(Scope::Customer(provider)) if role.name == OFFERING_MANAGER_ROLE => {
            follow_provider(tx, provider, user).await
        }
        _ => Ok(()),
    }
}

async fn follow_provider(tx: &mut Tx, provider: CustomerId, user: UserId) -> Result<(), AppError> {
    let named = |name: &str| Filter::<role::Entity>::equals(role::Column::Name, name);
    let manages = list::first(&tx.db, &[named(OFFERING_MANAGER_ROLE)]).await?.ok_or(AppError::NotFound)?;
    let manager = list::first(&tx.db, &[named(SERVICE_MANAGER_ROLE)]).await?.ok_or(AppError::NotFound)?;
    let offerings = list::all(&tx.db, &[Filter::equals(offering::Column::CustomerId, provider)], &[]).await?;
    let filters = vec![
        Filter::any_of(user_role::Column::ScopeId, offerings.iter().map(|row| row.id)),
        Filter::equals(user_role::Column::RoleId, manages.id),
        Filter::equals(user_role::Column::UserId, user),
    ];
    let held = structure::held(&tx.db, filters, tx.now).await?;
    // Without an end comes after every end.
    let longest = held.iter().map(|role| role.expires).max_by_key(|end| (end.is_none(), *end));
    let around = MemberRequest { scope: Scope::Customer(provider), around: None, is_gone: false };
    match (around.present(tx, manager.id, user).await?, longest) {
        (None, None) => Ok(()),
        (None, Some(expires)) => {
            let user = list::find::<user::Entity>(&tx.db, user).await?.ok_or(AppError::NotFound)?;
            insert(tx, around.scope, &manager, &user, expires).await
        }
        (Some(row), None) => end(tx, row).await,
        (Some(row), Some(expires)) => {
            schedule_end(tx, row.id, expires).await?;
            Ok(list::replace(&tx.db, user_role::Model { expires, ..row }).await?)
        }
    }
}

/// Ends every role on a scope that is deleted or changes hands; returns those that were in force.
pub(crate) async fn end_all(tx: &mut Tx, scope: Scope) -> Result<Vec<user_role::Model>, AppError> {
    let on = vec![Filter::equals(user_role::Column::ScopeId, scope.id())];
    let held = structure::held(&tx.db, on, tx.now).await?;
    for row in held.iter().cloned() {
        end(tx, row).await?;
    }
    Ok(held)
}

/// Lets the managers of a provider follow from its offerings' managers, after these have changed.
pub(crate) async fn follow_managers(
    tx: &mut Tx,
    provider: CustomerId,
    held: &[user_role::Model],
) -> Result<(), AppError> {
    for role in held {
        follow_provider(tx, provider, role.user_id).await?;
    }
    Ok(())
}

/// Takes a role away; it counts no longer from the next request on.
///
/// # Errors
/// As [`add`].
pub async fn remove<X: From<AppError>>(tx: &mut Tx, request: MemberRequest, input: Result<Input, X>) -> Result<(), X> {
    request.allowed(tx, Change::Delete)?;
    let (role, user) = request.named(tx, &input?).await?;
    let held = request.present(tx, role.id, user.id).await?.ok_or_else(not_held)?;
    end(tx, held).await?;
    Ok(follow_offering_role(tx, &role, request, user.id).await?)
}

async fn end(tx: &mut Tx, held: user_role::Model) -> Result<(), AppError> {
    let role = list::find::<role::Entity>(&tx.db, held.role_id).await?.ok_or(AppError::NotFound)?;
    let user = list::find::<user::Entity>(&tx.db, held.user_id).await?.ok_or(AppError::NotFound)?;
    let scope = Scope::new(held.scope_kind, held.scope_id);
    list::replace(&tx.db, user_role::Model { is_active: false, ..held }).await?;
    tell(tx, scope, &role, &user, "user_role.revoked").await
}

fn not_held() -> AppError {
    Invalid::field("user", "User does not have this role in this scope.").into()
}

/// Changes when a role ends.
///
/// # Errors
/// As [`add`].
pub async fn update<X: From<AppError>>(
    tx: &mut Tx,
    request: MemberRequest,
    input: Result<Input, X>,
) -> Result<Option<Timestamp>, X> {
    request.allowed(tx, Change::Update)?;
    let input = input?;
    let (role, user) = request.named(tx, &input).await?;
    let held = request.present(tx, role.id, user.id).await?.ok_or_else(not_held)?;
    let expires = expiry(tx, &input)?.unwrap_or(held.expires);
    schedule_end(tx, held.id, expires).await?;
    let changed = user_role::Model { expires, ..held };
    list::replace(&tx.db, changed).await.map_err(AppError::from)?;
    tell(tx, request.scope, &role, &user, "user_role.updated").await?;
    follow_offering_role(tx, &role, request, user.id).await?;
    Ok(expires)
}
