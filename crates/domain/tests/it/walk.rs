//! Every state × action × order type × offering type, under every condition: the code agrees with the tables,
//! the tables with an independent list of the edges of spec 6.2.

use std::collections::{BTreeMap, BTreeSet};

use mercat_domain::{
    offering::OFFERING_TYPES,
    order::{
        Action, Check, Decision, Gate, OrderFacts, OrderState, OrderType, Refusal, ResourceState, TRANSITIONS, To,
        TypeFlag, decide,
    },
    permission::Actor,
    settings::RuleSettings,
};

use crate::fixture::{mgr, order, own, staff, today, tomorrow};

/// The edges of spec 6.2, written by hand: action, from, to. Stays are not edges.
const EDGES: &[(&str, &str, &str)] = &[
    ("submit", "pending-consumer", "pending-project pending-provider pending-start-date executing"),
    ("approve_by_consumer", "pending-consumer", "pending-project pending-provider pending-start-date executing"),
    ("approve_by_provider", "pending-provider", "pending-start-date executing"),
    ("reject_by_consumer", "pending-consumer", "rejected"),
    ("reject_by_provider", "pending-provider", "rejected"),
    ("cancel", "pending-consumer", "canceled"),
    ("cancel", "pending-provider", "canceled"),
    ("cancel", "pending-start-date", "canceled"),
    ("cancel", "executing", "canceled"),
    ("set_state_executing", "pending-consumer", "executing"),
    ("set_state_executing", "pending-provider", "executing"),
    ("set_state_executing", "erred", "executing"),
    ("set_state_done", "executing", "done"),
    ("set_state_erred", "executing", "erred"),
    ("project_start", "pending-project", "pending-provider pending-start-date executing"),
    ("start_date_reached", "pending-start-date", "executing"),
    ("complete", "executing", "done"),
    ("fail", "executing", "erred"),
    ("time_out", "executing", "erred"),
    ("issue_rejected", "executing", "canceled erred"),
    ("withdraw", "pending-consumer", "canceled"),
    ("withdraw", "pending-provider", "canceled"),
];

/// Who acts, and whose order it is, so that no gate refuses.
fn actor_for(action: Action, creator: &Actor, staff: &Actor) -> Option<Actor> {
    match action.rule().gate {
        Gate::System => None,
        Gate::Creator => Some(creator.clone()),
        _ => Some(staff.clone()),
    }
}

/// Calls `visit` with every combination; conditions vary fastest.
fn walk(mut visit: impl FnMut(Action, &OrderFacts, Result<Decision, Refusal>)) {
    let (settings, staff) = (RuleSettings::default(), staff());
    let types = OFFERING_TYPES.iter().map(|rules| rules.name).chain(["Of.Later.Versions"]);
    for offering_type in types {
        for creator in [own(), mgr()] {
            let mut facts = order(offering_type);
            (facts.created_by, facts.creator) = (Some(creator.id), Some(creator.clone()));
            for bits in 0_u8..8 {
                facts.project.start_date = (bits & 1 != 0).then(tomorrow);
                facts.start_date = (bits & 2 != 0).then(tomorrow);
                facts.executing_siblings = u64::from(bits & 4 != 0);
                for action in Action::ALL {
                    let actor = actor_for(*action, &creator, &staff);
                    for state in OrderState::ALL {
                        for order_type in OrderType::ALL {
                            for resource_state in ResourceState::ALL {
                                (facts.state, facts.order_type, facts.resource_state) =
                                    (*state, *order_type, *resource_state);
                                visit(*action, &facts, decide(*action, &facts, actor.as_ref(), today(), &settings));
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_edges_are_those_of_the_document() {
    let mut expected: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (action, from, to) in EDGES {
        expected.entry((action, from)).or_default().extend(to.split(' '));
    }
    let mut found: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    walk(|action, order, decision| {
        if let Ok(decision) = decision
            && decision.to != order.state
        {
            found.entry((action.as_str(), order.state.as_str())).or_default().insert(decision.to.as_str());
        }
    });
    assert_eq!(found, expected);
}

#[test]
fn decisions_agree_with_the_tables() {
    walk(|action, order, decision| {
        let rule = action.rule();
        let rules = order.offering.rules();
        let state_fits = rule.from.is_empty() || rule.from.contains(&order.state);
        match decision {
            Ok(decision) => {
                assert!(state_fits && rule.types.is_set(rules), "{action} {} {}", order.state, rules.name);
                let fits = TRANSITIONS.iter().any(|row| {
                    let to = match row.to {
                        To::State(state) => state,
                        To::Same | To::Gone => order.state,
                    };
                    row.action == action && row.from.contains(&order.state) && to == decision.to
                });
                assert!(fits, "{action} {} -> {}", order.state, decision.to);
            }
            Err(Refusal::WrongState { valid }) => {
                assert!(!state_fits && valid == rule.from, "{action} {}", order.state)
            }
            Err(Refusal::UnsupportedType { .. }) => assert!(state_fits && !rule.types.is_set(rules), "{action}"),
            Err(Refusal::Rule(_)) => assert!(rule.checks.contains(&Check::ReviewNeeded), "{action}"),
            Err(Refusal::Forbidden { .. }) => assert_eq!(action.as_str(), "", "no gate refuses in the walk"),
        }
    });
}

#[test]
fn what_every_decision_keeps() {
    walk(|action, order, decision| {
        let Ok(decision) = decision else { return };
        let moved = decision.to != order.state;
        let what = format!("{action} {} {} -> {}", order.order_type, order.state, decision.to);
        assert!(!(order.state.is_final() && moved), "final states are final: {what}");
        let ends = moved && decision.to.is_final();
        assert_eq!(decision.completed, ends || action == Action::TimeOut, "completed_at: {what}");
        let starts = moved && decision.to == OrderState::Executing;
        assert_eq!(decision.process, starts && action != Action::SetStateExecuting, "processing: {what}");
        let approved = decision.log.iter().filter(|name| **name == "marketplace_order_approved").count();
        assert_eq!(approved, usize::from(starts), "approved: {what}");
        assert_eq!(decision.callback, moved || action == Action::Submit, "callback: {what}");
        assert_ne!(decision.resource.state, Some(order.resource_state), "an effect is a change: {what}");
        assert!(!decision.resource.apply || decision.to == OrderState::Done, "apply: {what}");
        let low_level = match decision.to {
            OrderState::Done => order.state == OrderState::Executing,
            OrderState::Rejected => matches!(order.state, OrderState::PendingConsumer | OrderState::PendingProvider),
            OrderState::Executing => !order.state.is_final(),
            _ => true,
        };
        assert!(!moved || low_level, "the guards of 6.1: {what}");
    });
}

/// Every row of the table is there for a reason: some case takes it.
#[test]
fn no_row_is_shadowed() {
    for (at, row) in TRANSITIONS.iter().enumerate() {
        let earlier = &TRANSITIONS[..at];
        let covers = |state: &OrderState| {
            earlier.iter().any(|e| {
                e.action == row.action && e.from.contains(state) && e.when == mercat_domain::order::When::Always
            })
        };
        assert!(!row.from.iter().all(covers), "row {at} of {} is never taken", row.action);
    }
}

/// The valid states of a rule are those of the action's rows, and every state of a rule has a way out.
#[test]
fn rules_and_transitions_name_the_same_states() {
    for action in Action::ALL {
        let rule = action.rule();
        let rows = || TRANSITIONS.iter().filter(|row| row.action == *action);
        let from_rows: BTreeSet<OrderState> = rows().flat_map(|row| row.from.iter().copied()).collect();
        let all = if rule.from.is_empty() { OrderState::ALL } else { rule.from };
        assert_eq!(from_rows, all.iter().copied().collect(), "{action}");
        for state in all {
            let last = rows().rfind(|row| row.from.contains(state)).map(|row| row.when);
            assert_eq!(last, Some(mercat_domain::order::When::Always), "{action} {state} has no way out");
        }
        assert_eq!(rule.checks.contains(&Check::State), !rule.from.is_empty(), "{action}");
        assert_eq!(rule.checks.contains(&Check::OfferingType), rule.types != TypeFlag::Any, "{action}");
    }
}
