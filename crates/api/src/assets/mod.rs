//! Resources, their usage and people's accounts, as the interface shows them.

mod accounts;
mod consumer;
mod models;
mod provider;
mod resources;
mod usage_models;
mod usages;

pub(crate) use models::RESOURCE;
pub(crate) use resources::shown_resource;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    let parts = [accounts::operations(), consumer::operations(), provider::operations(), usages::operations()];
    parts.into_iter().flatten().collect()
}
