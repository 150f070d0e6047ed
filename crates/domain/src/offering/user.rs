//! Offering users: the accounts that people have at an offering, and how agents report on them.
//!
//! The document says nothing of them; the states are the contract's, the table of transitions is ours.

use super::state::StateError;
use crate::names::names;
use OfferingUserState::{
    Creating, Deleted, Deleting, ErrorCreating, ErrorDeleting, Ok as InUse, PendingAccountLinking,
    PendingAdditionalValidation, Requested, RequestedDeletion,
};

names! {
    /// State of an account at an offering.
    OfferingUserState {
        /// Asked for.
        Requested = "Requested",
        /// Somebody is making it.
        Creating = "Creating",
        /// The person has to link an account that exists.
        PendingAccountLinking = "Pending account linking",
        /// The person has to prove something.
        PendingAdditionalValidation = "Pending additional validation",
        /// In use.
        Ok = "OK",
        /// Its end is asked for.
        RequestedDeletion = "Requested deletion",
        /// Somebody is deleting it.
        Deleting = "Deleting",
        /// Gone.
        Deleted = "Deleted",
        /// It could not be made.
        ErrorCreating = "Error creating",
        /// It could not be deleted.
        ErrorDeleting = "Error deleting",
    }
}

names! {
    /// What can be reported of an account; the name is the last part of the operation's path.
    OfferingUserAction {
        /// The making began.
        BeginCreating = "begin_creating",
        /// The person has to link an account.
        SetPendingAccountLinking = "set_pending_account_linking",
        /// The person has to prove something.
        SetPendingAdditionalValidation = "set_pending_additional_validation",
        /// The person has done so.
        SetValidationComplete = "set_validation_complete",
        /// It is in use.
        SetOk = "set_ok",
        /// It could not be made.
        SetErrorCreating = "set_error_creating",
        /// Its end is asked for.
        RequestDeletion = "request_deletion",
        /// The deletion began.
        SetDeleting = "set_deleting",
        /// It is gone.
        SetDeleted = "set_deleted",
        /// It could not be deleted.
        SetErrorDeleting = "set_error_deleting",
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferingUserTransition {
    /// What is reported.
    pub action: OfferingUserAction,
    /// The states in which it can be, in the order of the refusal.
    pub from: &'static [OfferingUserState],
    /// The state afterwards.
    pub to: OfferingUserState,
}

const fn row(
    action: OfferingUserAction,
    from: &'static [OfferingUserState],
    to: OfferingUserState,
) -> OfferingUserTransition {
    OfferingUserTransition { action, from, to }
}

/// The transitions, one row an action.
///
/// A deletion can be asked for wherever something may exist at the provider that nobody works on.
pub const OFFERING_USER_TRANSITIONS: &[OfferingUserTransition] = &[
    row(OfferingUserAction::BeginCreating, &[Requested, ErrorCreating], Creating),
    row(
        OfferingUserAction::SetPendingAccountLinking,
        &[Creating, ErrorCreating, PendingAdditionalValidation],
        PendingAccountLinking,
    ),
    row(
        OfferingUserAction::SetPendingAdditionalValidation,
        &[Creating, ErrorCreating, PendingAccountLinking],
        PendingAdditionalValidation,
    ),
    row(OfferingUserAction::SetValidationComplete, &[PendingAccountLinking, PendingAdditionalValidation], InUse),
    row(OfferingUserAction::SetOk, UNFINISHED, InUse),
    row(
        OfferingUserAction::SetErrorCreating,
        &[Requested, Creating, PendingAccountLinking, PendingAdditionalValidation],
        ErrorCreating,
    ),
    row(
        OfferingUserAction::RequestDeletion,
        &[InUse, PendingAccountLinking, PendingAdditionalValidation, ErrorCreating, ErrorDeleting],
        RequestedDeletion,
    ),
    row(OfferingUserAction::SetDeleting, &[RequestedDeletion, ErrorDeleting], Deleting),
    row(OfferingUserAction::SetDeleted, &[RequestedDeletion, Deleting], Deleted),
    row(OfferingUserAction::SetErrorDeleting, &[RequestedDeletion, Deleting], ErrorDeleting),
];

/// On the way to an account that can be used.
const UNFINISHED: &[OfferingUserState] =
    &[Requested, Creating, PendingAccountLinking, PendingAdditionalValidation, ErrorCreating];

/// The state after a report.
///
/// # Errors
/// The report does not fit this state.
pub fn step(action: OfferingUserAction, state: OfferingUserState) -> Result<OfferingUserState, StateError> {
    // The enumeration and the table have the same order, which a test checks.
    let row = &OFFERING_USER_TRANSITIONS[action as usize];
    if row.from.contains(&state) {
        return Ok(row.to);
    }
    Err(StateError { valid: row.from.iter().map(|state| state.as_str()).collect() })
}

/// Whether the report clears what the provider wrote to the person: only that the person has done it.
#[must_use]
pub const fn clears_comment(action: OfferingUserAction) -> bool {
    matches!(action, OfferingUserAction::SetValidationComplete)
}

/// The state after somebody wrote the account's name: an account with a name can be used.
#[must_use]
pub fn state_after_username(state: OfferingUserState, username: &str) -> OfferingUserState {
    if !username.trim().is_empty() && UNFINISHED.contains(&state) { InUse } else { state }
}
