//! Rows 52 to 58: the list, what is no method, and callbacks.

use http::Method;
use mercat_domain::order::OrderState;
use mercat_store::delivery;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, ORDERS, assert_reply, at, detail, field};

both! {
    async fn rows_52_to_57_the_list(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        for _ in 0..25 {
            app.order("mgr", &offered).await;
        }
        row_52_a_page_of_the_list(&app).await;
        row_53_no_page_above_300(&app).await;
        row_54_unknown_states_are_refused_and_types_are_not(&app).await;
        row_55_states_are_joined(&app).await;
        row_56_fields_are_chosen(&app).await;
        row_57_orders_are_not_edited(&app).await;
    }

    async fn row_58_callbacks(app: TestApp) {
        row_58_each_state_is_told_once(&app).await;
    }
}

async fn row_52_a_page_of_the_list(app: &TestApp) {
    let reply = app.get("own", &format!("{ORDERS}?page_size=10&page=3")).await.expect(200);
    assert_eq!(reply.json().as_array().unwrap().len(), 5);
    assert_eq!(reply.header("x-result-count"), "25");
    let link = reply.header("link");
    assert!(!link.contains("rel=\"next\"") && link.contains("rel=\"prev\""), "{link}");
}

async fn row_53_no_page_above_300(app: &TestApp) {
    let first = uuids(app, "").await[0].clone();
    let (rows, resource) = (app.order_row(&first).await, app.resource_row(&first).await);
    let tx = app.app.begin_own().await.unwrap();
    for n in 0..300 {
        // A resource has one open order.
        let own = mercat_store::entity::resource::Model { id: mercat_app::ids::new(app.app.now()), ..resource.clone() };
        let row = mercat_store::entity::order::Model {
            id: mercat_app::ids::new(app.app.now()),
            resource_id: own.id,
            slug: format!("copy-{n}"),
            ..rows.clone()
        };
        mercat_app::admin::put(&tx, own).await.unwrap();
        mercat_app::admin::put(&tx, row).await.unwrap();
    }
    tx.commit().await.unwrap();
    for size in ["300", "301", "1000"] {
        let reply = app.get("own", &format!("{ORDERS}?field=uuid&page_size={size}")).await.expect(200);
        assert_eq!(reply.json().as_array().unwrap().len(), 300, "{size}");
        assert_eq!(reply.header("x-result-count"), "325");
    }
}

async fn row_54_unknown_states_are_refused_and_types_are_not(app: &TestApp) {
    let refusal = field("state", "Select a valid choice. foo is not one of the available choices.");
    assert_reply(&app.get("own", &format!("{ORDERS}?state=foo")).await, 400, &refusal, "state");
    assert_reply(&app.get("own", &format!("{ORDERS}?offering_type=foo")).await, 200, &json!([]), "offering_type");
}

/// The first orders that fit.
async fn uuids(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.get("own", &format!("{ORDERS}?field=uuid&{query}")).await.expect(200).json();
    list.as_array().unwrap().iter().map(|order| order["uuid"].as_str().unwrap().to_owned()).collect()
}

async fn row_55_states_are_joined(app: &TestApp) {
    let orders = uuids(app, "page_size=3").await;
    for (order, state) in orders.iter().zip([OrderState::Done, OrderState::Erred, OrderState::Canceled]) {
        app.set_state(order, state).await;
    }
    assert_eq!(uuids(app, "state=erred&state=done").await, orders[..2]);
}

async fn row_56_fields_are_chosen(app: &TestApp) {
    let list = app.get("own", &format!("{ORDERS}?field=state&field=uuid&field=nope&page_size=300")).await.json();
    for order in list.as_array().unwrap() {
        let keys: Vec<&String> = order.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 2, "{order}");
        assert!(order["uuid"].is_string() && order["state"].is_string(), "{order}");
    }
}

async fn row_57_orders_are_not_edited(app: &TestApp) {
    let order = &uuids(app, "").await[0];
    for method in [Method::PUT, Method::PATCH] {
        let body = json!({"limits": {"cpu": 1}});
        let reply = app.json_request("staff", method.clone(), &at(order, ""), body).await;
        assert_reply(&reply, 405, &detail(&format!("Method \"{method}\" not allowed.")), method.as_str());
    }
}

async fn row_58_each_state_is_told_once(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let url = "https://example.org/hook?order=1";
    let order = app.create("mgr", &offered, json!({"callback_url": url})).await.expect(201).text("uuid");
    assert_eq!(app.order_field(&order, "callback_url").await, url);
    app.act("own", &order, "approve_by_consumer").await.expect(200);
    app.act("own", &order, "approve_by_consumer").await.expect(409);
    app.post_json("vown", &at(&order, "set_backend_id"), json!({"backend_id": "b"})).await.expect(200);
    app.act("vown", &order, "approve_by_provider").await.expect(200);
    app.act("vown", &order, "set_state_done").await.expect(200);
    let messages = delivery::of_order(app.app.db.read(), order.parse().unwrap()).await.unwrap();
    let callbacks = messages.iter().filter(|message| message.kind.as_str() == "callback");
    let told: Vec<(&Value, &Value)> = callbacks.map(|m| (&m.payload["url"], &m.payload["state"])).collect();
    let states = ["pending-consumer", "pending-provider", "executing", "done"].map(Value::from);
    let url = Value::from(url);
    assert_eq!(told, states.iter().map(|state| (&url, state)).collect::<Vec<_>>());
}
