//! Spec 4: grants without inheritance, the shipped matrix, sets of permissions.

use mercat_domain::permission::{Actor, DEFAULT_ROLES, Permission as P, Permissions, Scope, ScopeKind};

use crate::fixture::{
    CAST, K, OFFERING, P as PROJECT, V, allowed, cast, granted, mgr, omgr, own, staff, support, user,
};

#[test]
fn a_role_counts_on_exactly_its_scope() {
    assert!(own().has(P::OrderApprove, &[Scope::Customer(K)]));
    assert!(own().has(P::OrderApprove, &[Scope::Project(PROJECT), Scope::Customer(K)]));
    assert!(!own().has(P::OrderApprove, &[Scope::Project(PROJECT)]), "no inheritance from the organisation");
    assert!(!own().has(P::OrderApprove, &[Scope::Customer(V)]));
    assert!(!own().has(P::OrderApprove, &[]));
    let same_uuid = Scope::Project(mercat_domain::id::ProjectId(K.uuid()));
    assert!(!own().has(P::OrderApprove, &[same_uuid]), "a project with an organisation's id is another scope");
}

#[test]
fn staff_holds_everything_and_support_nothing() {
    for permission in P::ALL {
        assert!(staff().has(*permission, &[Scope::Customer(V)]), "{permission}");
        assert!(!support().has(*permission, &[Scope::Customer(V)]), "{permission}");
    }
    for name in CAST {
        assert_eq!(cast(name).sees_all(), matches!(*name, "staff" | "support"), "{name}");
    }
}

/// The table of spec 4.3: columns as there, `x` holds.
#[test]
fn the_shipped_matrix() {
    const COLUMNS: [P; 11] = [
        P::OrderList,
        P::OrderApprove,
        P::OrderApprovePrivate,
        P::OrderReject,
        P::OrderDestroy,
        P::OrderCancel,
        P::ResourceSetBackendId,
        P::ResourceTerminate,
        P::ResourceSetPlan,
        P::ResourceSetLimits,
        P::ResourceUpdateOptions,
    ];
    let rows = [
        ("CUSTOMER.OWNER", ScopeKind::Customer, true, "xxxxxxxxxxx"),
        ("CUSTOMER.MANAGER", ScopeKind::Customer, false, "......x...."),
        ("CUSTOMER.SUPPORT", ScopeKind::Customer, false, "..........."),
        ("CUSTOMER.READER", ScopeKind::Customer, true, "x.........."),
        ("PROJECT.MANAGER", ScopeKind::Project, true, "x.x.xx.xxx."),
        ("PROJECT.ADMIN", ScopeKind::Project, true, "x.x.xx.xxx."),
        ("PROJECT.MEMBER", ScopeKind::Project, false, "..........."),
        ("OFFERING.MANAGER", ScopeKind::Offering, true, "......x...."),
    ];
    assert_eq!(rows.len(), DEFAULT_ROLES.len());
    for ((name, scope, active, marks), spec) in rows.iter().zip(DEFAULT_ROLES) {
        assert_eq!((*name, *scope, *active), (spec.name, spec.scope, spec.active));
        let held: Permissions = spec.permissions.iter().copied().collect();
        let found: String = COLUMNS.iter().map(|p| if held.contains(*p) { 'x' } else { '.' }).collect();
        assert_eq!(found, *marks, "{name}");
    }
}

#[test]
fn unknown_names_are_left_out() {
    let set = Permissions::from_names(["ORDER.CANCEL", "ORDER.OF_LATER_VERSIONS", "ORDER.LIST", "order.list"]);
    assert_eq!(set.names().collect::<Vec<_>>(), ["ORDER.LIST", "ORDER.CANCEL"]);
    assert_eq!(Permissions::default().names().count(), 0);
}

#[test]
fn every_permission_is_a_bit_of_its_own() {
    for one in P::ALL {
        let set: Permissions = [*one].into_iter().collect();
        for other in P::ALL {
            assert_eq!(set.contains(*other), one == other, "{one} {other}");
        }
    }
}

#[test]
fn owners_are_owners_by_role_not_by_permission() {
    assert!(own().owns(K) && !own().owns(V));
    assert!(!staff().owns(K), "staff is not special");
    let everything = P::ALL.iter().fold(user(1), |actor, p| allowed(actor, *p, Scope::Customer(K)));
    assert!(!everything.owns(K));
}

#[test]
fn scopes_are_collected_by_kind() {
    let actor: Actor =
        granted(granted(own(), "PROJECT.MEMBER", Scope::Project(PROJECT)), "PROJECT.ADMIN", Scope::Project(PROJECT));
    let all = actor.scopes();
    assert_eq!((all.customers.as_slice(), all.projects.as_slice()), ([K].as_slice(), [PROJECT].as_slice()));
    assert!(all.offerings.is_empty());
    let approving = actor.scopes_with(P::OrderApprove);
    assert_eq!((approving.customers.len(), approving.projects.len()), (1, 0));
    assert_eq!(omgr().scopes().offerings, [OFFERING]);
    assert_eq!(staff().scopes_with(P::OrderApprove), Default::default());
    assert_eq!(mgr().scopes_with(P::OrderApprove), Default::default());
}

#[test]
fn a_scope_is_its_kind_and_id() {
    for scope in [Scope::Customer(K), Scope::Project(PROJECT), Scope::Offering(OFFERING)] {
        assert_eq!(Scope::new(scope.kind(), scope.id()), scope);
    }
}
