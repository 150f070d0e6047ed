//! What leaves the process: messages are queued in the commit of their change, claimed by whoever delivers, and every
//! try is on record.

mod delivery;
mod fan_out;
mod hooks;
mod secrets;

pub use delivery::{
    Attempt, AttemptView, Deliveries, DeliveryView, Outgoing, Receipt, claim, next_due, outgoing, record, redeliver,
    release, replay, stuck, test_event, withdraw,
};
pub use fan_out::fan_out;
pub use hooks::{AllHooks, EmailHooks, HookView, SignedHooks, WebHooks, first_secret, rotate};
/// Filters that reach over more than one table.
pub use mercat_store::hooks as filters;
pub use secrets::{link_token, link_token_id};

pub(crate) use delivery::{pull_in, queue_callback};
pub(crate) use secrets::{installation, webhook_secret};
