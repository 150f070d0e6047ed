//! Why an action on an order is refused.

use std::fmt;

use super::{Gate, OrderState};

/// A refusal; its `Display` is the exact text of the answer (spec 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The actor lacks the right: 403.
    Forbidden {
        /// Who may.
        gate: Gate,
    },
    /// The order is in another state: 409.
    WrongState {
        /// The states in which it would work.
        valid: &'static [OrderState],
    },
    /// Orders of this offering type cannot do that: 405.
    UnsupportedType {
        /// The type.
        offering_type: String,
    },
    /// A business rule: 400 with a bare list.
    Rule(String),
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { .. } => f.write_str("You do not have permission to perform this action."),
            Self::WrongState { valid } => {
                let names: Vec<&str> = valid.iter().map(|state| state.as_str()).collect();
                write!(f, "Valid states for operation: {}.", names.join(", "))
            }
            Self::UnsupportedType { offering_type } => {
                let sentence = format!("The order's offering with {offering_type} type does not support this action");
                write!(f, "Method \"{sentence}\" not allowed.")
            }
            Self::Rule(message) => f.write_str(message),
        }
    }
}
