//! The roles that a new installation starts with (spec 4.3).
//!
//! An operator may change them.

use super::{Permission as P, ScopeKind};

/// The role whose holders own an organisation (spec 9.1 rule 5, 9.2).
pub const OWNER_ROLE: &str = "CUSTOMER.OWNER";

/// The role of the managers of a provider's services (spec 9.2).
pub const SERVICE_MANAGER_ROLE: &str = "CUSTOMER.MANAGER";

/// The role whose holders also manage the services of the offering's provider (spec 4.1).
pub const OFFERING_MANAGER_ROLE: &str = "OFFERING.MANAGER";

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

/// What only staff may do in a new installation.
const STAFF_ONLY: &[P] = &[P::CustomerCreate, P::CustomerDelete];

/// What a provider's agents and managers do to resources.
const PROVIDER_WORK: &[P] = &[
    P::ResourceSetBackendId,
    P::ResourceSetUsage,
    P::ResourceSetState,
    P::ResourceSubmitReport,
    P::ResourceSetBackendMetadata,
    P::ResourceListImportable,
];

/// What the manager of an offering may do to it; who else manages it, and its end, are not among them.
const OFFERING_WORK: &[P] = &[
    P::OfferingUpdate,
    P::OfferingUpdateThumbnail,
    P::OfferingUpdateAttributes,
    P::OfferingUpdateLocation,
    P::OfferingUpdateDescription,
    P::OfferingUpdateOptions,
    P::OfferingUpdateIntegration,
    P::OfferingUpdateComponents,
    P::OfferingCreatePlan,
    P::OfferingUpdatePlan,
    P::OfferingArchivePlan,
    P::OfferingPause,
    P::OfferingUnpause,
    P::OfferingAddEndpoint,
    P::OfferingDeleteEndpoint,
    P::OfferingCreateScreenshot,
    P::OfferingUpdateScreenshot,
    P::OfferingDeleteScreenshot,
    P::OfferingCreateUser,
    P::OfferingUpdateUser,
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
    P::ResourceUpdate,
    P::ProjectList,
    P::ProjectListPermissions,
];

/// What managers of a project may do on top of that.
const PROJECT_MANAGEMENT: &[P] = &[
    P::ResourceConsumptionLimitation,
    P::ProjectUpdate,
    P::ProjectUpdateMetadata,
    P::ProjectCreatePermission,
    P::ProjectUpdatePermission,
    P::ProjectDeletePermission,
];

/// What readers of an organisation see: the list-type permissions.
const READING: &[P] =
    &[P::OrderList, P::ResourceList, P::ResourceListUsers, P::CustomerList, P::CustomerListUsers, P::ProjectList];

/// The lists one after the other, as one constant.
macro_rules! joined {
    ($($part:expr),+) => {{
        const PARTS: &[&[P]] = &[$($part),+];
        const LIST: [P; total(PARTS)] = join(PARTS);
        &LIST
    }};
}

const OWNER: [P; P::ALL.len() - STAFF_ONLY.len()] = owner();

/// The shipped roles (spec 4.3).
///
/// The document fixes eleven permissions of orders and resources; what it leaves open is ours:
/// owners hold all but what only staff may, providers' roles what agents report and the offerings, readers what is listed,
/// everybody in a project sees it and its resources, its managers also manage its people.
pub const DEFAULT_ROLES: &[RoleSpec] = &[
    RoleSpec {
        name: OWNER_ROLE,
        scope: ScopeKind::Customer,
        description: "Owner of an organisation; approves for it as consumer and as provider",
        active: true,
        permissions: &OWNER,
    },
    RoleSpec {
        name: SERVICE_MANAGER_ROLE,
        scope: ScopeKind::Customer,
        description: "Manager of a provider's services",
        active: false,
        // Every manager of one offering gets this role (spec 4.1): it must not reach the other offerings.
        permissions: &[P::ResourceSetBackendId],
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
        permissions: READING,
    },
    RoleSpec {
        name: "PROJECT.MANAGER",
        scope: ScopeKind::Project,
        description: "Manages a project",
        active: true,
        permissions: joined!(PROJECT_WORK, PROJECT_MANAGEMENT),
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
        permissions: &[P::OrderCreate, P::ResourceList, P::ProjectList],
    },
    RoleSpec {
        name: OFFERING_MANAGER_ROLE,
        scope: ScopeKind::Offering,
        description: "Manages an offering",
        active: true,
        permissions: joined!(PROVIDER_WORK, OFFERING_WORK),
    },
];

const fn total(parts: &[&[P]]) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < parts.len() {
        sum += parts[at].len();
        at += 1;
    }
    sum
}

const fn join<const N: usize>(parts: &[&[P]]) -> [P; N] {
    let mut list = [P::ALL[0]; N];
    let (mut filled, mut part) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            list[filled] = parts[part][at];
            filled += 1;
            at += 1;
        }
        part += 1;
    }
    list
}

const fn owner<const N: usize>() -> [P; N] {
    let mut list = [P::ALL[0]; N];
    let (mut filled, mut at) = (0, 0);
    while at < P::ALL.len() {
        if !is_staff_only(P::ALL[at]) {
            list[filled] = P::ALL[at];
            filled += 1;
        }
        at += 1;
    }
    list
}

const fn is_staff_only(permission: P) -> bool {
    let mut at = 0;
    while at < STAFF_ONLY.len() {
        if STAFF_ONLY[at] as u32 == permission as u32 {
            return true;
        }
        at += 1;
    }
    false
}
