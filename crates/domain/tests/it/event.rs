//! Spec 15.5: who is sent an event.

use mercat_domain::event::is_wanted;

/// Whether who asked for these types and groups is sent the approval of an order.
fn is_sent(types: &[&str], groups: &[&str]) -> bool {
    is_wanted(types, groups, "order.approve_by_consumer", &["marketplace_order_approved"])
}

#[test]
fn events_are_sent_to_who_asked_for_them() {
    let cases: &[(&[&str], &[&str], bool)] = &[
        (&[], &[], true),
        (&["order.approve_by_consumer"], &[], true),
        (&["order.*"], &[], true),
        (&["marketplace_order_approved"], &[], true),
        (&["order.cancel", "order.approve_by_consumer"], &[], true),
        (&["order.cancel"], &[], false),
        (&["order.approve"], &[], false),
        (&["resource.*"], &[], false),
        (&["marketplace_order_rejected"], &[], false),
        (&[], &["resources"], true),
        (&[], &["providers"], false),
        (&["order.cancel"], &["providers", "resources"], true),
        (&["order.cancel"], &["providers"], false),
    ];
    for (types, groups, sent) in cases {
        assert_eq!(is_sent(types, groups), *sent, "{types:?} {groups:?}");
    }
}
