//! Hooks, messages with their tries, and how people want their mail.

mod deliveries;
mod hooks;
mod models;
mod preferences;
mod webhooks;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    [hooks::operations(), webhooks::operations(), deliveries::operations(), preferences::operations()]
        .into_iter()
        .flatten()
        .collect()
}
