//! The person or robot that acts, with the roles that are active right now.

use uuid::Uuid;

use super::{OWNER_ROLE, Permission, Permissions, ScopeKind};
use crate::id::{CustomerId, OfferingId, ProjectId, ServiceProviderId, UserId};

/// The object that a role is granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// An organisation.
    Customer(CustomerId),
    /// A project.
    Project(ProjectId),
    /// An offering.
    Offering(OfferingId),
    /// A service provider.
    ServiceProvider(ServiceProviderId),
}

impl Scope {
    /// The scope of a kind and an id.
    #[must_use]
    pub const fn new(kind: ScopeKind, id: Uuid) -> Self {
        match kind {
            ScopeKind::Customer => Self::Customer(CustomerId(id)),
            ScopeKind::Project => Self::Project(ProjectId(id)),
            ScopeKind::Offering => Self::Offering(OfferingId(id)),
            ScopeKind::ServiceProvider => Self::ServiceProvider(ServiceProviderId(id)),
        }
    }

    /// The kind of object.
    #[must_use]
    pub const fn kind(self) -> ScopeKind {
        match self {
            Self::Customer(_) => ScopeKind::Customer,
            Self::Project(_) => ScopeKind::Project,
            Self::Offering(_) => ScopeKind::Offering,
            Self::ServiceProvider(_) => ScopeKind::ServiceProvider,
        }
    }

    /// The id of the object.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Customer(id) => id.0,
            Self::Project(id) => id.0,
            Self::Offering(id) => id.0,
            Self::ServiceProvider(id) => id.0,
        }
    }
}

/// One active role assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What the role is granted on.
    pub scope: Scope,
    /// The name of the role.
    pub role: String,
    /// What the role allows at present.
    pub permissions: Permissions,
}

/// Who acts. Inactive users and expired assignments never get this far (spec 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Name for people.
    pub full_name: String,
    /// Holds every permission.
    pub is_staff: bool,
    /// Sees everything; for writes only its roles count.
    pub is_support: bool,
    /// The active role assignments.
    pub grants: Vec<Grant>,
}

/// The objects that an actor reaches through roles, by kind.
///
/// Without repetition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantedScopes {
    /// Projects.
    pub projects: Vec<ProjectId>,
    /// Organisations.
    pub customers: Vec<CustomerId>,
    /// Offerings.
    pub offerings: Vec<OfferingId>,
    /// Service providers.
    pub providers: Vec<ServiceProviderId>,
}

/// What a person is called: by the full name, or the sign-in name where there is none.
#[must_use]
pub fn called<'a>(full_name: &'a str, username: &'a str) -> &'a str {
    if full_name.is_empty() { username } else { full_name }
}

impl Actor {
    /// What the person is called.
    #[must_use]
    pub fn name(&self) -> &str {
        called(&self.full_name, &self.username)
    }

    /// Whether a role on one of the scopes holds the permission (spec 4.1).
    ///
    /// Staff always passes.
    #[must_use]
    pub fn has(&self, permission: Permission, scopes: &[Scope]) -> bool {
        self.is_staff || self.grants.iter().any(|g| g.permissions.contains(permission) && scopes.contains(&g.scope))
    }

    /// Whether the actor sees every order: staff and support (spec 4.1).
    #[must_use]
    pub const fn sees_all(&self) -> bool {
        self.is_staff || self.is_support
    }

    /// Whether the actor holds any role on one of the scopes.
    #[must_use]
    pub fn reaches(&self, scopes: &[Option<Scope>]) -> bool {
        self.grants.iter().any(|grant| scopes.contains(&Some(grant.scope)))
    }

    /// Whether the actor holds the named role on exactly that scope.
    ///
    /// Staff is not special.
    #[must_use]
    pub fn has_role(&self, role: &str, scope: Scope) -> bool {
        self.grants.iter().any(|g| g.role == role && g.scope == scope)
    }

    /// The objects of a kind on which the actor holds the named role; staff is not special.
    #[must_use]
    pub fn ids_as(&self, role: &str, kind: ScopeKind) -> Vec<Uuid> {
        self.grants.iter().filter(|g| g.role == role && g.scope.kind() == kind).map(|g| g.scope.id()).collect()
    }

    /// Whether the actor owns the organisation, by role (spec 9.1 rule 5, 9.2).
    #[must_use]
    pub fn owns(&self, customer: CustomerId) -> bool {
        self.has_role(OWNER_ROLE, Scope::Customer(customer))
    }

    /// The scopes on which a role holds the permission; staff is not special.
    #[must_use]
    pub fn scopes_with(&self, permission: Permission) -> GrantedScopes {
        self.grants.iter().filter(|g| g.permissions.contains(permission)).map(|g| g.scope).collect()
    }

    /// The scopes on which the actor has any role; staff is not special.
    #[must_use]
    pub fn scopes(&self) -> GrantedScopes {
        self.grants.iter().map(|g| g.scope).collect()
    }
}

impl FromIterator<Scope> for GrantedScopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut granted = Self::default();
        for scope in scopes {
            match scope {
                Scope::Customer(id) => push_new(&mut granted.customers, id),
                Scope::Project(id) => push_new(&mut granted.projects, id),
                Scope::Offering(id) => push_new(&mut granted.offerings, id),
                Scope::ServiceProvider(id) => push_new(&mut granted.providers, id),
            }
        }
        granted
    }
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
