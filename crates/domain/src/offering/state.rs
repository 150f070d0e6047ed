//! The life of an offering: which action leads from which states to which (spec 2 names the states).
//!
//! The document says nothing of the actions; the table is ours, after what the contract says of each operation.

use std::fmt;

use super::OfferingState::{self, Active, Archived, Draft, Paused, Unavailable};
use crate::{names::names, permission::Permission};

names! {
    /// What can be done to an offering's state; the name is the last part of the operation's path.
    OfferingAction {
        /// Open it for orders.
        Activate = "activate",
        /// Take no new orders for a time.
        Pause = "pause",
        /// Take new orders again.
        Unpause = "unpause",
        /// Stop offering it.
        Archive = "archive",
        /// Prepare it anew.
        Draft = "draft",
        /// Put it into service again.
        MakeAvailable = "make_available",
        /// Take it out of service, with its resources.
        MakeUnavailable = "make_unavailable",
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferingTransition {
    /// What is done.
    pub action: OfferingAction,
    /// The states in which it can be done, in the order of the refusal.
    pub from: &'static [OfferingState],
    /// The state afterwards.
    pub to: OfferingState,
    /// What the actor needs on the offering, its organisation or its provider; `None` is for staff only.
    pub permission: Option<Permission>,
}

/// The transitions, one row an action. What staff took out of service only staff brings back.
pub const OFFERING_TRANSITIONS: &[OfferingTransition] = &[
    OfferingTransition {
        action: OfferingAction::Activate,
        from: &[Draft, Paused],
        to: Active,
        permission: Some(Permission::OfferingUpdate),
    },
    OfferingTransition {
        action: OfferingAction::Pause,
        from: &[Active],
        to: Paused,
        permission: Some(Permission::OfferingPause),
    },
    OfferingTransition {
        action: OfferingAction::Unpause,
        from: &[Paused],
        to: Active,
        permission: Some(Permission::OfferingUnpause),
    },
    OfferingTransition {
        action: OfferingAction::Archive,
        from: &[Active, Paused],
        to: Archived,
        permission: Some(Permission::OfferingArchive),
    },
    OfferingTransition {
        action: OfferingAction::Draft,
        from: &[Active, Paused, Archived],
        to: Draft,
        permission: Some(Permission::OfferingUpdate),
    },
    OfferingTransition { action: OfferingAction::MakeAvailable, from: &[Unavailable], to: Active, permission: None },
    OfferingTransition {
        action: OfferingAction::MakeUnavailable,
        from: &[Active, Paused],
        to: Unavailable,
        permission: None,
    },
];

/// The states in which an offering can be deleted: nobody has ever ordered a draft.
const DELETABLE: &[OfferingState] = &[Draft];

/// The action is not possible in the present state: 409 with the text of `Display` (spec 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateError {
    /// The names of the states in which it would be.
    pub valid: Vec<&'static str>,
}

impl std::error::Error for StateError {}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Valid states for operation: {}.", self.valid.join(", "))
    }
}

/// The row of an action.
#[must_use]
pub fn transition(action: OfferingAction) -> &'static OfferingTransition {
    // The enumeration and the table have the same order, which a test checks.
    &OFFERING_TRANSITIONS[action as usize]
}

/// The state after an action.
///
/// # Errors
/// The action is not possible in this state.
pub fn step(action: OfferingAction, state: OfferingState) -> Result<OfferingState, StateError> {
    let row = transition(action);
    within(row.from, state).map(|()| row.to)
}

/// Whether an offering of this state can be deleted.
///
/// # Errors
/// It is no draft.
pub fn check_deletion(state: OfferingState) -> Result<(), StateError> {
    within(DELETABLE, state)
}

fn within(valid: &[OfferingState], state: OfferingState) -> Result<(), StateError> {
    if valid.contains(&state) {
        return Ok(());
    }
    Err(StateError { valid: valid.iter().map(|state| state.as_str()).collect() })
}
