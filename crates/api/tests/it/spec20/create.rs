//! Rows 1 to 12: who may order, and what is refused.

use mercat_domain::{id::OrganizationGroupId, offering::OfferingState};
use mercat_store::entity::{customer_group, offering_group, organization_group};
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::{Ask as _, assert_reply, at, field};

both! {
    async fn rows_1_to_7_who_may_order_and_what(app: TestApp) {
        row_01_members_of_the_project_may_order(&app).await;
        row_02_others_do_not_know_the_project(&app).await;
        row_03_only_active_offerings(&app).await;
        row_04_no_plan_of_another_offering(&app).await;
        row_05_no_more_than_the_plan_has(&app).await;
        row_06_right_options_are_stored_as_sent(&app).await;
        row_07_wrong_options_are_refused_by_name(&app).await;
    }

    async fn rows_8_to_12_organisations_and_projects(app: TestApp) {
        row_08_a_blocked_organisation_does_nothing(&app).await;
        row_09_own_offerings_need_not_be_shared(&app).await;
        row_10_offerings_of_others_must_be_shared(&app).await;
        row_11_a_project_that_is_over_orders_nothing(&app).await;
        row_12_groups_restrict_an_offering(&app).await;
    }
}

async fn row_01_members_of_the_project_may_order(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for who in ["staff", "own", "adm", "mgr", "mem"] {
        let reply = app.create(who, &offered, json!({})).await.expect(201);
        assert_eq!(reply.json()["created_by_username"], who);
        assert_eq!(reply.header("location"), reply.text("url"), "{who}");
        assert_eq!(app.resource_row(&reply.text("uuid")).await.state.as_str(), "Creating");
    }
}

async fn row_02_others_do_not_know_the_project(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    for who in ["user", "vown", "omgr"] {
        let reply = app.create(who, &offered, json!({})).await;
        assert_reply(&reply, 400, &field("project", "Invalid hyperlink - Object does not exist."), who);
    }
}

async fn row_03_only_active_offerings(app: &TestApp) {
    for state in [OfferingState::Draft, OfferingState::Paused, OfferingState::Archived, OfferingState::Unavailable] {
        let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.state = state).await;
        let reply = app.create("own", &offered, json!({})).await;
        assert_reply(&reply, 400, &field("offering", "Offering is not available."), state.as_str());
    }
}

async fn row_04_no_plan_of_another_offering(app: &TestApp) {
    let (offered, other) = (app.offering("Marketplace.Slurm").await, app.offering("Marketplace.Slurm").await);
    let reply = app.create("own", &offered, json!({"plan": other.plan_path()})).await;
    assert_reply(&reply, 400, &field("plan", "This plan is not available for selected offering."), "another's plan");
}

async fn row_05_no_more_than_the_plan_has(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |_, plan, _| plan.max_amount = Some(3)).await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(app.order("mgr", &offered).await);
    }
    let full = field("plan", "Plan is not available because limit has been reached.");
    assert_reply(&app.create("mgr", &offered, json!({})).await, 400, &full, "the plan is full");
    // Staff takes the order away; its resource stays and so does its place (spec 18 trap 25).
    app.act("staff", &orders[0], "unlink").await.expect(204);
    assert_reply(&app.create("mgr", &offered, json!({})).await, 400, &full, "unlinked");
    app.act("own", &orders[1], "reject_by_consumer").await.expect(200);
    app.create("mgr", &offered, json!({})).await.expect(201);
}

fn options() -> Value {
    json!({
        "order": ["nodes", "os"],
        "options": {
            "nodes": {"type": "integer", "label": "Nodes", "required": true, "min": 1, "max": 64},
            "os": {"type": "string", "label": "System"},
        },
    })
}

async fn row_06_right_options_are_stored_as_sent(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.options = options()).await;
    let attributes = json!({"name": "n", "nodes": "4", "os": "linux", "other": [1.5, {"a": null}]});
    let reply = app.create("own", &offered, json!({"attributes": attributes.clone()})).await.expect(201);
    assert_eq!(reply.json()["attributes"], attributes);
    assert_eq!(app.order_field(&reply.text("uuid"), "attributes").await, attributes);
}

async fn row_07_wrong_options_are_refused_by_name(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.options = options()).await;
    let reply = app.create("own", &offered, json!({"attributes": {"nodes": "many", "os": "x"}})).await;
    assert_reply(&reply, 400, &field("nodes", "A valid integer is required."), "text for an integer");
}

async fn row_08_a_blocked_organisation_does_nothing(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let cases = [(true, false, "Blocked"), (false, true, "Archived"), (true, true, "Blocked")];
    for (blocked, archived, word) in cases {
        app.set_consumer(blocked, archived).await;
        let refusal = json!([format!("{word} organization is not available.")]);
        assert_reply(&app.create("own", &offered, json!({})).await, 400, &refusal, "create");
        for action in ["approve_by_consumer", "reject_by_consumer"] {
            assert_reply(&app.act("own", &order, action).await, 400, &refusal, action);
        }
        let deletion = app.call("own", http::Method::DELETE, &at(&order, "")).await;
        assert_reply(&deletion, 400, &refusal, "delete");
        assert_eq!(app.state(&order).await, "pending-consumer");
    }
    app.set_consumer(false, false).await;
}

async fn row_09_own_offerings_need_not_be_shared(app: &TestApp) {
    let consumer = app.world.consumer;
    let change = |offering: &mut mercat_store::entity::offering::Model| {
        offering.shared = false;
        offering.customer_id = consumer;
    };
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| change(offering)).await;
    app.create("own", &offered, json!({})).await.expect(201);
}

async fn row_10_offerings_of_others_must_be_shared(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.shared = false).await;
    let refusal = json!(["Offering \"Marketplace.Slurm\" is not allowed in organization \"Konsument\"."]);
    for who in ["own", "staff"] {
        assert_reply(&app.create(who, &offered, json!({})).await, 400, &refusal, who);
    }
    let project = app.world.project;
    let change = |offering: &mut mercat_store::entity::offering::Model| {
        offering.shared = false;
        offering.project_id = Some(project);
    };
    let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| change(offering)).await;
    app.create("own", &offered, json!({})).await.expect(201);
}

async fn row_11_a_project_that_is_over_orders_nothing(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    for end in [-1, 0] {
        app.set_project(None, Some(end)).await;
        let refusal = json!(["Project 'Probe | Konsument' is expired."]);
        assert_reply(&app.create("own", &offered, json!({})).await, 400, &refusal, "create");
        assert_reply(&app.act("own", &order, "approve_by_consumer").await, 400, &refusal, "approve");
        assert_eq!(app.state(&order).await, "pending-consumer");
    }
    app.set_project(None, Some(1)).await;
    app.create("own", &offered, json!({})).await.expect(201);
    app.act("own", &order, "approve_by_consumer").await.expect(200);
    app.set_project(None, None).await;
}

async fn row_12_groups_restrict_an_offering(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let group: OrganizationGroupId = mercat_app::ids::new(app.app.now());
    app.put(organization_group::Model { id: group, name: "G".to_owned(), parent_id: None }).await;
    app.put(offering_group::Model { offering_id: offered.id, group_id: group }).await;
    let refusal = json!(["This offering is not available for ordering."]);
    for who in ["own", "staff"] {
        assert_reply(&app.create(who, &offered, json!({})).await, 400, &refusal, who);
    }
    app.put(customer_group::Model { customer_id: app.world.consumer, group_id: group }).await;
    app.create("own", &offered, json!({})).await.expect(201);
}
