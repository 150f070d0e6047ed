//! Spec 9.3 and 6.2: where a new order goes, and where approvals lead.

use mercat_domain::{
    order::{Action, Decision, Notice, OrderFacts, OrderState, OrderType, Side, decide},
    settings::RuleSettings,
};
use serde_json::json;

use crate::fixture::{
    BASIC, REMOTE, SCRIPT, SLURM, SUPPORT, TENANT, ask, cast, in_state, made_by, mgr, order, own, run, staff, today,
    tomorrow, vown,
};

fn submit(name: &str, order: OrderFacts) -> Decision {
    let order = made_by(order, cast(name));
    ask(Action::Submit, &order, &cast(name)).expect("submitted")
}

/// The tables of 9.3: creator, then the state for Basic and Slurm, then for the other types.
#[test]
fn results_by_role() {
    use OrderState::{Executing, PendingConsumer, PendingProvider};
    let public = [
        ("staff", PendingProvider, Executing),
        ("own", PendingProvider, Executing),
        ("mgr", PendingConsumer, PendingConsumer),
        ("adm", PendingConsumer, PendingConsumer),
        ("mem", PendingConsumer, PendingConsumer),
        ("support", PendingConsumer, PendingConsumer),
    ];
    let private = [
        ("own", PendingProvider, Executing),
        ("mgr", PendingProvider, Executing),
        ("adm", PendingProvider, Executing),
        ("mem", PendingConsumer, PendingConsumer),
    ];
    let rows = public.map(|row| (true, row)).into_iter().chain(private.map(|row| (false, row)));
    for (is_public, (name, reviewed, others)) in rows {
        for (offering_type, expected) in
            [(BASIC, reviewed), (SLURM, reviewed), (SCRIPT, others), (SUPPORT, others), (TENANT, others)]
        {
            let mut order = order(offering_type);
            (order.offering.shared, order.offering.billable) = (is_public, is_public);
            assert_eq!(submit(name, order).to, expected, "{name} {offering_type} public: {is_public}");
        }
    }
}

#[test]
fn an_order_that_waits_for_the_consumer() {
    let decision = submit("mgr", order(BASIC));
    assert_eq!(decision.to, OrderState::PendingConsumer);
    assert_eq!((decision.reviewed, decision.process, decision.completed), (None, false, false));
    assert_eq!(decision.notify, Some(Notice::PendingConsumer));
    assert!(decision.callback, "the first save is a change of state");
    assert_eq!(decision.log, ["marketplace_resource_create_requested"]);
}

#[test]
fn an_order_that_waits_for_the_provider() {
    let decision = submit("own", order(BASIC));
    assert_eq!((decision.to, decision.reviewed), (OrderState::PendingProvider, Some(Side::Consumer)));
    assert_eq!((decision.notify, decision.process), (Some(Notice::PendingProvider), false));
    assert_eq!(decision.log, ["marketplace_resource_create_requested"]);
}

#[test]
fn an_order_that_needs_no_review() {
    let decision = submit("own", order(TENANT));
    assert_eq!((decision.to, decision.reviewed), (OrderState::Executing, Some(Side::Consumer)));
    assert_eq!((decision.notify, decision.process), (None, true));
    assert_eq!(decision.log, ["marketplace_order_approved", "marketplace_resource_create_requested"]);
    assert_eq!(decision.resource, Default::default(), "the resource changes when it is processed");
}

#[test]
fn requests_are_told_by_type() {
    for (order_type, events) in [
        (OrderType::Create, vec!["marketplace_resource_create_requested"]),
        (OrderType::Update, vec!["marketplace_resource_update_requested"]),
        (OrderType::Terminate, vec!["marketplace_resource_terminate_requested"]),
        (OrderType::Restore, vec![]),
    ] {
        assert_eq!(submit("mgr", OrderFacts { order_type, ..order(BASIC) }).log, events);
    }
}

/// Project ahead, provider review, start ahead → state, for orders that need no consumer review.
#[test]
fn what_an_order_waits_for_next() {
    use OrderState::{Executing, PendingProject, PendingProvider, PendingStartDate};
    for (project_ahead, offering_type, start_ahead, to, after_project, after_provider) in [
        (true, BASIC, true, PendingProject, PendingProvider, PendingStartDate),
        (true, TENANT, true, PendingProject, PendingStartDate, PendingStartDate),
        (true, TENANT, false, PendingProject, Executing, Executing),
        (false, BASIC, true, PendingProvider, PendingProvider, PendingStartDate),
        (false, BASIC, false, PendingProvider, PendingProvider, Executing),
        (false, TENANT, true, PendingStartDate, PendingStartDate, PendingStartDate),
        (false, TENANT, false, Executing, Executing, Executing),
    ] {
        let mut order = made_by(order(offering_type), own());
        order.project.start_date = Some(if project_ahead { tomorrow() } else { today() });
        order.start_date = Some(if start_ahead { tomorrow() } else { today() });
        let submitted = ask(Action::Submit, &order, &own()).expect("submitted");
        let approved = ask(Action::ApproveByConsumer, &made_by(order.clone(), mgr()), &own()).expect("approved");
        assert_eq!((submitted.to, approved.to), (to, to), "explicit approval leads where the automatic one does");
        assert_eq!((submitted.reviewed, approved.reviewed), (Some(Side::Consumer), Some(Side::Consumer)));
        assert_eq!((submitted.process, approved.process), (to == Executing, to == Executing));

        let waiting = OrderFacts { state: PendingProject, ..order.clone() };
        let still = run(Action::ProjectStart, &waiting).expect("examined");
        assert_eq!(still.to, if project_ahead { PendingProject } else { after_project });
        assert_eq!((still.callback, still.reviewed), (!project_ahead, None));
        order.project.start_date = None;
        let started =
            run(Action::ProjectStart, &OrderFacts { state: PendingProject, ..order.clone() }).expect("started");
        assert_eq!((started.to, started.process), (after_project, after_project == Executing));

        let reviewed = ask(Action::ApproveByProvider, &OrderFacts { state: PendingProvider, ..order }, &vown());
        let reviewed = reviewed.expect("approved");
        assert_eq!((reviewed.to, reviewed.reviewed), (after_provider, Some(Side::Provider)));
        assert_eq!(reviewed.process, after_provider == Executing);
    }
}

#[test]
fn start_dates_can_be_switched_off() {
    let off = RuleSettings { order_start_date: false, ..RuleSettings::default() };
    let mut order = made_by(order(TENANT), own());
    order.start_date = Some(tomorrow());
    let decision = decide(Action::Submit, &order, Some(&own()), today(), &off).expect("submitted");
    assert_eq!(decision.to, OrderState::Executing);
}

#[test]
fn a_start_date_that_has_come() {
    let mut order = made_by(in_state(BASIC, OrderState::PendingStartDate), own());
    order.start_date = Some(tomorrow());
    let early = run(Action::StartDateReached, &order).expect("examined");
    assert_eq!((early.to, early.process, early.callback), (OrderState::PendingStartDate, false, false));
    for start in [None, Some(today())] {
        order.start_date = start;
        let due = run(Action::StartDateReached, &order).expect("started");
        assert_eq!((due.to, due.process, due.reviewed), (OrderState::Executing, true, None));
        assert_eq!(due.log, ["marketplace_order_approved"]);
    }
}

#[test]
fn the_reviewer_speaks_to_remote_providers() {
    let pending = order(REMOTE);
    let approve = |actor| ask(Action::ApproveByConsumer, &pending, &actor).expect("approved").to;
    assert_eq!(approve(own()), OrderState::PendingProvider);
    let both = crate::fixture::granted(
        vown(),
        "CUSTOMER.OWNER",
        mercat_domain::permission::Scope::Customer(crate::fixture::K),
    );
    assert_eq!(approve(both.clone()), OrderState::Executing, "the approver owns the provider");
    let started = |reviewer, creator| {
        let waiting = OrderFacts { reviewer, creator, ..in_state(REMOTE, OrderState::PendingProject) };
        run(Action::ProjectStart, &waiting).expect("started").to
    };
    assert_eq!(started(Some(both.clone()), Some(mgr())), OrderState::Executing);
    assert_eq!(
        started(Some(own()), Some(both.clone())),
        OrderState::PendingProvider,
        "the reviewer before the creator"
    );
    assert_eq!(started(None, Some(both)), OrderState::Executing);
    assert_eq!(started(None, None), OrderState::PendingProvider);
}

#[test]
fn the_service_makes_orders_too() {
    let nobodys = OrderFacts { created_by: None, creator: None, order_type: OrderType::Terminate, ..order(SUPPORT) };
    assert_eq!(run(Action::Submit, &nobodys).expect("submitted").to, OrderState::Executing);
    let mut with_purchase = nobodys;
    with_purchase.offering.plugin_options = json!({"require_purchase_order_upload": true});
    assert_eq!(run(Action::Submit, &with_purchase).expect("submitted").to, OrderState::PendingConsumer);
    let for_user = OrderFacts { order_type: OrderType::Terminate, ..order(SUPPORT) };
    assert_eq!(run(Action::Submit, &for_user).expect("submitted").to, OrderState::PendingConsumer, "as its creator");
}

#[test]
fn only_the_creator_submits() {
    assert!(ask(Action::Submit, &order(BASIC), &mgr()).is_ok());
    assert!(ask(Action::Submit, &order(BASIC), &staff()).is_err());
}

#[test]
fn the_answers_to_approvals() {
    let answers: Vec<_> = OrderState::ALL
        .iter()
        .filter_map(|state| {
            let decision = submit("own", order(TENANT));
            Decision { to: *state, ..decision }.message().map(|message| (state.as_str(), message))
        })
        .collect();
    let expected = [
        ("executing", "Order has been approved and is being processed."),
        ("pending-provider", "Order is pending provider approval."),
        ("pending-project", "Order is pending project activation."),
        ("pending-start-date", "Order is pending start date."),
    ];
    assert_eq!(answers, expected);
}
