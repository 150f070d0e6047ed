//! Business rules of orders, and inputs that made Waldur of 2024-10 fail (spec 7.7, 10, 14, 18 row 38).

use mercat_domain::{
    order::{OrderState, ResourceState},
    permission::Scope,
};
use mercat_store::entity::resource;
use mercat_testkit::{TestApp, both};
use sea_orm::{Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{Ask as _, FORBIDDEN, ORDERS, assert_reply, detail, field};

/// What an offering must have before it can be ordered (spec 7.7 g).
async fn prerequisites(app: &TestApp) {
    let script = app.offering("Marketplace.Script").await;
    let refusal = json!(["Script is not defined."]);
    assert_reply(&app.create("own", &script, json!({})).await, 400, &refusal, "script");
    for name in ["OpenStack.Tenant", "OpenStack.Instance", "OpenStack.Volume"] {
        let tenant = app.offering(name).await;
        let refusal = json!(["Offering is invalid: it does not have a scope."]);
        assert_reply(&app.create("own", &tenant, json!({"limits": {}})).await, 400, &refusal, name);
    }
}

async fn secrets_are_shown_once(app: &TestApp) {
    let tenant = app.tenants().await;
    let attributes = json!({"name": "n", "user_username": "u", "user_password": "p"});
    let made = app.create("own", &tenant, json!({ "attributes": attributes.clone() })).await.expect(201).json();
    assert_eq!(made["attributes"], attributes, "in the answer to who sent them");
    let order = made["uuid"].as_str().unwrap();
    let resource = made["marketplace_resource_uuid"].as_str().unwrap();
    for (who, list) in [("own", "resources"), ("staff", "resources"), ("vown", "provider-resources")] {
        let shown = app.get(who, &format!("/api/marketplace-{list}/{resource}/")).await.expect(200).json();
        assert_eq!(shown["attributes"], json!({"name": "n"}), "{who}");
    }
    for who in ["own", "staff"] {
        let seen = app.get(who, &crate::support::at(order, "")).await.json();
        assert_eq!(seen["attributes"], json!({"name": "n"}), "{who}");
        let listed = app.get(who, &format!("{ORDERS}?query={order}")).await.json();
        assert_eq!(listed[0]["attributes"], json!({"name": "n"}), "{who}");
    }
}

async fn purchase_orders(app: &TestApp) {
    let options = json!({"require_purchase_order_upload": true});
    let offered =
        app.offering_with("Support.OfferingTemplate", |offering, _, _| offering.plugin_options = options).await;
    let order = app.order("own", &offered).await;
    assert_eq!(app.state(&order).await, "pending-consumer", "even the owner's own");
    let refusal = json!(["Purchase order is required for approval."]);
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 400, &refusal, "no file");
    app.upload("own", &crate::support::at(&order, "update_attachment"), "po.pdf", b"%PDF-1.4").await.expect(200);
    app.act("own", &order, "approve_by_consumer").await.expect(200);
}

/// A creator who may approve by now has nothing to reject.
async fn review_is_not_required(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let reviewed = app.order("adm", &offered).await;
    app.grant(app.world.users["mgr"], "CUSTOMER.OWNER", Scope::Customer(app.world.consumer)).await;
    let refusal = json!(["Review of order by consumer is not required."]);
    for who in ["mgr", "own"] {
        assert_reply(&app.act(who, &order, "reject_by_consumer").await, 400, &refusal, who);
    }
    let id = Unchanged(reviewed.parse().unwrap());
    let by = Set(Some(app.world.users["own"]));
    app.save(mercat_store::entity::order::ActiveModel { id, consumer_reviewed_by: by, ..Default::default() }).await;
    let refusal = json!(["Order is already reviewed by consumer."]);
    assert_reply(&app.act("own", &reviewed, "reject_by_consumer").await, 400, &refusal, "reviewed");
}

/// The states in which each action works, in the words of its refusal (spec 10).
async fn wrong_states(app: &TestApp) {
    use OrderState::{Erred, Executing, PendingConsumer, PendingProject, PendingProvider, PendingStartDate};
    let cases: &[(&str, &str, &[OrderState])] = &[
        ("own", "approve_by_consumer", &[PendingConsumer]),
        ("vown", "approve_by_provider", &[PendingProvider]),
        ("own", "reject_by_consumer", &[PendingConsumer]),
        ("vown", "reject_by_provider", &[PendingProvider]),
        ("own", "cancel", &[PendingConsumer, PendingProvider, PendingStartDate, Executing]),
        ("vown", "set_state_executing", &[PendingConsumer, PendingProvider, Erred]),
        ("vown", "set_state_done", &[Executing]),
        ("own", "update_attachment", &[PendingProject, PendingConsumer, PendingProvider]),
        ("own", "delete_attachment", &[PendingProject, PendingConsumer, PendingProvider]),
    ];
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mem", &offered).await;
    for (who, action, states) in cases {
        let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let refusal = detail(&format!("Valid states for operation: {}.", names.join(", ")));
        for state in OrderState::ALL.iter().filter(|state| !states.contains(state)) {
            app.set_state(&order, *state).await;
            assert_reply(&app.act(who, &order, action).await, 409, &refusal, &format!("{action} {state}"));
        }
    }
    for state in OrderState::ALL.iter().filter(|state| ![PendingConsumer, PendingProvider].contains(state)) {
        app.set_state(&order, *state).await;
        let reply = app.call("own", http::Method::DELETE, &crate::support::at(&order, "")).await;
        let refusal = detail("Valid states for operation: pending-consumer, pending-provider.");
        assert_reply(&reply, 409, &refusal, state.as_str());
    }
}

/// The state comes before the type, where both are wrong (spec 18 trap 6).
async fn wrong_types(app: &TestApp) {
    let cases = [
        ("own", "cancel", OrderState::Executing, "Marketplace.Slurm"),
        ("vown", "set_state_executing", OrderState::Erred, "Marketplace.Basic"),
        ("vown", "set_state_executing", OrderState::Erred, "Support.OfferingTemplate"),
        ("vown", "set_state_done", OrderState::Executing, "Marketplace.Rancher"),
        ("vown", "set_state_erred", OrderState::Executing, "Marketplace.Basic"),
        ("vown", "set_state_erred", OrderState::Done, "Support.OfferingTemplate"),
    ];
    for (who, action, state, offering_type) in cases {
        let offered = app.offering(offering_type).await;
        let order = app.create("mgr", &offered, json!({"limits": {}})).await.expect(201).text("uuid");
        app.set_state(&order, state).await;
        let sentence = format!("The order's offering with {offering_type} type does not support this action");
        let refusal = detail(&format!("Method \"{sentence}\" not allowed."));
        let reply = app.act(who, &order, action).await;
        assert_reply(&reply, 405, &refusal, &format!("{action} {offering_type}"));
        assert_eq!(app.act("own", &order, "set_state_erred").await.status, 403, "permission comes before type");
    }
}

/// Which of two things that are wrong is told (spec 10, 18 trap 6); the organisation is the consumer's even for the
/// provider's side (trap 7).
async fn order_of_checks(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    let order = app.order_in("mgr", &offered, OrderState::Done).await;
    let blocked = json!(["Blocked organization is not available."]);
    app.set_consumer(true, false).await;
    app.set_project(None, Some(-1)).await;
    for (who, action) in [
        ("own", "approve_by_consumer"),
        ("vown", "approve_by_provider"),
        ("own", "reject_by_consumer"),
        ("vown", "reject_by_provider"),
        ("vown", "set_backend_id"),
    ] {
        assert_reply(&app.act(who, &order, action).await, 400, &blocked, action);
        assert_eq!(app.act("support", &order, action).await.status, 403, "{action}: permission first");
    }
    let order_path = crate::support::at(&order, "");
    let delete = || app.call("own", http::Method::DELETE, &order_path);
    assert_eq!(delete().await.status, 409, "deleting asks for the state first");
    app.set_state(&order, OrderState::PendingProvider).await;
    assert_reply(&delete().await, 400, &blocked, "then for the organisation");
    app.set_consumer(false, false).await;
    let expired = json!(["Project 'Probe | Konsument' is expired."]);
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 400, &expired, "the project before the state");
    app.set_consumer(true, false).await;
    app.act("vown", &order, "approve_by_provider").await.expect(400);
    app.set_state(&order, OrderState::Executing).await;
    app.act("vown", &order, "set_state_done").await.expect(200);
    app.set_state(&order, OrderState::PendingConsumer).await;
    app.upload("mgr", &crate::support::at(&order, "update_attachment"), "a.pdf", b"%PDF-1.4").await.expect(200);
    app.act("own", &order, "cancel").await.expect(202);
    app.set_consumer(false, false).await;
    app.set_project(None, None).await;
}

/// What a resource's own endpoints refuse (spec 14).
async fn changes_of_resources(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("own", &offered).await;
    let id = app.resource_row(&order).await.id;
    let at = |side: &str, action: &str| format!("/api/marketplace-{side}/{id}/{action}/");
    let limits = json!({"limits": {"cpu": 3}});
    let wrong_state = detail("Valid states for operation: OK.");
    assert_reply(
        &app.post_json("own", &at("resources", "update_limits"), limits.clone()).await,
        409,
        &wrong_state,
        "creating",
    );
    app.save(resource::ActiveModel { id: Unchanged(id), state: Set(ResourceState::Ok), ..Default::default() }).await;
    let busy = json!(["Pending order for resource already exists."]);
    assert_reply(&app.post_json("own", &at("resources", "update_limits"), limits.clone()).await, 400, &busy, "pending");
    app.set_state(&order, OrderState::Done).await;
    for who in ["user", "vown"] {
        assert_eq!(app.post_json(who, &at("resources", "update_limits"), limits.clone()).await.status, 404, "{who}");
    }
    assert_reply(
        &app.post_json("mem", &at("resources", "update_limits"), limits).await,
        403,
        &detail(FORBIDDEN),
        "mem",
    );
    assert_eq!(
        app.post_json("own", &at("provider-resources", "terminate"), json!({})).await.status,
        404,
        "the other side"
    );
    let same = json!(["Impossible to create update orders with limits set to exactly the same."]);
    let reply = app.post_json("own", &at("resources", "update_limits"), json!({"limits": {"cpu": 1}})).await;
    assert_reply(&reply, 400, &same, "equal");
    let other = app.offering("Marketplace.Slurm").await.plan_path();
    let foreign = field("plan", "Plan is not available for this offering.");
    let reply = app.post_json("own", &at("resources", "switch_plan"), json!({ "plan": other })).await;
    assert_reply(&reply, 400, &foreign, "another's plan");
    let ended = app.post_json("vown", &at("provider-resources", "terminate"), json!({})).await.expect(200).json();
    assert_eq!(ended["order_uuid"], ended["uuid"]);
    let order = ended["order_uuid"].as_str().unwrap();
    assert_eq!(app.state(order).await, "pending-provider", "its consumer's review is skipped");
    assert_eq!(app.order_field(order, "cost").await, Value::Null);
}

/// Inputs that Waldur of 2024-10 answers with 500 (spec 18 row 38).
async fn inputs_that_broke_another_server(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let bodies = [
        json!({"attributes": {"name": "a\u{0}b"}}),
        json!({"attributes": {"a\u{0}b": [{"c": "\u{0}"}]}}),
        json!({"attributes": {"name": "x".repeat(10_000)}}),
        json!({"attributes": {"end_date": "bad"}}),
        json!({"attributes": {"end_date": {"a": 1}}}),
        json!({"limits": {"cpu": 900_000_000_000_i64}}),
        json!({"limits": {"cpu": i64::MAX}}),
        json!({"limits": {"cpu": 1e300}}),
        json!({"limits": {"cpu": "9".repeat(5000)}}),
        json!({"offering": "http://["}),
        json!({"plan": "http://[::"}),
        json!({"project": "\u{0}"}),
        json!({"request_comment": "\u{0}"}),
        json!({"callback_url": "http://["}),
        json!({"slug": "\u{0}"}),
        json!({"start_date": "99999-12-31"}),
        json!({"start_date": "0000-00-00"}),
    ];
    for body in bodies {
        let reply = app.create("staff", &offered, body.clone()).await;
        let start: String = body.to_string().chars().take(80).collect();
        assert_eq!(reply.status, 400, "{start}: {}", reply.json());
    }
    let order = app.order_in("mgr", &offered, OrderState::Executing).await;
    for (action, body) in
        [("set_backend_id", json!({"backend_id": "a\u{0}b"})), ("set_state_erred", json!({"error_message": "a\u{0}b"}))]
    {
        assert_eq!(app.post_json("vown", &crate::support::at(&order, action), body).await.status, 400, "{action}");
    }
    for query in [
        "offering=http://[",
        "resource=http://[",
        "offering=%00",
        "query=%00",
        "offering_slug=%00",
        "offering_type=%00",
        "state=%00",
        "page=%00",
        "o=%00",
        "resource_name=%00",
        "created=%00",
        "created=999999-01-01",
        "query=%F0%28%8C%28",
        "field=%00",
        "page_size=99999999999999999999",
        "page=9223372036854775807&page_size=300",
    ] {
        let status = app.get("staff", &format!("{ORDERS}?{query}")).await.status.as_u16();
        assert!(matches!(status, 200 | 400 | 404), "{query}: {status}");
    }
}

both! {
    async fn rules_of_orders(app: TestApp) {
        prerequisites(&app).await;
        secrets_are_shown_once(&app).await;
        purchase_orders(&app).await;
        wrong_states(&app).await;
        wrong_types(&app).await;
        order_of_checks(&app).await;
        changes_of_resources(&app).await;
        review_is_not_required(&app).await;
    }

    async fn no_input_breaks_the_server(app: TestApp) {
        inputs_that_broke_another_server(&app).await;
    }
}
