//! What processing an executing order means, by offering type (spec 15.2, 15.3).

use super::{Action, OrderFacts, OrderType, ResourceState};
use crate::offering::Processor;

/// The message of an order that nobody can fulfil.
const NO_PROCESSOR: &str = "Skipping order processing because processor is not found.";

/// What to do with an order that began to execute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Processing {
    /// Complete it now ([`Action::Complete`]).
    Complete,
    /// Wait for the provider's agent.
    Wait {
        /// The resource's new state; `None` when it stays.
        resource: Option<ResourceState>,
    },
    /// Open a helpdesk issue and wait for its end.
    OpenIssue {
        /// The resource's new state; `None` when it stays.
        resource: Option<ResourceState>,
    },
    /// Fail it now ([`Action::Fail`]) with this message.
    Fail(String),
}

/// How an executing order is fulfilled.
#[must_use]
pub fn process(order: &OrderFacts) -> Processing {
    let resource = busy_state(order.order_type).filter(|state| *state != order.resource_state);
    match order.offering.rules().processor {
        Processor::AtOnce => Processing::Complete,
        Processor::Agent => Processing::Wait { resource },
        Processor::Issue => Processing::OpenIssue { resource },
        Processor::None => Processing::Fail(NO_PROCESSOR.to_owned()),
    }
}

/// Whether an order that begins to be executed has to be processed: one that an agent fulfils may just wait.
#[must_use]
pub fn has_to_be_processed(order: &OrderFacts) -> bool {
    process(order) != Processing::Wait { resource: None }
}

/// The state of a resource while an order is worked on (spec 19 row 3).
const fn busy_state(order_type: OrderType) -> Option<ResourceState> {
    match order_type {
        OrderType::Create | OrderType::Restore => None,
        OrderType::Update => Some(ResourceState::Updating),
        OrderType::Terminate => Some(ResourceState::Terminating),
    }
}

/// How a helpdesk issue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueOutcome {
    /// What was asked for is done.
    Resolved,
    /// It was closed without that.
    Rejected,
}

/// What the end of an issue does to its order (spec 15.3).
#[must_use]
pub const fn issue_action(outcome: IssueOutcome) -> Action {
    match outcome {
        IssueOutcome::Resolved => Action::Complete,
        IssueOutcome::Rejected => Action::IssueRejected,
    }
}
