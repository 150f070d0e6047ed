//! Accounts at an offering: every report in every state.

use mercat_domain::offering::user::{
    OFFERING_USER_TRANSITIONS, OfferingUserAction, OfferingUserState, clears_comment, state_after_username, step,
};

const STATES: [&str; 10] = [
    "Requested",
    "Creating",
    "Pending account linking",
    "Pending additional validation",
    "OK",
    "Requested deletion",
    "Deleting",
    "Deleted",
    "Error creating",
    "Error deleting",
];

/// Report, state afterwards, and in which of the states it can be made, in their order.
const TABLE: &[(&str, &str, &str)] = &[
    ("begin_creating", "Creating", "x.......x."),
    ("set_pending_account_linking", "Pending account linking", ".x.x....x."),
    ("set_pending_additional_validation", "Pending additional validation", ".xx.....x."),
    ("set_validation_complete", "OK", "..xx......"),
    ("set_ok", "OK", "xxxx....x."),
    ("set_error_creating", "Error creating", "xxxx......"),
    ("request_deletion", "Requested deletion", "..xxx...xx"),
    ("set_deleting", "Deleting", ".....x...x"),
    ("set_deleted", "Deleted", ".....xx..."),
    ("set_error_deleting", "Error deleting", ".....xx..."),
];

#[test]
fn every_report_in_every_state() {
    let names: Vec<&str> = OfferingUserState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(names, STATES);
    assert_eq!(OfferingUserAction::ALL.len(), TABLE.len());
    for (action, (name, to, marks)) in OfferingUserAction::ALL.iter().zip(TABLE) {
        assert_eq!(action.as_str(), *name);
        for (state, mark) in OfferingUserState::ALL.iter().zip(marks.chars()) {
            let found = step(*action, *state).map_or("refused", OfferingUserState::as_str);
            assert_eq!(found, if mark == 'x' { to } else { "refused" }, "{name} in {state}");
        }
    }
}

#[test]
fn the_table_has_one_row_a_report_in_the_order_of_the_reports() {
    let actions: Vec<OfferingUserAction> = OFFERING_USER_TRANSITIONS.iter().map(|row| row.action).collect();
    assert_eq!(actions, OfferingUserAction::ALL);
}

#[test]
fn refusals_name_the_states_in_order() {
    let rows = [
        (OfferingUserAction::BeginCreating, "Requested, Error creating"),
        (OfferingUserAction::SetValidationComplete, "Pending account linking, Pending additional validation"),
        (OfferingUserAction::SetDeleted, "Requested deletion, Deleting"),
    ];
    for (action, states) in rows {
        let refusal = step(action, OfferingUserState::Ok).expect_err("another state");
        assert_eq!(refusal.to_string(), format!("Valid states for operation: {states}."));
    }
}

/// A dead end would leave an account that nobody can repair: only `Deleted` is one.
#[test]
fn every_state_but_deleted_has_a_way_out() {
    for state in OfferingUserState::ALL {
        let out = OfferingUserAction::ALL.iter().any(|action| step(*action, *state).is_ok());
        assert_eq!(out, *state != OfferingUserState::Deleted, "{state}");
    }
}

#[test]
fn a_name_makes_an_account_usable() {
    for (state, mark) in OfferingUserState::ALL.iter().zip("xxxx....x.".chars()) {
        let named = if mark == 'x' { OfferingUserState::Ok } else { *state };
        for (username, expected) in [("alice", named), ("", *state), (" ", *state)] {
            assert_eq!(state_after_username(*state, username), expected, "{state} {username:?}");
        }
    }
}

#[test]
fn only_a_finished_validation_clears_the_comment() {
    for action in OfferingUserAction::ALL {
        assert_eq!(clears_comment(*action), action.as_str() == "set_validation_complete", "{action}");
    }
}
