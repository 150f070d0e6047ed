//! The list's filters count on single orders too (spec 3.1, 18 trap 28).

use http::Method;
use mercat_domain::order::OrderState;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, FORBIDDEN, NO_ORDER, assert_reply, at, detail, field};

const ACTIONS: &[(&str, &str)] = &[
    ("own", "approve_by_consumer"),
    ("vown", "approve_by_provider"),
    ("own", "reject_by_consumer"),
    ("vown", "reject_by_provider"),
    ("own", "cancel"),
    ("vown", "set_state_executing"),
    ("vown", "set_state_done"),
    ("vown", "set_state_erred"),
    ("vown", "set_backend_id"),
    ("own", "update_attachment"),
    ("own", "delete_attachment"),
    ("staff", "unlink"),
];

async fn filtered_away(app: &TestApp, order: &str) {
    let (detail_path, offering) = (at(order, ""), at(order, "offering"));
    let bad = field("state", "Select a valid choice. x is not one of the available choices.");
    for path in [&detail_path, &offering] {
        app.get("own", &format!("{path}?state=pending-consumer&type=Create")).await.expect(200);
        assert_reply(&app.get("own", &format!("{path}?state=done")).await, 404, &detail(NO_ORDER), path);
        assert_reply(&app.get("own", &format!("{path}?state=x")).await, 400, &bad, path);
    }
    for (who, action) in ACTIONS {
        let path = at(order, action);
        assert_reply(&app.post(who, &format!("{path}?state=done")).await, 404, &detail(NO_ORDER), action);
        assert_reply(&app.post(who, &format!("{path}?state=x")).await, 400, &bad, action);
    }
    let deletion = app.call("own", Method::DELETE, &format!("{detail_path}?state=done")).await;
    assert_reply(&deletion, 404, &detail(NO_ORDER), "delete");
    let unlink = app.post("own", &format!("{}?state=x", at(order, "unlink"))).await;
    assert_reply(&unlink, 403, &detail(FORBIDDEN), "staff is asked for first");
    assert_eq!(app.state(order).await, "pending-consumer", "nothing happened");
}

async fn let_through(app: &TestApp, order: &str) {
    let path = format!("{}?state=pending-consumer&query={order}", at(order, "approve_by_consumer"));
    app.post("own", &path).await.expect(200);
    app.set_state(order, OrderState::PendingConsumer).await;
    let path = format!("{}?customer_uuid={}", at(order, "set_backend_id"), app.world.consumer);
    app.post_json("vown", &path, json!({"backend_id": "b"})).await.expect(200);
    let deletion = app.call("own", Method::DELETE, &format!("{}?type=Create", at(order, ""))).await;
    assert_reply(&deletion, 204, &Value::Null, "delete");
}

both! {
    async fn filters_of_single_orders(app: TestApp) {
        let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
        filtered_away(&app, &order).await;
        let_through(&app, &order).await;
    }
}
