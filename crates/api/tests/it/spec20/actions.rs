//! Rows 35 to 51: what is done to orders, and who sees them.

use chrono::TimeDelta;
use http::Method;
use mercat_domain::order::{OrderState, ResourceState};
use mercat_store::entity::resource;
use mercat_testkit::{TestApp, both};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::support::{Ask as _, FORBIDDEN, NO_ORDER, ORDERS, assert_reply, at, detail, field};

const SUPPORT: &str = "Support.OfferingTemplate";
const SLURM: &str = "Marketplace.Slurm";
const NOBODY: &str = "Authentication credentials were not provided.";

both! {
    async fn rows_35_to_42_cancel_report_and_delete(app: TestApp) {
        row_35_the_consumer_cancels(&app).await;
        row_36_what_is_over_stays(&app).await;
        row_37_not_every_type_can_be_cancelled(&app).await;
        row_38_the_agent_starts(&app).await;
        row_39_only_the_provider_reports(&app).await;
        row_40_the_agent_is_done(&app).await;
        row_41_the_agent_failed(&app).await;
        row_42_pending_orders_can_be_deleted(&app).await;
    }

    async fn rows_43_to_48_who_sees_what(app: TestApp) {
        row_43_the_consumer_sees(&app).await;
        row_44_the_provider_sees(&app).await;
        row_45_creating_is_not_seeing(&app).await;
        row_46_a_project_begins_at_once(&app).await;
        row_47_a_project_begins_later(&app).await;
        row_48_staff_unlinks(&app).await;
    }

    async fn rows_49_to_51_attachments_and_backend_ids(app: TestApp) {
        row_49_a_purchase_order_is_a_pdf(&app).await;
        row_50_what_runs_takes_no_file(&app).await;
        row_51_a_backend_id_is_set_once(&app).await;
    }
}

async fn row_35_the_consumer_cancels(app: &TestApp) {
    let offered = app.offering(SUPPORT).await;
    for who in ["staff", "own", "adm", "mgr"] {
        let order = app.order("mgr", &offered).await;
        assert_reply(&app.act(who, &order, "cancel").await, 202, &Value::Null, who);
        assert_eq!(app.state(&order).await, "canceled");
        assert_ne!(app.order_field(&order, "completed_at").await, Value::Null);
        assert_eq!(app.resource_row(&order).await.state, ResourceState::Terminated);
    }
}

async fn row_36_what_is_over_stays(app: &TestApp) {
    let offered = app.offering(SUPPORT).await;
    let text = "Valid states for operation: pending-consumer, pending-provider, pending-start-date, executing.";
    for state in [OrderState::Done, OrderState::Erred, OrderState::Canceled] {
        let order = app.order_in("mgr", &offered, state).await;
        assert_reply(&app.act("staff", &order, "cancel").await, 409, &detail(text), state.as_str());
    }
}

/// The sentence stands where the method's name would.
fn unsupported(offering_type: &str) -> Value {
    let sentence = format!("The order's offering with {offering_type} type does not support this action");
    detail(&format!("Method \"{sentence}\" not allowed."))
}

async fn row_37_not_every_type_can_be_cancelled(app: &TestApp) {
    let offered = app.tenants().await;
    let order = app.order("mgr", &offered).await;
    let reply = app.act("staff", &order, "cancel").await;
    assert_reply(&reply, 405, &unsupported("OpenStack.Tenant"), "cancel");
    assert_eq!(app.state(&order).await, "pending-consumer");
}

async fn row_38_the_agent_starts(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for who in ["staff", "vown"] {
        for state in [OrderState::PendingConsumer, OrderState::Erred] {
            let order = app.order_in("mgr", &offered, state).await;
            assert_reply(&app.act(who, &order, "set_state_executing").await, 200, &Value::Null, who);
            let reply = app.get("staff", &at(&order, "")).await.json();
            assert_eq!(reply["state"], "executing");
            assert_eq!(reply["consumer_reviewed_by"], Value::Null, "no review is stamped");
        }
    }
}

async fn row_39_only_the_provider_reports(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    let order = app.order_in("mgr", &offered, OrderState::Executing).await;
    for who in ["own", "adm", "mgr"] {
        for action in ["set_state_executing", "set_state_done", "set_state_erred"] {
            assert_reply(&app.act(who, &order, action).await, 403, &detail(FORBIDDEN), who);
        }
    }
}

async fn row_40_the_agent_is_done(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for who in ["staff", "vown"] {
        let order = app.order_in("mgr", &offered, OrderState::Executing).await;
        assert_reply(&app.act(who, &order, "set_state_done").await, 200, &Value::Null, who);
        assert_eq!(app.state(&order).await, "done");
        assert_ne!(app.order_field(&order, "completed_at").await, Value::Null);
        assert_eq!(app.resource_row(&order).await.state, ResourceState::Ok);
    }
}

async fn row_41_the_agent_failed(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for who in ["staff", "vown"] {
        let order = app.order_in("mgr", &offered, OrderState::Executing).await;
        let body = json!({"error_message": " no quota\n", "error_traceback": "line 1\nline 2\n"});
        let reply = app.post_json(who, &at(&order, "set_state_erred"), body).await;
        assert_reply(&reply, 200, &Value::Null, who);
        let seen = app.get("staff", &at(&order, "")).await.json();
        let kept = ["state", "error_message", "error_traceback", "completed_at"].map(|name| seen[name].clone());
        assert_eq!(kept, [json!("erred"), json!("no quota"), json!("line 1\nline 2"), Value::Null], "{who}");
        assert_eq!(app.resource_row(&order).await.state, ResourceState::Erred);
    }
}

async fn row_42_pending_orders_can_be_deleted(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for who in ["staff", "own", "adm", "mgr"] {
        let order = app.order("mgr", &offered).await;
        assert_reply(&app.call("", Method::DELETE, &at(&order, "")).await, 401, &detail(NOBODY), "nobody");
        assert_reply(&app.call("user", Method::DELETE, &at(&order, "")).await, 404, &detail(NO_ORDER), "user");
        assert_reply(&app.call(who, Method::DELETE, &at(&order, "")).await, 204, &Value::Null, who);
        assert_reply(&app.get("staff", &at(&order, "")).await, 404, &detail(NO_ORDER), "deleted");
    }
}

/// The orders that somebody sees.
async fn seen(app: &TestApp, who: &str) -> Vec<String> {
    let list = app.get(who, &format!("{ORDERS}?page_size=100&field=uuid")).await.expect(200).json();
    list.as_array().unwrap().iter().map(|order| order["uuid"].as_str().unwrap().to_owned()).collect()
}

async fn row_43_the_consumer_sees(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    let order = app.order("mgr", &offered).await;
    for who in ["staff", "support", "own", "adm", "mgr"] {
        assert!(seen(app, who).await.contains(&order), "{who}");
        app.get(who, &at(&order, "")).await.expect(200);
    }
    for who in ["user", "mem", "omgr"] {
        assert_eq!(seen(app, who).await, [""; 0], "{who}");
        assert_reply(&app.get(who, &at(&order, "")).await, 404, &detail(NO_ORDER), who);
    }
    assert_reply(&app.get("", ORDERS).await, 401, &detail(NOBODY), "nobody");
}

async fn row_44_the_provider_sees(app: &TestApp) {
    let order = app.order("mgr", &app.offering(SLURM).await).await;
    let consumer = app.world.consumer;
    let own = app.offering_with(SLURM, |offering, _, _| offering.customer_id = consumer).await;
    let other = app.order("mgr", &own).await;
    let seen = seen(app, "vown").await;
    assert!(seen.contains(&order));
    assert!(!seen.contains(&other), "another provider's");
}

async fn row_45_creating_is_not_seeing(app: &TestApp) {
    let order = app.order("mem", &app.offering(SLURM).await).await;
    assert_reply(&app.get("mem", &at(&order, "")).await, 404, &detail(NO_ORDER), "the creator without a role");
    assert_reply(&app.act("mem", &order, "reject_by_consumer").await, 404, &detail(NO_ORDER), "reject");
    app.get("own", &at(&order, "")).await.expect(200);
}

/// Moves the first day of P as an operator does.
async fn start_project(app: &TestApp, days: Option<i64>) {
    let mut tx = app.app.begin_own().await.unwrap();
    let day = days.map(|days| app.day(days));
    mercat_app::projects::set_start_date(&mut tx, app.world.project, day).await.unwrap();
    tx.commit().await.unwrap();
    app.drain().await;
}

async fn row_46_a_project_begins_at_once(app: &TestApp) {
    for (offering_type, state) in [(SLURM, "pending-provider"), (SUPPORT, "executing")] {
        start_project(app, Some(5)).await;
        let offered = app.offering(offering_type).await;
        let order = app.order("own", &offered).await;
        assert_eq!(app.state(&order).await, "pending-project");
        start_project(app, None).await;
        assert_eq!(app.state(&order).await, state);
    }
}

async fn row_47_a_project_begins_later(app: &TestApp) {
    let offered = app.offering(SUPPORT).await;
    start_project(app, Some(1)).await;
    let reply = app.create("own", &offered, json!({})).await.expect(201).json();
    assert_eq!([&reply["state"], &reply["consumer_reviewed_by"]], ["pending-project", "own"]);
    let order = app.order("mgr", &offered).await;
    let answer = detail("Order is pending project activation.");
    assert_reply(&app.act("own", &order, "approve_by_consumer").await, 200, &answer, "approved");
    assert_eq!(app.state(&order).await, "pending-project");
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.state(&order).await, "executing");
    start_project(app, None).await;
}

async fn row_48_staff_unlinks(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for state in OrderState::ALL {
        let order = app.order_in("mgr", &offered, *state).await;
        let before = app.resource_row(&order).await;
        for who in ["own", "vown", "support", "user"] {
            assert_reply(&app.act(who, &order, "unlink").await, 403, &detail(FORBIDDEN), who);
        }
        assert_reply(&app.act("staff", &order, "unlink").await, 204, &Value::Null, state.as_str());
        assert_reply(&app.act("staff", &order, "unlink").await, 404, &detail(NO_ORDER), "gone");
        let after = resource::Entity::find_by_id(before.id).one(app.app.db.read()).await.unwrap();
        assert_eq!(after, Some(before), "the resource stays as it is");
    }
    let unknown = "0123456789abcdef0123456789abcdef";
    assert_reply(&app.act("own", unknown, "unlink").await, 403, &detail(FORBIDDEN), "403 before 404");
    assert_reply(&app.act("own", "no-uuid", "unlink").await, 403, &detail(FORBIDDEN), "403 before 404");
}

const PDF: &[u8] = b"%PDF-1.4\nan order";

async fn row_49_a_purchase_order_is_a_pdf(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    for state in [OrderState::PendingConsumer, OrderState::PendingProvider, OrderState::PendingProject] {
        let order = app.order_in("mgr", &offered, state).await;
        let refusal = "File type 'text/plain' is not allowed. Allowed types are: 'application/pdf'.";
        let text = app.upload("mgr", &at(&order, "update_attachment"), "po.pdf", b"hello").await;
        assert_reply(&text, 400, &field("attachment", refusal), "text");
        let reply = app.upload("mgr", &at(&order, "update_attachment"), "po.txt", PDF).await.expect(200);
        let url = app.order_field(&order, "attachment").await;
        assert_eq!(reply.json(), json!({ "attachment": url }), "what counts is the content");
        let path = url.as_str().unwrap().strip_prefix("http://mercat.test").unwrap();
        assert_eq!(app.get("mgr", path).await.expect(200).bytes, PDF);
        assert_reply(&app.act("mgr", &order, "delete_attachment").await, 204, &Value::Null, "deleted");
        assert_eq!(app.order_field(&order, "attachment").await, Value::Null);
        assert_reply(&app.act("mgr", &order, "delete_attachment").await, 404, &Value::Null, "again");
    }
}

async fn row_50_what_runs_takes_no_file(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    let refusal = detail("Valid states for operation: pending-project, pending-consumer, pending-provider.");
    for state in [OrderState::Executing, OrderState::PendingStartDate, OrderState::Done] {
        let order = app.order_in("mgr", &offered, state).await;
        let reply = app.upload("mgr", &at(&order, "update_attachment"), "po.pdf", PDF).await;
        assert_reply(&reply, 409, &refusal, state.as_str());
        assert_reply(&app.act("mgr", &order, "delete_attachment").await, 409, &refusal, state.as_str());
    }
}

async fn row_51_a_backend_id_is_set_once(app: &TestApp) {
    let offered = app.offering(SLURM).await;
    let order = app.order("mgr", &offered).await;
    let set = async |id: &str| app.post_json("vown", &at(&order, "set_backend_id"), json!({"backend_id": id})).await;
    let (changed, same) = ("Order backend_id has been changed.", "Order backend_id is not changed.");
    assert_reply(&set("b-1").await, 200, &json!({"status": changed}), "first");
    assert_reply(&set("b-1").await, 200, &json!({"status": same}), "again");
    assert_reply(&set(" b-2 ").await, 200, &json!({"status": changed}), "another");
    assert_eq!(app.order_field(&order, "backend_id").await, "b-2");
    assert_eq!(app.resource_row(&order).await.backend_id, "", "the resource keeps its own");
}
