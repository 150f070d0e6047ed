//! What leaves the process: messages are queued in the commit of their change, claimed by whoever delivers, and every
//! try is on record.

mod attempt;
mod delivery;
mod fan_out;
mod hooks;
mod message;
mod queue;
mod secrets;

pub use attempt::{Attempt, Receipt, record, withdraw};
pub use delivery::{AttemptView, Deliveries, DeliveryView, redeliver, replay, test_event};
pub use fan_out::fan_out;
pub use hooks::{AllHooks, EmailHooks, HookView, SignedHooks, WebHooks, first_secret, rotate};
/// Filters that reach over more than one table.
pub use mercat_store::hooks as filters;
pub use message::{Outgoing, outgoing};
pub use queue::{claim, next_due, release, stuck};
pub use secrets::{link_token, link_token_id};

pub(crate) use queue::{pull_in, queue_callback};
pub(crate) use secrets::{installation, webhook_secret};
