//! The offering of an order: values, prices, and who sees which plans (spec 10.17, 13).

use mercat_domain::{
    id::OrganizationGroupId,
    offering::{BillingType, OfferingState},
};
use mercat_store::entity::{component, customer_group, offering, organization_group, plan_group};
use mercat_testkit::{TestApp, both};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set, Unchanged, sea_query::Expr};
use serde_json::{Value, json};

use crate::{
    seed::furnished::furnished,
    support::{Ask as _, at},
};

async fn of(app: &TestApp, who: &str, order: &str) -> Value {
    app.get(who, &at(order, "offering")).await.expect(200).json()
}

async fn values(app: &TestApp) {
    let offered = furnished(app).await;
    let order = app.create("own", &offered, json!({"attributes": {"os": "x"}})).await.expect(201).text("uuid");
    let seen = of(app, "own", &order).await;
    let base = "http://mercat.test/api";
    let expected = [
        ("url", json!(format!("{base}/marketplace-public-offerings/{}/", offered.id))),
        ("customer", json!(format!("{base}/customers/{}/", app.world.provider))),
        ("category", json!(format!("{base}/marketplace-categories/{}/", app.world.category))),
        ("scope", json!("https://backend.example/service/1/")),
        ("scope_name", json!("Service")),
        ("scope_state", json!("OK")),
        ("state", json!("Active")),
        ("order_count", json!(1)),
        ("citation_count", json!(-1)),
        ("country", json!("EE")),
        ("latitude", json!(58.38)),
        ("has_compliance_requirements", json!(true)),
        ("billing_type_classification", json!("mixed")),
        ("user_has_consent", json!(false)),
        ("total_customers", Value::Null),
        ("parent_uuid", Value::Null),
        ("project", Value::Null),
        ("google_calendar_is_public", json!(true)),
        ("plugin_options", json!({"conceal_billing_data": false})),
        ("attributes", json!({"cloud": "private"})),
        ("quotas", json!([{"name": "cores", "usage": 3, "limit": 10}])),
    ];
    for (name, value) in expected {
        assert_eq!(seen[name], value, "{name}");
    }
    let campaigns = seen["promotion_campaigns"].as_array().unwrap();
    assert_eq!(campaigns.iter().map(|c| &c["name"]).collect::<Vec<_>>(), ["now"], "those that run today");
    assert_eq!(seen["screenshots"].as_array().unwrap().len(), 2);
    let group = &seen["organization_groups"][0];
    assert_eq!(
        [&group["name"], &group["parent_name"], &group["customers_count"]],
        [&json!("Some"), &json!("All"), &json!(1)]
    );
    prices(&seen["plans"][0]);
}

/// 5 as the plan says; 2 for each cpu, 3 twice as a lump, 0.5 metered, 7 once.
fn prices(plan: &Value) {
    let expected = [
        ("unit_price", json!("5.0000000000")),
        ("init_price", json!(7.0)),
        ("switch_price", json!(0.0)),
        ("prices", json!({"base": 3.0, "cpu": 2.0, "setup": 7.0, "traffic": 0.5})),
        ("future_prices", json!({"base": null, "cpu": 2.5, "setup": null, "traffic": null})),
        ("quotas", json!({"base": 2, "cpu": 0, "setup": 1, "traffic": 0})),
        ("plan_type", json!("mixed")),
        ("minimal_price", json!(15.0)),
        ("is_active", json!(true)),
        ("resources_count", json!(1)),
        ("max_amount", json!(9)),
        ("unit", json!("month")),
    ];
    for (name, value) in expected {
        assert_eq!(plan[name], value, "{name}");
    }
    let components = plan["components"].as_array().unwrap();
    let cpu = components.iter().find(|component| component["type"] == "cpu").unwrap();
    assert_eq!([&cpu["price"], &cpu["future_price"]], ["2.0000000000", "2.5000000000"]);
    assert_eq!([&cpu["discount_threshold"], &cpu["discount_rate"]], [&json!(10), &json!(5)]);
}

/// Names of the plans that somebody sees.
async fn plans(app: &TestApp, who: &str, path: &str) -> Vec<String> {
    let seen = app.get(who, path).await.expect(200).json();
    let mut names: Vec<String> =
        seen["plans"].as_array().unwrap().iter().map(|plan| plan["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Plans of a group are for its organisations, staff and support; archived plans are for everybody.
async fn plans_of_groups(app: &TestApp) {
    let offered = app.offering_with("Marketplace.Slurm", |_, plan, _| plan.archived = true).await;
    let group: OrganizationGroupId = mercat_app::ids::new(app.app.now());
    app.put(organization_group::Model { id: group, name: "G".to_owned(), parent_id: None }).await;
    let special = app.second_plan(&offered).await;
    app.put(plan_group::Model { plan_id: special, group_id: group }).await;
    app.put(customer_group::Model { customer_id: app.world.provider, group_id: group }).await;
    let order = app.order("mgr", &offered).await;
    let path = at(&order, "offering");
    for (who, expected) in [
        ("mgr", vec!["Standard"]),
        ("own", vec!["Standard"]),
        ("vown", vec!["Large", "Standard"]),
        ("staff", vec!["Large", "Standard"]),
        ("support", vec!["Large", "Standard"]),
    ] {
        assert_eq!(plans(app, who, &path).await, expected, "{who}");
    }
    let (consumer, provider) = (app.world.consumer, app.world.provider);
    for (who, customer, expected) in [
        ("staff", consumer, vec!["Standard"]),
        ("staff", provider, vec!["Large", "Standard"]),
        ("vown", provider, vec!["Large", "Standard"]),
        ("own", provider, vec!["Standard"]),
    ] {
        let narrowed = format!("{path}?allowed_customer_uuid={customer}");
        assert_eq!(plans(app, who, &narrowed).await, expected, "{who} {customer}");
    }
    let bad = app.get("staff", &format!("{path}?allowed_customer_uuid=zzz")).await;
    assert_eq!(bad.status, 400, "{}", bad.json());
}

/// A child shows its parent's plans and components; plan links name the plan's own offering.
async fn children(app: &TestApp) {
    let parent = app.offering("Marketplace.Slurm").await;
    let id = parent.id;
    let change = |row: &mut offering::Model| row.parent_id = Some(id);
    let child = app.offering_with("Marketplace.Slurm", |row, _, _| change(row)).await;
    let reply = app.create("own", &child, json!({"plan": parent.plan_path()})).await.expect(201).json();
    let link = format!("http://mercat.test{}", parent.plan_path());
    assert_eq!(reply["plan"], link);
    assert_eq!(reply["offering_uuid"], json!(child.id));
    let seen = of(app, "own", reply["uuid"].as_str().unwrap()).await;
    assert_eq!(seen["plans"][0]["url"], link);
    assert_eq!(seen["plans"].as_array().unwrap().len(), 1);
    assert_eq!([&seen["parent_uuid"], &seen["parent_name"]], [&json!(parent.id), &json!("Marketplace.Slurm")]);
    assert_eq!(seen["components"][0]["uuid"], json!(parent.cpu));
}

/// All limits, all metered, or anything else (spec 13.1). The kit's offerings have a one-time component beside `cpu`.
async fn classifications(app: &TestApp) {
    for (billing, expected) in [(BillingType::Limit, "limit_only"), (BillingType::Usage, "usage_only")] {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("own", &offered).await;
        assert_eq!(of(app, "own", &order).await["billing_type_classification"], "mixed");
        let components = component::Entity::update_many().col_expr(component::Column::BillingType, Expr::val(billing));
        let db = app.app.db.write().await.unwrap();
        components.filter(component::Column::OfferingId.eq(offered.id)).exec(&db).await.unwrap();
        db.commit().await.unwrap();
        assert_eq!(of(app, "own", &order).await["billing_type_classification"], expected);
    }
}

/// An offering that is archived or hidden meanwhile is still shown to those who ordered it.
async fn hidden_offerings(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let (state, shared) = (Set(OfferingState::Archived), Set(false));
    app.save(offering::ActiveModel { id: Unchanged(offered.id), state, shared, ..Default::default() }).await;
    let seen = of(app, "mgr", &order).await;
    assert_eq!([&seen["state"], &seen["shared"]], [&json!("Archived"), &json!(false)]);
}

both! {
    async fn offerings_of_orders(app: TestApp) {
        values(&app).await;
        plans_of_groups(&app).await;
        children(&app).await;
        classifications(&app).await;
        hidden_offerings(&app).await;
    }
}
