//! The life of an offering: every action in every state.

use mercat_domain::{
    offering::{
        OFFERING_TRANSITIONS, OfferingAction, OfferingState,
        state::{check_deletion, step, transition},
    },
    permission::Permission,
};

/// Action, permission, then what becomes of Draft, Active, Paused, Archived, Unavailable; `-` is refused.
const TABLE: &[(&str, &str, [&str; 5])] = &[
    ("activate", "OFFERING.UPDATE", ["Active", "-", "Active", "-", "-"]),
    ("pause", "OFFERING.PAUSE", ["-", "Paused", "-", "-", "-"]),
    ("unpause", "OFFERING.UNPAUSE", ["-", "-", "Active", "-", "-"]),
    ("archive", "OFFERING.ARCHIVE", ["-", "Archived", "Archived", "-", "-"]),
    ("draft", "OFFERING.UPDATE", ["-", "Draft", "Draft", "Draft", "-"]),
    ("make_available", "staff", ["-", "-", "-", "-", "Active"]),
    ("make_unavailable", "staff", ["-", "Unavailable", "Unavailable", "-", "-"]),
];

#[test]
fn every_action_in_every_state() {
    let states: Vec<&str> = OfferingState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(states, ["Draft", "Active", "Paused", "Archived", "Unavailable"]);
    assert_eq!(OfferingAction::ALL.len(), TABLE.len());
    for (action, (name, permission, row)) in OfferingAction::ALL.iter().zip(TABLE) {
        assert_eq!(action.as_str(), *name);
        let found = transition(*action).permission.map_or("staff", Permission::as_str);
        assert_eq!(found, *permission, "{name}");
        for (state, expected) in OfferingState::ALL.iter().zip(row) {
            let found = step(*action, *state).map_or("-", OfferingState::as_str);
            assert_eq!(found, *expected, "{name} in {state}");
        }
    }
}

#[test]
fn the_table_has_one_row_an_action_in_the_order_of_the_actions() {
    let actions: Vec<OfferingAction> = OFFERING_TRANSITIONS.iter().map(|row| row.action).collect();
    assert_eq!(actions, OfferingAction::ALL);
}

#[test]
fn refusals_name_the_states_in_order() {
    let rows = [
        ("activate", OfferingState::Active, "Valid states for operation: Draft, Paused."),
        ("pause", OfferingState::Draft, "Valid states for operation: Active."),
        ("archive", OfferingState::Archived, "Valid states for operation: Active, Paused."),
        ("make_unavailable", OfferingState::Draft, "Valid states for operation: Active, Paused."),
        ("draft", OfferingState::Draft, "Valid states for operation: Active, Paused, Archived."),
    ];
    for (action, state, expected) in rows {
        let refusal = step(action.parse().expect("an action"), state).expect_err(action);
        assert_eq!(refusal.to_string(), expected, "{action}");
    }
}

#[test]
fn only_drafts_can_be_deleted() {
    for state in OfferingState::ALL {
        assert_eq!(check_deletion(*state).is_ok(), *state == OfferingState::Draft, "{state}");
    }
    let refusal = check_deletion(OfferingState::Active).expect_err("not a draft");
    assert_eq!(refusal.to_string(), "Valid states for operation: Draft.");
}
