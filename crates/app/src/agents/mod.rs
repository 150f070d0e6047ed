//! Providers' agents: who they are, what they do, and their queues on the event log (clients 6).

mod broker;
mod collections;
mod message;
mod queue;
mod register;

pub use broker::{
    Shipment, begin_broker, late_for_broker, may_read_at_broker, may_sign_in_at_broker, next_shipment, shipped,
};
pub use collections::{
    Identities, IdentityView, ProcessorView, Processors, ServiceView, Services, SubscriptionView, Subscriptions,
};
pub use message::QueueMessage;
pub use queue::{advance, backlog, open_queue};
pub use register::{
    Registered, create_queue, register_processor, register_queue, register_service, register_subscription,
    set_statistics,
};
