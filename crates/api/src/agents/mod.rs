//! Providers' agents: what they register, and the queue that events are pushed to them over.

mod identities;
mod models;
mod place;
mod rabbitmq;
mod services;
mod stomp;
mod subscriptions;

pub(crate) use rabbitmq::routes as rabbitmq;
pub(crate) use stomp::push;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    [identities::operations(), services::operations(), subscriptions::operations()].into_iter().flatten().collect()
}
