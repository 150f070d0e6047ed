//! An order as it is shown: every value of a new one, costs, plans, and what a life does to it (spec 8, 12).

use mercat_domain::order::{OrderState, OrderType, ResourceState};
use mercat_store::entity::{issue, media, order, resource, user};
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{EntityTrait as _, Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{Ask as _, at};

async fn seen(app: &TestApp, order: &str) -> Value {
    app.get("staff", &at(order, "")).await.expect(200).json()
}

/// Everything of a new order, and nothing else.
async fn values(app: &TestApp) {
    let id = Unchanged(app.world.users["mgr"]);
    app.save(user::ActiveModel { id, civil_number: Set(Some("EE1".to_owned())), ..Default::default() }).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let resource = app.resource_row(&order).await;
    let (url, plan) =
        (format!("http://mercat.test{}", at(&order, "")), format!("http://mercat.test{}", offered.plan_path()));
    let expected = json!({
        "offering": format!("http://mercat.test{}", offered.path()), "offering_name": "Marketplace.Slurm",
        "offering_uuid": offered.id, "offering_description": "", "offering_image": null, "offering_thumbnail": null,
        "offering_type": "Marketplace.Slurm", "offering_shared": true, "offering_billable": true,
        "offering_plugin_options": {}, "provider_name": "Verkaeufer", "provider_uuid": app.world.provider,
        "provider_slug": "verkaeufer", "category_title": "Computing", "category_uuid": app.world.category,
        "category_icon": null, "plan": plan, "plan_unit": "month", "plan_name": "Standard", "plan_uuid": offered.plan,
        "plan_description": "", "attributes": {"name": "it"}, "limits": {"cpu": 1}, "uuid": order,
        "created": "2025-05-19T12:00:00Z", "modified": "2025-05-19T12:00:00Z", "resource_uuid": null,
        "resource_type": null, "resource_name": "it", "cost": "14.0000000000", "state": "pending-consumer",
        "output": "", "marketplace_resource_uuid": resource.id, "error_message": "", "error_traceback": "",
        "callback_url": null, "completed_at": null, "request_comment": null, "attachment": null, "type": "Create",
        "start_date": null, "slug": "konsument-1", "url": url, "consumer_reviewed_by": null,
        "consumer_reviewed_by_full_name": null, "consumer_reviewed_by_username": null, "consumer_reviewed_at": null,
        "provider_reviewed_by": null, "provider_reviewed_by_full_name": null, "provider_reviewed_by_username": null,
        "provider_reviewed_at": null, "created_by_username": "mgr", "created_by_full_name": "MGR Test",
        "created_by_civil_number": "EE1", "customer_name": "Konsument", "customer_uuid": app.world.consumer,
        "customer_slug": "konsument", "project_name": "Probe", "project_uuid": app.world.project,
        "project_description": "", "project_slug": "probe", "old_plan_name": null, "new_plan_name": "Standard",
        "old_plan_uuid": null, "new_plan_uuid": offered.plan, "old_cost_estimate": 0.0,
        "new_cost_estimate": "14.0000000000", "can_terminate": false, "fixed_price": 0.0, "activation_price": 7.0,
        "termination_comment": null, "backend_id": "", "order_subtype": null, "issue": null,
    });
    assert_eq!(seen(app, &order).await, expected);
}

/// The order of a backend's resource names the backend's object too.
async fn backends(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let uuid = uuid::Uuid::from_u128(77);
    app.save(resource::ActiveModel {
        id: Unchanged(app.resource_row(&order).await.id),
        backend_kind: Set(Some("OpenStack.Tenant".to_owned())),
        backend_uuid: Set(Some(uuid)),
        name: Set("renamed".to_owned()),
        ..Default::default()
    })
    .await;
    let order = seen(app, &order).await;
    assert_eq!(order["resource_uuid"], uuid.simple().to_string());
    assert_eq!([&order["resource_type"], &order["resource_name"]], ["OpenStack.Tenant", "renamed"]);
}

/// An order that has everything that an order can have.
async fn full(app: &TestApp) -> String {
    let offered = app.offering("Marketplace.Slurm").await;
    let large = app.second_plan(&offered).await;
    let order = app.order("mgr", &offered).await;
    let (id, now) = (order.parse().unwrap(), app.app.now());
    let user = |name: &str| Some(app.world.users[name]);
    let file = media::Model {
        id: mercat_app::ids::new::<uuid::Uuid>(now).into(),
        name: "a.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        size: 1,
        sha256: vec![0],
        order_id: Some(id),
        created_by: None,
        created: now,
    };
    let attachment = Some(file.id);
    app.put(file).await;
    let issue = mercat_app::ids::new::<uuid::Uuid>(now).into();
    app.put(issue::Model { id: issue, order_id: id, key: "HELP-1".to_owned(), created: now }).await;
    app.save(resource::ActiveModel {
        id: Unchanged(app.resource_row(&order).await.id),
        backend_kind: Set(Some("OpenStack.Tenant".to_owned())),
        backend_uuid: Set(Some(uuid::Uuid::from_u128(78))),
        ..Default::default()
    })
    .await;
    app.save(order::ActiveModel {
        id: Unchanged(id),
        order_type: Set(OrderType::Update),
        attributes: Set(json!({"name": "it", "old_limits": {"cpu": 3}})),
        old_plan_id: Set(Some(large)),
        callback_url: Set(Some("https://example.org/".to_owned())),
        request_comment: Set(Some("comment".to_owned())),
        termination_comment: Set(Some("ended".to_owned())),
        attachment: Set(attachment),
        start_date: Set(Some(now.date_naive())),
        completed_at: Set(Some(now)),
        consumer_reviewed_by: Set(user("own")),
        consumer_reviewed_at: Set(Some(now)),
        provider_reviewed_by: Set(user("vown")),
        provider_reviewed_at: Set(Some(now)),
        backend_id: Set("backend".to_owned()),
        output: Set("output".to_owned()),
        error_message: Set("message".to_owned()),
        error_traceback: Set("traceback".to_owned()),
        ..Default::default()
    })
    .await;
    order
}

/// What a field says by itself is what it says among all others: what it needs is read for it.
async fn fields_alone(app: &TestApp) {
    let order = full(app).await;
    let all = seen(app, &order).await;
    let empty: Vec<&str> =
        all.as_object().unwrap().iter().filter(|(_, value)| value.is_null()).map(|(name, _)| &name[..]).collect();
    assert_eq!(empty, ["category_icon", "created_by_civil_number", "offering_image", "offering_thumbnail"]);
    for (name, value) in all.as_object().unwrap() {
        let expected = json!({ (name): value });
        let one = app.get("staff", &format!("{}?field={name}", at(&order, ""))).await.expect(200).json();
        assert_eq!(one, expected);
        let list = app.get("staff", &format!("/api/marketplace-orders/?field={name}")).await.expect(200).json();
        assert_eq!(list, json!([expected]));
    }
}

/// Clients crash on null in these (clients 2.4): what an importer stored as null is shown as an empty object.
async fn never_null(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let id = Unchanged(order.parse().unwrap());
    let (attributes, limits) = (Set(Value::Null), Set(Value::Null));
    app.save(order::ActiveModel { id, attributes, limits, ..Default::default() }).await;
    let order = seen(app, &order).await;
    assert_eq!([&order["attributes"], &order["limits"]], [&json!({}), &json!({})]);
}

/// A finished Basic resource of `own` with one cpu.
async fn made(app: &TestApp, offered: &Offered) -> String {
    let order = app.order("own", offered).await;
    app.act("vown", &order, "approve_by_provider").await.expect(200);
    app.drain().await;
    order
}

async fn change(app: &TestApp, order: &str, action: &str, body: Value) -> String {
    let resource = app.resource_row(order).await.id;
    let path = format!("/api/marketplace-resources/{resource}/{action}/");
    app.post_json("own", &path, body).await.expect(200).text("order_uuid")
}

/// 5 a month, 2 for each cpu, 7 once; the other plan 9, 1 and 3 for the switch (spec 8).
async fn costs(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let large = app.second_plan(&offered).await;
    let first = made(app, &offered).await;
    let shown = async |order: &str| {
        let order = seen(app, order).await;
        ["cost", "new_cost_estimate", "old_cost_estimate", "fixed_price", "activation_price"]
            .map(|name| order[name].clone())
    };
    let row = |cost: Value, old: f64, activation: f64| [cost.clone(), cost, json!(old), json!(0.0), json!(activation)];
    assert_eq!(shown(&first).await, row(json!("14.0000000000"), 0.0, 7.0));
    let grown = change(app, &first, "update_limits", json!({"limits": {"cpu": 5}})).await;
    assert_eq!(shown(&grown).await, row(json!("15.0000000000"), 7.0, 0.0));
    app.act("vown", &grown, "reject_by_provider").await.expect(200);
    let path = format!("/api/marketplace-public-offerings/{}/plans/{large}/", offered.id);
    let switched = change(app, &first, "switch_plan", json!({ "plan": path })).await;
    assert_eq!(shown(&switched).await, row(json!("13.0000000000"), 0.0, 3.0));
    app.act("vown", &switched, "approve_by_provider").await.expect(200);
    app.drain().await;
    assert_eq!(app.resource_row(&first).await.cost, Some("10".parse().unwrap()), "without what is paid once");
    let ended = change(app, &first, "terminate", json!({})).await;
    assert_eq!(shown(&ended).await, row(Value::Null, 0.0, 0.0));
    let bare = app.create("own", &offered, json!({"plan": null, "limits": null})).await.expect(201).text("uuid");
    assert_eq!(shown(&bare).await, row(Value::Null, 0.0, 0.0));
}

/// `new_plan_*` mirrors the plan for every type; `old_plan_*` is for switches only (spec 18 trap 21).
async fn plans(app: &TestApp) {
    let offered = app.offering("Marketplace.Basic").await;
    let large = app.second_plan(&offered).await;
    let first = made(app, &offered).await;
    let names = ["plan_name", "new_plan_name", "old_plan_name"];
    let shown = async |order: &str| {
        let order = seen(app, order).await;
        assert_eq!(order["plan_uuid"], order["new_plan_uuid"]);
        assert_eq!(order["old_plan_uuid"].is_null(), order["old_plan_name"].is_null());
        names.map(|name| order[name].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(shown(&first).await, ["Standard", "Standard", "-"]);
    let path = format!("/api/marketplace-public-offerings/{}/plans/{large}/", offered.id);
    let switched = change(app, &first, "switch_plan", json!({ "plan": path })).await;
    assert_eq!(shown(&switched).await, ["Large", "Large", "Standard"]);
    let order = seen(app, &switched).await;
    assert_eq!([&order["old_plan_uuid"], &order["new_plan_uuid"]], [&json!(offered.plan), &json!(large)]);
}

/// By type and state, whoever asks (spec 18 trap 23).
async fn cancellable(app: &TestApp) {
    let open = [OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::Executing];
    for (name, can) in [("Marketplace.Basic", true), ("Support.OfferingTemplate", true), ("Marketplace.Slurm", false)] {
        let order = app.order("mgr", &app.offering(name).await).await;
        for state in OrderState::ALL {
            app.set_state(&order, *state).await;
            for who in ["mgr", "vown", "support"] {
                let shown = app.get(who, &at(&order, "")).await.json()["can_terminate"].clone();
                assert_eq!(shown, json!(can && open.contains(state)), "{name} {state} {who}");
            }
        }
    }
}

/// A deleted Create order takes its resource along; an unlinked one does not (spec 10.4, 10.5).
async fn deletion(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let resource = app.resource_row(&order).await.id;
    app.upload("mgr", &at(&order, "update_attachment"), "a.pdf", b"%PDF-1.4").await.expect(200);
    app.call("mgr", http::Method::DELETE, &at(&order, "")).await.expect(204);
    let row = resource::Entity::find_by_id(resource).one(app.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.state, ResourceState::Terminated);
}

/// The resource changes its state when the order is worked on, not when it is made (spec 19 row 3).
async fn busy_resources(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let first = app.order("own", &offered).await;
    app.act("vown", &first, "approve_by_provider").await.expect(200);
    app.drain().await;
    assert_eq!(app.state(&first).await, "executing", "until the agent reports");
    app.act("vown", &first, "set_state_done").await.expect(200);
    for (action, body, busy) in [
        ("update_limits", json!({"limits": {"cpu": 2}}), ResourceState::Updating),
        ("terminate", json!({}), ResourceState::Terminating),
    ] {
        let order = change(app, &first, action, body).await;
        assert_eq!(app.resource_row(&first).await.state, ResourceState::Ok, "{action} waits for approval");
        app.act("vown", &order, "approve_by_provider").await.expect(200);
        app.drain().await;
        assert_eq!(app.resource_row(&first).await.state, busy, "{action} is worked on");
        app.act("vown", &order, "set_state_erred").await.expect(200);
        let after = if action == "terminate" { ResourceState::Ok } else { ResourceState::Erred };
        assert_eq!(app.resource_row(&first).await.state, after, "{action} failed");
        let id = Unchanged(app.resource_row(&first).await.id);
        app.save(resource::ActiveModel { id, state: Set(ResourceState::Ok), ..Default::default() }).await;
    }
}

/// From erred, with everything that was noted (spec 10.11, 19 row 16).
async fn reopened(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order_in("mgr", &offered, OrderState::Executing).await;
    app.act("vown", &order, "set_state_done").await.expect(200);
    let completed = app.order_field(&order, "completed_at").await;
    app.set_state(&order, OrderState::Erred).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    app.act("vown", &order, "set_state_executing").await.expect(200);
    assert_eq!(app.order_field(&order, "completed_at").await, completed);
    app.act("vown", &order, "set_state_done").await.expect(200);
    assert_ne!(app.order_field(&order, "completed_at").await, completed, "the next completion");
}

/// Refusals say in headers who could and what would help, because the body is Waldur's.
async fn advice(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let refused = app.act("mgr", &order, "approve_by_consumer").await.expect(403);
    let who = refused.header("x-mercat-who");
    assert!(who.contains("ORDER.APPROVE") && who.contains("Probe") && who.contains("Konsument"), "{who}");
    app.set_state(&order, OrderState::Done).await;
    let refused = app.act("own", &order, "approve_by_consumer").await.expect(409);
    let unblocks = refused.header("x-mercat-unblocks");
    assert!(unblocks.contains("done") && unblocks.contains("pending-consumer"), "{unblocks}");
    assert_eq!(app.act("user", &order, "cancel").await.expect(404).header("x-mercat-who"), "", "nothing to strangers");
}

both! {
    async fn orders_as_they_are_shown(app: TestApp) {
        values(&app).await;
        backends(&app).await;
        never_null(&app).await;
        costs(&app).await;
        plans(&app).await;
        cancellable(&app).await;
    }

    async fn every_field_by_itself(app: TestApp) {
        fields_alone(&app).await;
    }

    async fn orders_and_their_resources(app: TestApp) {
        deletion(&app).await;
        busy_resources(&app).await;
        reopened(&app).await;
        advice(&app).await;
    }
}
