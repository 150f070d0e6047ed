//! Rows 23 to 34: approval and rejection.

use mercat_domain::{
    order::{OrderState, ResourceState},
    permission::Permission,
};
use mercat_store::entity::resource;
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{Ask as _, FORBIDDEN, assert_reply, detail};

both! {
    async fn rows_23_to_28_approval(app: TestApp) {
        row_23_the_owner_approves(&app).await;
        row_25_once(&app).await;
        row_26_then_the_provider_is_asked(&app).await;
        row_27_the_provider_approves(&app).await;
        row_28_nobody_approves_for_the_other_side(&app).await;
        row_24_a_permission_decides(&app).await;
    }

    async fn rows_29_to_34_rejection(app: TestApp) {
        row_30_support_only_sees(&app).await;
        row_31_reviewed_orders_are_not_rejected(&app).await;
        row_32_the_provider_rejects(&app).await;
        row_33_what_runs_is_not_rejected(&app).await;
        row_34_what_a_rejection_means_for_the_resource(&app).await;
        row_29_the_consumer_rejects(&app).await;
    }
}

const EXECUTING: &str = "Order has been approved and is being processed.";

async fn row_23_the_owner_approves(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    let order = app.order("mgr", &offered).await;
    app.clock.advance(chrono::TimeDelta::seconds(5));
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 200, &detail(EXECUTING), "approved");
    let reply = app.get("own", &crate::support::at(&order, "")).await.expect(200).json();
    assert_eq!(reply["state"], "executing");
    let reviewed = ["consumer_reviewed_by", "consumer_reviewed_by_username", "consumer_reviewed_by_full_name"];
    assert_eq!(reviewed.map(|name| reply[name].clone()), [json!("own"), json!("own"), json!("OWN Test")]);
    assert_eq!(reply["consumer_reviewed_at"], "2025-05-19T12:00:05Z");
    assert_eq!(reply["modified"], "2025-05-19T12:00:05Z");
    assert_eq!(reply["provider_reviewed_at"], Value::Null);
}

async fn row_24_a_permission_decides(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    let order = app.order("mgr", &offered).await;
    for who in ["adm", "mgr"] {
        assert_reply(&app.act(who, &order, "approve_by_consumer").await, 403, &detail(FORBIDDEN), who);
    }
    app.allow("PROJECT.ADMIN", Permission::OrderApprove).await;
    assert_reply(&app.act("adm", &order, "approve_by_consumer").await, 200, &detail(EXECUTING), "adm, now");
}

async fn row_25_once(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    let order = app.order("own", &offered).await;
    let refusal = detail("Valid states for operation: pending-consumer.");
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 409, &refusal, "executing");
}

async fn row_26_then_the_provider_is_asked(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let order = app.order("mgr", &offered).await;
    let answer = detail("Order is pending provider approval.");
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 200, &answer, "approved");
    assert_eq!(app.state(&order).await, "pending-provider");
}

/// Lets the provider approve an order and does the work.
async fn fulfil(app: &TestApp, order: &str) -> resource::Model {
    assert_reply(&app.act("vown", order, "approve_by_provider").await, 200, &detail(EXECUTING), "approved");
    app.drain().await;
    assert_eq!(app.state(order).await, "done");
    assert_eq!(app.order_field(order, "provider_reviewed_by").await, "vown");
    app.resource_row(order).await
}

/// A change of the resource of an order, ordered by its owner.
async fn change(app: &TestApp, order: &str, action: &str, body: Value) -> String {
    let resource = app.resource_row(order).await.id;
    let path = format!("/api/marketplace-resources/{resource}/{action}/");
    app.post_json("own", &path, body).await.expect(200).text("order_uuid")
}

async fn row_27_the_provider_approves(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let made = app.order("own", &offered).await;
    assert_eq!(fulfil(app, &made).await.state, ResourceState::Ok);

    let other = app.second_plan(&offered).await;
    let path = format!("/api/marketplace-public-offerings/{}/plans/{other}/", offered.id);
    let switched = change(app, &made, "switch_plan", json!({ "plan": path })).await;
    assert_eq!(fulfil(app, &switched).await.plan_id, Some(other));

    let grown = change(app, &made, "update_limits", json!({"limits": {"cpu": 5}})).await;
    assert_eq!(fulfil(app, &grown).await.limits, json!({"cpu": 5}));

    let ended = change(app, &made, "terminate", json!({})).await;
    assert_eq!(fulfil(app, &ended).await.state, ResourceState::Terminated);
    let types = [
        (&made, "Create", Value::Null),
        (&switched, "Update", json!("plan_switch")),
        (&grown, "Update", json!("update_limits")),
        (&ended, "Terminate", Value::Null),
    ];
    for (order, order_type, subtype) in types {
        assert_eq!(app.order_field(order, "type").await, order_type);
        assert_eq!(app.order_field(order, "order_subtype").await, subtype, "{order_type}");
    }
}

async fn row_28_nobody_approves_for_the_other_side(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let order = app.order("own", &offered).await;
    for who in ["own", "mgr", "adm", "support"] {
        assert_reply(&app.act(who, &order, "approve_by_provider").await, 403, &detail(FORBIDDEN), who);
    }
    let order = app.order("mgr", &offered).await;
    assert_reply(&app.act("vown", &order, "approve_by_consumer").await, 403, &detail(FORBIDDEN), "vown");
}

async fn rejected(app: &TestApp, who: &str, offered: &Offered) {
    let order = app.order("mgr", offered).await;
    assert_reply(&app.act(who, &order, "reject_by_consumer").await, 200, &Value::Null, who);
    let reply = app.get("staff", &crate::support::at(&order, "")).await.json();
    assert_eq!([&reply["state"], &reply["consumer_reviewed_by"]], [&json!("rejected"), &json!(who)]);
    assert_eq!(reply["completed_at"], reply["consumer_reviewed_at"]);
}

async fn row_29_the_consumer_rejects(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for who in ["staff", "own", "mgr"] {
        rejected(app, who, &offered).await;
    }
    let order = app.order("mgr", &offered).await;
    assert_reply(&app.act("adm", &order, "reject_by_consumer").await, 403, &detail(FORBIDDEN), "adm");
    app.allow("PROJECT.ADMIN", Permission::OrderReject).await;
    rejected(app, "adm", &offered).await;
}

async fn row_30_support_only_sees(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    assert_reply(&app.act("support", &order, "reject_by_consumer").await, 403, &detail(FORBIDDEN), "support");
    assert_eq!(app.state(&order).await, "pending-consumer");
}

async fn row_31_reviewed_orders_are_not_rejected(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let refusal = detail("Valid states for operation: pending-consumer.");
    for state in OrderState::ALL.iter().filter(|state| **state != OrderState::PendingConsumer) {
        let order = app.order_in("mgr", &offered, *state).await;
        assert_reply(&app.act("own", &order, "reject_by_consumer").await, 409, &refusal, state.as_str());
    }
}

async fn row_32_the_provider_rejects(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for who in ["staff", "vown"] {
        let order = app.order("own", &offered).await;
        for other in ["own", "mgr", "adm"] {
            assert_reply(&app.act(other, &order, "reject_by_provider").await, 403, &detail(FORBIDDEN), other);
        }
        assert_reply(&app.act(who, &order, "reject_by_provider").await, 200, &Value::Null, who);
        assert_eq!(app.state(&order).await, "rejected");
        assert_eq!(app.order_field(&order, "provider_reviewed_by").await, who);
        assert_ne!(app.order_field(&order, "completed_at").await, Value::Null);
    }
}

async fn row_33_what_runs_is_not_rejected(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for state in [OrderState::Executing, OrderState::Canceled] {
        let order = app.order_in("own", &offered, state).await;
        let refusal = detail("Valid states for operation: pending-provider.");
        assert_reply(&app.act("vown", &order, "reject_by_provider").await, 409, &refusal, state.as_str());
    }
}

async fn row_34_what_a_rejection_means_for_the_resource(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let made = app.order("own", &offered).await;
    app.act("vown", &made, "reject_by_provider").await.expect(200);
    assert_eq!(app.resource_row(&made).await.state, ResourceState::Terminated);

    let made = app.order("own", &offered).await;
    app.set_state(&made, OrderState::Done).await;
    let row = app.resource_row(&made).await;
    let id = Unchanged(row.id);
    app.save(resource::ActiveModel { id, state: Set(ResourceState::Ok), ..Default::default() }).await;
    for (action, body) in [("update_limits", json!({"limits": {"cpu": 9}})), ("terminate", json!({}))] {
        let order = change(app, &made, action, body).await;
        app.act("vown", &order, "reject_by_provider").await.expect(200);
        let after = app.resource_row(&made).await;
        assert_eq!(
            (after.state, after.limits, after.plan_id),
            (ResourceState::Ok, row.limits.clone(), row.plan_id),
            "{action}"
        );
    }
}
