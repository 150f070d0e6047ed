//! Spec 4: grants without inheritance, the shipped matrix, sets of permissions.

use mercat_domain::{
    id::ServiceProviderId,
    permission::{Actor, DEFAULT_ROLES, Permission as P, Permissions, Scope, ScopeKind},
};

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

fn names_of(role: &str) -> Vec<&'static str> {
    let spec = DEFAULT_ROLES.iter().find(|spec| spec.name == role).expect("a shipped role");
    spec.permissions.iter().map(|permission| permission.as_str()).collect()
}

/// Ours, beyond spec 4.3: for each role the names outside orders and resources, and what it must not hold.
#[test]
fn what_the_shipped_roles_hold_beyond_the_matrix() {
    let staffs = ["CUSTOMER.CREATE", "CUSTOMER.DELETE"];
    let all: Vec<&str> = P::ALL.iter().map(|p| p.as_str()).filter(|name| !staffs.contains(name)).collect();
    assert_eq!(names_of("CUSTOMER.OWNER"), all);
    assert_eq!(names_of("CUSTOMER.SUPPORT"), [""; 0]);
    let rows: [(&str, &[&str]); 4] = [
        ("CUSTOMER.READER", &["RESOURCE.LIST_USERS", "CUSTOMER.LIST", "CUSTOMER.LIST_USERS", "PROJECT.LIST"]),
        (
            "PROJECT.MANAGER",
            &[
                "RESOURCE.UPDATE",
                "PROJECT.LIST",
                "PROJECT.LIST_PERMISSIONS",
                "RESOURCE.CONSUMPTION_LIMITATION",
                "PROJECT.UPDATE",
                "PROJECT.UPDATE_METADATA",
                "PROJECT.CREATE_PERMISSION",
                "PROJECT.UPDATE_PERMISSION",
                "PROJECT.DELETE_PERMISSION",
            ],
        ),
        ("PROJECT.ADMIN", &["RESOURCE.UPDATE", "PROJECT.LIST", "PROJECT.LIST_PERMISSIONS"]),
        ("PROJECT.MEMBER", &["PROJECT.LIST"]),
    ];
    let later = |name: &&str| {
        P::ALL.iter().position(|p| p.as_str() == *name) > P::ALL.iter().position(|p| *p == P::ResourceListImportable)
    };
    for (role, expected) in rows {
        let found: Vec<&str> = names_of(role).into_iter().filter(later).collect();
        assert_eq!(found, expected, "{role}");
    }
}

#[test]
fn what_providers_roles_hold_is_about_offerings() {
    let rights = ["LIST_PERMISSIONS", "CREATE_PERMISSION", "UPDATE_PERMISSION", "DELETE_PERMISSION"];
    let held = |role: &str, prefix: &str| -> Vec<&str> {
        let mut names: Vec<&str> = names_of(role).into_iter().filter_map(|name| name.strip_prefix(prefix)).collect();
        names.sort_unstable();
        names
    };
    let mut offering: Vec<&str> = P::ALL.iter().filter_map(|p| p.as_str().strip_prefix("OFFERING.")).collect();
    offering.retain(|name| !rights.contains(name));
    offering.sort_unstable();
    assert_eq!(names_of("CUSTOMER.MANAGER"), ["RESOURCE.SET_BACKEND_ID"], "it comes with every managed offering");
    offering.retain(|name| !["CREATE", "DELETE", "ARCHIVE", "MANAGE_USER_ROLE"].contains(name));
    assert_eq!(held("OFFERING.MANAGER", "OFFERING."), offering);
    assert!(held("OFFERING.MANAGER", "CUSTOMER.").is_empty() && held("OFFERING.MANAGER", "PROJECT.").is_empty());
    assert!(held("OFFERING.MANAGER", "SERVICE_PROVIDER.").is_empty());
}

#[test]
fn no_shipped_role_holds_a_permission_twice() {
    for spec in DEFAULT_ROLES {
        let held: Permissions = spec.permissions.iter().copied().collect();
        assert_eq!(held.names().count(), spec.permissions.len(), "{}", spec.name);
    }
}

#[test]
fn unknown_names_are_left_out() {
    let set = Permissions::from_names(["ORDER.CANCEL", "ORDER.OF_LATER_VERSIONS", "ORDER.LIST", "order.list"]);
    assert_eq!(set.names().collect::<Vec<_>>(), ["ORDER.LIST", "ORDER.CANCEL"]);
    assert_eq!(Permissions::default().names().count(), 0);
}

/// Clients spell the names: each is its variant's, in upper case, after the kind of object.
#[test]
fn names_are_spelled_as_their_variants() {
    const KINDS: [&str; 6] = ["ORDER", "RESOURCE", "CUSTOMER", "PROJECT", "OFFERING", "SERVICE_PROVIDER"];
    let plain = |name: &str| name.replace(['.', '_'], "").to_lowercase();
    for permission in P::ALL {
        assert_eq!(plain(permission.as_str()), format!("{permission:?}").to_lowercase());
        let (kind, what) = permission.as_str().split_once('.').expect("a point");
        assert!(KINDS.contains(&kind) && !what.contains('.'), "{permission}");
    }
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
    assert!(all.offerings.is_empty() && all.providers.is_empty());
    let provider = ServiceProviderId(OFFERING.uuid());
    let scopes = granted(user(1), "CUSTOMER.OWNER", Scope::ServiceProvider(provider)).scopes();
    assert_eq!((scopes.providers.as_slice(), scopes.offerings.len()), ([provider].as_slice(), 0));
    let approving = actor.scopes_with(P::OrderApprove);
    assert_eq!((approving.customers.len(), approving.projects.len()), (1, 0));
    assert_eq!(omgr().scopes().offerings, [OFFERING]);
    assert_eq!(staff().scopes_with(P::OrderApprove), Default::default());
    assert_eq!(mgr().scopes_with(P::OrderApprove), Default::default());
}

#[test]
fn a_scope_is_its_kind_and_id() {
    let provider = Scope::ServiceProvider(ServiceProviderId(K.uuid()));
    for scope in [Scope::Customer(K), Scope::Project(PROJECT), Scope::Offering(OFFERING), provider] {
        assert_eq!(Scope::new(scope.kind(), scope.id()), scope);
    }
    let kinds: Vec<&str> = ScopeKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(kinds, ["customer", "project", "offering", "service_provider"]);
}
