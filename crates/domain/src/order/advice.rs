//! Refusals explained to people: who could do it, and what would unblock it.

use super::{Gate, OrderFacts, OrderState, Path, Refusal};
use crate::permission::Permission;

/// A refusal in plain words; whole sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Who could do it.
    pub who: String,
    /// What has to happen first.
    pub unblocks: String,
}

impl Refusal {
    /// Explains the refusal of an action on this order.
    #[must_use]
    pub fn advice(&self, order: &OrderFacts) -> Advice {
        match self {
            Self::Forbidden { gate } => Advice { who: who(*gate, order), unblocks: right(*gate) },
            Self::WrongState { valid } => {
                Advice { who: "Nobody, while the order is in this state.".to_owned(), unblocks: states(valid, order) }
            }
            Self::UnsupportedType { offering_type } => Advice {
                who: format!("Nobody: orders of {offering_type} offerings do not have this action."),
                unblocks: "Nothing: what can be done to an order depends on the type of its offering.".to_owned(),
            },
            Self::Rule(message) => {
                Advice { who: "Nobody, until the reason is gone.".to_owned(), unblocks: message.clone() }
            }
        }
    }
}

fn who(gate: Gate, order: &OrderFacts) -> String {
    match gate {
        Gate::Staff => "Staff.".to_owned(),
        Gate::Visible => "Everybody who sees the order.".to_owned(),
        Gate::Any(permission, paths) => format!("Staff, or {}.", holders(permission, paths, order)),
        Gate::CreatorOr(permission, paths) => {
            format!("Whoever made the order, staff, or {}.", holders(permission, paths, order))
        }
        Gate::Creator => "Whoever made the order.".to_owned(),
        Gate::System => "The service itself.".to_owned(),
    }
}

fn holders(permission: Permission, paths: &[Path], order: &OrderFacts) -> String {
    let places: Vec<String> = paths.iter().map(|path| place(*path, order)).collect();
    format!("holders of {permission} on {}", places.join(" or "))
}

fn place(path: Path, order: &OrderFacts) -> String {
    match path {
        Path::Project => format!("the project {}", order.project.name),
        Path::Customer => format!("the organisation {}", order.consumer.name),
        Path::Provider => format!("the organisation that provides {}", order.offering.name),
        Path::Offering => format!("the offering {}", order.offering.name),
    }
}

fn right(gate: Gate) -> String {
    match gate {
        Gate::Any(permission, _) | Gate::CreatorOr(permission, _) => {
            format!("Ask one of them, or ask for a role that holds {permission}.")
        }
        Gate::Staff | Gate::Visible | Gate::Creator => "Ask one of them.".to_owned(),
        Gate::System => "It happens by itself when its time comes.".to_owned(),
    }
}

fn states(valid: &[OrderState], order: &OrderFacts) -> String {
    let names: Vec<&str> = valid.iter().map(|state| state.as_str()).collect();
    format!("The order is {}; this works while it is {}.", order.state, names.join(" or "))
}
