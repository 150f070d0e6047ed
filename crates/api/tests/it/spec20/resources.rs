//! Rows 13 to 22: where a new order goes, and what its resource gets.

use mercat_domain::{offering::LimitPeriod, permission::Permission};
use mercat_store::{delivery, entity::offering};
use mercat_testkit::{Offered, TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, assert_reply, field, non_field};

both! {
    async fn rows_13_to_17_where_a_new_order_goes(app: TestApp) {
        row_13_private_offerings_need_no_review(&app).await;
        row_14_those_who_may_approve_have_approved(&app).await;
        row_15_others_wait_for_the_owner(&app).await;
        row_17_the_provider_orders_from_himself(&app).await;
        // The last, since it changes a role.
        row_16_a_permission_decides_and_no_role_name(&app).await;
    }

    async fn rows_18_to_22_limits_and_end_dates(app: TestApp) {
        row_18_limits_go_to_order_and_resource(&app).await;
        row_19_limits_of_a_period_run_out(&app).await;
        row_20_unknown_limits_are_refused(&app).await;
        row_21_a_resource_ends_by_default(&app).await;
        row_22_a_resource_ends_in_time(&app).await;
    }
}

/// What a new order of each of them comes to.
async fn lands(app: &TestApp, offered: &Offered, who: &[&str], state: &str) {
    for who in who {
        let reply = app.create(who, offered, json!({})).await.expect(201);
        assert_eq!(reply.json()["state"], state, "{who}");
        let reviewer = if state == "pending-consumer" { Value::Null } else { json!(who) };
        assert_eq!(reply.json()["consumer_reviewed_by"], reviewer, "{who}");
        assert_eq!(reply.json()["consumer_reviewed_by_username"], reviewer, "{who}");
        assert_eq!(reply.json()["consumer_reviewed_at"].is_null(), reviewer.is_null(), "{who}");
    }
}

async fn row_13_private_offerings_need_no_review(app: &TestApp) {
    let consumer = app.world.consumer;
    let private = |offering: &mut offering::Model| {
        (offering.shared, offering.billable, offering.customer_id) = (false, false, consumer);
    };
    let offered = app.offering_with("Support.OfferingTemplate", |offering, _, _| private(offering)).await;
    lands(app, &offered, &["staff", "own", "mgr", "adm"], "executing").await;
    lands(app, &offered, &["mem"], "pending-consumer").await;
    let offered = app.offering_with("Marketplace.Basic", |offering, _, _| private(offering)).await;
    lands(app, &offered, &["staff", "own", "mgr", "adm"], "pending-provider").await;
}

async fn row_14_those_who_may_approve_have_approved(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    lands(app, &offered, &["staff", "own"], "executing").await;
    let offered = app.offering("Marketplace.Slurm").await;
    lands(app, &offered, &["staff", "own"], "pending-provider").await;
}

async fn row_15_others_wait_for_the_owner(app: &TestApp) {
    let offered = app.offering("Support.OfferingTemplate").await;
    lands(app, &offered, &["mgr", "adm", "mem"], "pending-consumer").await;
    let order = app.order("mgr", &offered).await;
    let messages = delivery::of_order(app.app.db.read(), order.parse().unwrap()).await.unwrap();
    let mails: Vec<_> = messages.iter().map(|m| (m.kind.as_str(), &m.payload["template"], &m.payload["to"])).collect();
    assert_eq!(mails, [("mail", &json!("notify_consumer_about_pending_order"), &json!("own@example.org"))]);
}

async fn row_16_a_permission_decides_and_no_role_name(app: &TestApp) {
    app.allow("PROJECT.MANAGER", Permission::OrderApprove).await;
    let offered = app.offering("Support.OfferingTemplate").await;
    lands(app, &offered, &["mgr"], "executing").await;
    lands(app, &offered, &["adm"], "pending-consumer").await;
}

async fn row_17_the_provider_orders_from_himself(app: &TestApp) {
    let consumer = app.world.consumer;
    for (option, state) in
        [(json!(true), "executing"), (json!(false), "pending-consumer"), (json!("true"), "pending-consumer")]
    {
        let change = |offering: &mut offering::Model| {
            offering.customer_id = consumer;
            offering.plugin_options = json!({"auto_approve_in_service_provider_projects": option});
        };
        let offered = app.offering_with("Support.OfferingTemplate", |offering, _, _| change(offering)).await;
        lands(app, &offered, &["mgr"], state).await;
    }
    let option = json!({"auto_approve_in_service_provider_projects": true});
    let offered =
        app.offering_with("Support.OfferingTemplate", |offering, _, _| offering.plugin_options = option).await;
    lands(app, &offered, &["mgr"], "pending-consumer").await;
}

async fn row_18_limits_go_to_order_and_resource(app: &TestApp) {
    let offered = app
        .offering_with("Marketplace.Slurm", |_, _, cpu| {
            (cpu.min_value, cpu.max_value) = (Some(2), Some(8));
            (cpu.limit_amount, cpu.limit_period) = (Some(20), Some(LimitPeriod::Month));
        })
        .await;
    for limit in [json!(2), json!("8"), json!(5.0)] {
        let reply = app.create("own", &offered, json!({"limits": {"cpu": limit}})).await.expect(201);
        let stored = reply.json()["limits"].clone();
        assert!(stored["cpu"].is_i64(), "{stored}");
        assert_eq!(app.resource_row(&reply.text("uuid")).await.limits, stored);
    }
}

async fn row_19_limits_of_a_period_run_out(app: &TestApp) {
    let periods = [
        (LimitPeriod::Month, "Monthly"),
        (LimitPeriod::Quarterly, "Quarterly"),
        (LimitPeriod::Annual, "Annual"),
        (LimitPeriod::Total, "Total"),
    ];
    for (period, word) in periods {
        let offered = app
            .offering_with("Marketplace.Slurm", |_, _, cpu| {
                (cpu.limit_amount, cpu.limit_period) = (Some(10), Some(period));
            })
            .await;
        app.create("own", &offered, json!({"limits": {"cpu": 7}})).await.expect(201);
        let refusal = non_field(&format!("{word} limit exceeds threshold 10."));
        assert_reply(&app.create("own", &offered, json!({"limits": {"cpu": 4}})).await, 400, &refusal, word);
        app.create("own", &offered, json!({"limits": {"cpu": 3}})).await.expect(201);
    }
}

async fn row_20_unknown_limits_are_refused(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let reply = app.create("own", &offered, json!({"limits": {"cpu": 1, "ram": 1, "gpu": 1, "setup": 1}})).await;
    assert_reply(&reply, 400, &field("limits", "Invalid types: gpu, ram, setup"), "sorted");
}

fn ends() -> Value {
    json!({
        "is_resource_termination_date_required": true,
        "default_resource_termination_offset_in_days": 7,
        "max_resource_termination_offset_in_days": 7,
    })
}

async fn row_21_a_resource_ends_by_default(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = ends()).await;
    let resource = app.resource_row(&app.order("own", &offered).await).await;
    assert_eq!(resource.end_date, Some(app.day(7)));
    assert_eq!(resource.end_date_requested_by, None);
}

async fn row_22_a_resource_ends_in_time(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = ends()).await;
    let late = json!({"attributes": {"name": "n", "end_date": app.day(8)}});
    let refusal = json!({"end_date": "End date exceeds maximum allowed offset."});
    assert_reply(&app.create("own", &offered, late).await, 400, &refusal, "in 8 days");
    let in_time = json!({"attributes": {"name": "n", "end_date": app.day(6)}});
    let order = app.create("own", &offered, in_time).await.expect(201).text("uuid");
    let resource = app.resource_row(&order).await;
    assert_eq!(resource.end_date, Some(app.day(6)));
    assert_eq!(resource.end_date_requested_by, Some(app.world.users["own"]));
}
