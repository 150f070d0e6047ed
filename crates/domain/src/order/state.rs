//! The nine states and four types of an order (spec 2).

use crate::names::names;

names! {
    /// State of an order, declared in the order of the codes by which `o=state` sorts.
    coded OrderState {
        /// Waits for the consumer's approval.
        PendingConsumer = "pending-consumer",
        /// Approved; an agent, a person or the service itself fulfils it.
        Executing = "executing",
        /// Fulfilled.
        Done = "done",
        /// Failed; an agent may take it up again.
        Erred = "erred",
        /// Withdrawn.
        Canceled = "canceled",
        /// Refused by the consumer's or the provider's side.
        Rejected = "rejected",
        /// Waits for the provider's approval.
        PendingProvider = "pending-provider",
        /// Waits for the project to start.
        PendingProject = "pending-project",
        /// Waits for the order's own start date.
        PendingStartDate = "pending-start-date",
    }
}

impl OrderState {
    /// Whether the order has ended; an erred order may be reopened.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Canceled | Self::Rejected)
    }
}

names! {
    /// What an order asks for.
    coded OrderType {
        /// A new resource.
        Create = "Create",
        /// Another plan, other limits or other options of a resource.
        Update = "Update",
        /// The end of a resource.
        Terminate = "Terminate",
        /// A terminated resource back.
        Restore = "Restore",
    }
}

names! {
    /// State of a marketplace resource (spec 2).
    ResourceState {
        /// Its Create order is not done.
        Creating = "Creating",
        /// In use.
        Ok = "OK",
        /// The last change failed.
        Erred = "Erred",
        /// An Update order is being fulfilled.
        Updating = "Updating",
        /// A Terminate order is being fulfilled.
        Terminating = "Terminating",
        /// Gone.
        Terminated = "Terminated",
    }
}
