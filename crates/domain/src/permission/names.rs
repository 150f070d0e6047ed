//! The permission names and compact sets of them.

use crate::names::names;

names! {
    /// What a role can allow.
    ///
    /// The names of orders and resources are those of spec 4.2; the others are asked for by the rest of
    /// the marketplace.
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
        /// Change name, description and slug of a resource.
        ResourceUpdate = "RESOURCE.UPDATE",
        /// Limit what a user may consume of a resource.
        ResourceConsumptionLimitation = "RESOURCE.CONSUMPTION_LIMITATION",
        /// See who uses a resource.
        ResourceListUsers = "RESOURCE.LIST_USERS",
        /// See the organisation.
        CustomerList = "CUSTOMER.LIST",
        /// Add organisations; staff only by default.
        CustomerCreate = "CUSTOMER.CREATE",
        /// Change the organisation.
        CustomerUpdate = "CUSTOMER.UPDATE",
        /// Delete the organisation; staff only by default.
        CustomerDelete = "CUSTOMER.DELETE",
        /// See the people of the organisation and its projects.
        CustomerListUsers = "CUSTOMER.LIST_USERS",
        /// See who holds which role in the organisation.
        CustomerListPermissions = "CUSTOMER.LIST_PERMISSIONS",
        /// Give roles in the organisation.
        CustomerCreatePermission = "CUSTOMER.CREATE_PERMISSION",
        /// Change how long a role in the organisation lasts.
        CustomerUpdatePermission = "CUSTOMER.UPDATE_PERMISSION",
        /// Take roles in the organisation away.
        CustomerDeletePermission = "CUSTOMER.DELETE_PERMISSION",
        /// See the project.
        ProjectList = "PROJECT.LIST",
        /// Add projects to the organisation.
        ProjectCreate = "PROJECT.CREATE",
        /// Change the project.
        ProjectUpdate = "PROJECT.UPDATE",
        /// Change what describes the project.
        ProjectUpdateMetadata = "PROJECT.UPDATE_METADATA",
        /// Delete the project.
        ProjectDelete = "PROJECT.DELETE",
        /// See who holds which role in the project.
        ProjectListPermissions = "PROJECT.LIST_PERMISSIONS",
        /// Give roles in the project.
        ProjectCreatePermission = "PROJECT.CREATE_PERMISSION",
        /// Change how long a role in the project lasts.
        ProjectUpdatePermission = "PROJECT.UPDATE_PERMISSION",
        /// Take roles in the project away.
        ProjectDeletePermission = "PROJECT.DELETE_PERMISSION",
        /// Add offerings.
        OfferingCreate = "OFFERING.CREATE",
        /// Delete an offering that is a draft.
        OfferingDelete = "OFFERING.DELETE",
        /// Change an offering.
        OfferingUpdate = "OFFERING.UPDATE",
        /// Change the picture in the list.
        OfferingUpdateThumbnail = "OFFERING.UPDATE_THUMBNAIL",
        /// Change the attributes of the category.
        OfferingUpdateAttributes = "OFFERING.UPDATE_ATTRIBUTES",
        /// Change where it is.
        OfferingUpdateLocation = "OFFERING.UPDATE_LOCATION",
        /// Change the texts and the category.
        OfferingUpdateDescription = "OFFERING.UPDATE_DESCRIPTION",
        /// Change the order form and the resource's options.
        OfferingUpdateOptions = "OFFERING.UPDATE_OPTIONS",
        /// Change how the backend is reached.
        OfferingUpdateIntegration = "OFFERING.UPDATE_INTEGRATION",
        /// Change what is measured.
        OfferingUpdateComponents = "OFFERING.UPDATE_COMPONENTS",
        /// Add plans.
        OfferingCreatePlan = "OFFERING.CREATE_PLAN",
        /// Change plans and prices.
        OfferingUpdatePlan = "OFFERING.UPDATE_PLAN",
        /// Archive plans.
        OfferingArchivePlan = "OFFERING.ARCHIVE_PLAN",
        /// Stop new orders for a time.
        OfferingPause = "OFFERING.PAUSE",
        /// Take new orders again.
        OfferingUnpause = "OFFERING.UNPAUSE",
        /// Stop offering it for good.
        OfferingArchive = "OFFERING.ARCHIVE",
        /// Add access endpoints.
        OfferingAddEndpoint = "OFFERING.ADD_ENDPOINT",
        /// Delete access endpoints.
        OfferingDeleteEndpoint = "OFFERING.DELETE_ENDPOINT",
        /// Add screenshots.
        OfferingCreateScreenshot = "OFFERING.CREATE_SCREENSHOT",
        /// Change screenshots.
        OfferingUpdateScreenshot = "OFFERING.UPDATE_SCREENSHOT",
        /// Delete screenshots.
        OfferingDeleteScreenshot = "OFFERING.DELETE_SCREENSHOT",
        /// Add accounts of people at the offering.
        OfferingCreateUser = "OFFERING.CREATE_USER",
        /// Change accounts of people at the offering.
        OfferingUpdateUser = "OFFERING.UPDATE_USER",
        /// Manage the roles that accounts can have at the offering.
        OfferingManageUserRole = "OFFERING.MANAGE_USER_ROLE",
        /// See who holds which role on the offering.
        OfferingListPermissions = "OFFERING.LIST_PERMISSIONS",
        /// Give roles on the offering.
        OfferingCreatePermission = "OFFERING.CREATE_PERMISSION",
        /// Change how long a role on the offering lasts.
        OfferingUpdatePermission = "OFFERING.UPDATE_PERMISSION",
        /// Take roles on the offering away.
        OfferingDeletePermission = "OFFERING.DELETE_PERMISSION",
        /// Make the organisation a service provider.
        ServiceProviderRegister = "SERVICE_PROVIDER.REGISTER",
        /// Change the service provider.
        ServiceProviderUpdate = "SERVICE_PROVIDER.UPDATE",
        /// End being a service provider.
        ServiceProviderDelete = "SERVICE_PROVIDER.DELETE",
        /// Make a new secret code for agents.
        ServiceProviderGenerateApiSecretCode = "SERVICE_PROVIDER.GENERATE_API_SECRET_CODE",
        /// See the secret code for agents.
        ServiceProviderGetApiSecretCode = "SERVICE_PROVIDER.GET_API_SECRET_CODE",
        /// See what the provider earned.
        ServiceProviderGetRevenue = "SERVICE_PROVIDER.GET_REVENUE",
        /// See the provider's statistics.
        ServiceProviderGetStatistics = "SERVICE_PROVIDER.GET_STATISTICS",
        /// Set people's usernames at all offerings of the provider.
        ServiceProviderSetOfferingsUsername = "SERVICE_PROVIDER.SET_OFFERINGS_USERNAME",
        /// See the organisations with robot accounts.
        ServiceProviderGetRobotAccountCustomers = "SERVICE_PROVIDER.GET_ROBOT_ACCOUNT_CUSTOMERS",
        /// See the projects with robot accounts.
        ServiceProviderGetRobotAccountProjects = "SERVICE_PROVIDER.GET_ROBOT_ACCOUNT_PROJECTS",
        /// See who holds which role on the service provider.
        ServiceProviderListPermissions = "SERVICE_PROVIDER.LIST_PERMISSIONS",
        /// Give roles on the service provider.
        ServiceProviderCreatePermission = "SERVICE_PROVIDER.CREATE_PERMISSION",
        /// Change how long a role on the service provider lasts.
        ServiceProviderUpdatePermission = "SERVICE_PROVIDER.UPDATE_PERMISSION",
        /// Take roles on the service provider away.
        ServiceProviderDeletePermission = "SERVICE_PROVIDER.DELETE_PERMISSION",
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
        /// A service provider: what an organisation is to those who order from it.
        ServiceProvider = "service_provider",
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u128);

const _: () = assert!(Permission::ALL.len() <= 128, "a permission is one bit of a u128");

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

    const fn bit(permission: Permission) -> u128 {
        1 << permission as u32
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | Self::bit(permission)))
    }
}
