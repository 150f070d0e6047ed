//! The permission names and compact sets of them.

use crate::names::names;

names! {
    /// What a role can allow (spec 4.2).
    Permission {
        /// See the orders of the scope.
        OrderList = "ORDER.LIST",
        /// Approve as consumer or provider, and report progress as provider.
        OrderApprove = "ORDER.APPROVE",
        /// Orders of private offerings skip the consumer's review.
        OrderApprovePrivate = "ORDER.APPROVE_PRIVATE",
        /// Reject as consumer or provider.
        OrderReject = "ORDER.REJECT",
        /// Delete a pending order.
        OrderDestroy = "ORDER.DESTROY",
        /// Cancel an order.
        OrderCancel = "ORDER.CANCEL",
        /// Create orders; a name of later versions, not asked for here.
        OrderCreate = "ORDER.CREATE",
        /// Write the backend's id on orders and resources.
        ResourceSetBackendId = "RESOURCE.SET_BACKEND_ID",
        /// Order the end of a resource.
        ResourceTerminate = "RESOURCE.TERMINATE",
        /// Order another plan.
        ResourceSetPlan = "RESOURCE.SET_PLAN",
        /// Order other limits, or a renewal.
        ResourceSetLimits = "RESOURCE.SET_LIMITS",
        /// Order other options.
        ResourceUpdateOptions = "RESOURCE.UPDATE_OPTIONS",
        /// See the resources of the scope.
        ResourceList = "RESOURCE.LIST",
        /// Change the end date of a resource.
        ResourceSetEndDate = "RESOURCE.SET_END_DATE",
        /// Report usage.
        ResourceSetUsage = "RESOURCE.SET_USAGE",
        /// Set the state of a resource.
        ResourceSetState = "RESOURCE.SET_STATE",
        /// Attach a report to a resource.
        ResourceSubmitReport = "RESOURCE.SUBMIT_REPORT",
        /// Write backend metadata of a resource.
        ResourceSetBackendMetadata = "RESOURCE.SET_BACKEND_METADATA",
        /// See what a backend could import.
        ResourceListImportable = "RESOURCE.LIST_IMPORTABLE",
    }
}

names! {
    /// The kind of object that a role is granted on.
    ScopeKind {
        /// An organisation.
        Customer = "customer",
        /// A project.
        Project = "project",
        /// An offering.
        Offering = "offering",
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u64);

const _: () = assert!(Permission::ALL.len() <= 64, "a permission is one bit of a u64");

impl Permissions {
    /// The set of the known names.
    ///
    /// A role may hold names of later versions, which are left out.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// Whether the set holds the permission.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    /// The names in the set, in the order of [`Permission::ALL`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Permission::ALL.iter().filter(move |p| self.contains(**p)).map(|p| p.as_str())
    }

    const fn bit(permission: Permission) -> u64 {
        1 << permission as u64
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | Self::bit(permission)))
    }
}
