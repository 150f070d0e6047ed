//! The roles that a new installation starts with (spec 4.3).
//!
//! An operator may change them.

use super::{Permission as P, ScopeKind};

/// The role whose holders own an organisation (spec 9.1 rule 5, 9.2).
pub const OWNER_ROLE: &str = "CUSTOMER.OWNER";

/// The role of the managers of a provider's services (spec 9.2).
pub const SERVICE_MANAGER_ROLE: &str = "CUSTOMER.MANAGER";

/// A role as shipped.
#[derive(Debug, Clone, Copy)]
pub struct RoleSpec {
    /// The name.
    pub name: &'static str,
    /// What it is granted on.
    pub scope: ScopeKind,
    /// What it is for, in a few words.
    pub description: &'static str,
    /// Whether new assignments are offered; an existing assignment counts either way.
    pub active: bool,
    /// What it allows.
    pub permissions: &'static [P],
}

/// What a provider's agents and managers do to resources.
const PROVIDER_WORK: &[P] = &[
    P::ResourceSetBackendId,
    P::ResourceSetUsage,
    P::ResourceSetState,
    P::ResourceSubmitReport,
    P::ResourceSetBackendMetadata,
    P::ResourceListImportable,
];

/// What managers and administrators of a project may do.
const PROJECT_WORK: &[P] = &[
    P::OrderList,
    P::OrderApprovePrivate,
    P::OrderDestroy,
    P::OrderCancel,
    P::OrderCreate,
    P::ResourceTerminate,
    P::ResourceSetPlan,
    P::ResourceSetLimits,
    P::ResourceList,
];

/// The shipped roles (spec 4.3).
///
/// For the permissions that it leaves open:
/// owners hold all, providers' roles what agents report, everybody in a project sees its resources.
pub const DEFAULT_ROLES: &[RoleSpec] = &[
    RoleSpec {
        name: OWNER_ROLE,
        scope: ScopeKind::Customer,
        description: "Owner of an organisation; approves for it as consumer and as provider",
        active: true,
        permissions: P::ALL,
    },
    RoleSpec {
        name: SERVICE_MANAGER_ROLE,
        scope: ScopeKind::Customer,
        description: "Manager of a provider's services",
        active: false,
        permissions: PROVIDER_WORK,
    },
    RoleSpec {
        name: "CUSTOMER.SUPPORT",
        scope: ScopeKind::Customer,
        description: "Helps an organisation's users",
        active: false,
        permissions: &[],
    },
    RoleSpec {
        name: "CUSTOMER.READER",
        scope: ScopeKind::Customer,
        description: "Sees an organisation's orders and resources",
        active: true,
        permissions: &[P::OrderList, P::ResourceList],
    },
    RoleSpec {
        name: "PROJECT.MANAGER",
        scope: ScopeKind::Project,
        description: "Manages a project",
        active: true,
        permissions: PROJECT_WORK,
    },
    RoleSpec {
        name: "PROJECT.ADMIN",
        scope: ScopeKind::Project,
        description: "Administers a project's resources",
        active: true,
        permissions: PROJECT_WORK,
    },
    RoleSpec {
        name: "PROJECT.MEMBER",
        scope: ScopeKind::Project,
        description: "Uses a project's resources and may order new ones",
        active: false,
        permissions: &[P::OrderCreate, P::ResourceList],
    },
    RoleSpec {
        name: "OFFERING.MANAGER",
        scope: ScopeKind::Offering,
        description: "Manages an offering",
        active: true,
        permissions: PROVIDER_WORK,
    },
];
