//! Providers' agents: who they are, what they do, and their queues on the event log (clients 6).

mod collections;
mod queue;
mod register;

pub use collections::{
    Identities, IdentityView, ProcessorView, Processors, ServiceView, Services, SubscriptionView, Subscriptions,
};
pub use queue::{QueueMessage, advance, backlog, open_queue};
pub use register::{
    Registered, create_queue, register_processor, register_queue, register_service, register_subscription,
    set_statistics,
};
