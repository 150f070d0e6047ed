//! What providers' agents hear of (clients 6.5).

use crate::names::names;

names! {
    /// A kind of object that an agent's queue is about.
    ObservableType {
        /// Orders.
        Order = "order",
        /// Who belongs to a project.
        UserRole = "user_role",
        /// Resources.
        Resource = "resource",
        /// Accounts at the offering.
        OfferingUser = "offering_user",
        /// Resources of the backend that could be imported.
        ImportableResources = "importable_resources",
        /// Accounts of services.
        ServiceAccount = "service_account",
        /// Accounts of courses.
        CourseAccount = "course_account",
        /// Limits by period.
        PeriodicLimits = "resource_periodic_limits",
        /// New keys of a resource.
        KeyRotation = "resource_api_key_rotation",
        /// A wish to compare all resources.
        ResourcesSync = "offering_resources_sync",
    }
}

names! {
    /// How an agent's service is.
    AgentServiceState {
        /// It works.
        Active = "Active",
        /// It has nothing to do.
        Idle = "Idle",
        /// It failed.
        Error = "Error",
    }
}
