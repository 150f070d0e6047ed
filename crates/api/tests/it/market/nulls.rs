//! Fields on whose null clients crash are never null (clients 2.4, 2.5): on furnished objects and on the emptiest.

use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

/// The lists, and the fields that must be filled or missing.
const MODELS: &[(&str, &[&str])] = &[
    (
        "/api/marketplace-orders/",
        &[
            "uuid",
            "created",
            "modified",
            "state",
            "type",
            "attributes",
            "limits",
            "offering_uuid",
            "offering_plugin_options",
            "provider_uuid",
            "category_uuid",
            "customer_uuid",
            "project_uuid",
            "marketplace_resource_uuid",
        ],
    ),
    ("/api/marketplace-resources/", RESOURCE),
    ("/api/marketplace-provider-resources/", RESOURCE),
    ("/api/marketplace-public-offerings/", OFFERING),
    ("/api/marketplace-provider-offerings/", OFFERING),
    (
        "/api/marketplace-offering-users/",
        &["uuid", "offering_uuid", "user_uuid", "customer_uuid", "created", "modified", "state", "runtime_state"],
    ),
    ("/api/users/", &["uuid", "date_joined", "attribute_sources", "details", "profile_completeness"]),
    ("/api/marketplace-service-providers/", &["uuid", "created", "customer_uuid", "account_options"]),
    ("/api/customers/", &["uuid", "created", "accounting_start_date", "country", "billing_price_estimate"]),
    (
        "/api/projects/",
        &["uuid", "created", "customer_uuid", "kind", "marketplace_resource_count", "billing_price_estimate"],
    ),
    ("/api/organization-groups/", &["uuid", "parent_uuid"]),
    ("/api/marketplace-plans/", &["uuid", "unit", "prices", "future_prices", "quotas"]),
    (
        "/api/marketplace-component-usages/",
        &["uuid", "created", "date", "billing_period", "resource_uuid", "offering_uuid"],
    ),
];

const RESOURCE: &[&str] = &[
    "uuid",
    "created",
    "modified",
    "state",
    "attributes",
    "limits",
    "backend_metadata",
    "current_usages",
    "limit_usage",
    "offering_uuid",
    "offering_plugin_options",
    "offering_state",
    "offering_account_settings",
    "parent_offering_uuid",
    "parent_uuid",
    "provider_uuid",
    "category_uuid",
    "project_uuid",
    "customer_uuid",
    "usage_limit_restriction",
    "last_sync",
    "service_settings_uuid",
];

const OFFERING: &[&str] = &[
    "uuid",
    "created",
    "state",
    "attributes",
    "options",
    "resource_options",
    "plugin_options",
    "account_settings",
    "backend_metadata",
    "category_uuid",
    "country",
    "billing_mode_components",
    "billing_period_applies",
    "secret_options",
    "service_attributes",
    "backend_id_rules",
];

/// An offering of nothing but what must be, and what hangs on it without plan, limits and attributes.
async fn emptiest(app: &TestApp) {
    let provider = json!({"customer": format!("/api/customers/{}/", app.world.provider)});
    app.post_json("vown", "/api/marketplace-service-providers/", provider.clone()).await.expect(201);
    let bare = json!({
        "name": "Bare", "type": "Marketplace.Basic", "customer": provider["customer"], "billable": false,
        "category": format!("/api/marketplace-categories/{}/", app.world.category),
    });
    app.post_json("vown", "/api/marketplace-provider-offerings/", bare.clone()).await.expect(201);
    let active = app.post_json("vown", "/api/marketplace-provider-offerings/", bare).await.expect(201).text("uuid");
    let at = |action: &str| format!("/api/marketplace-provider-offerings/{active}/{action}/");
    app.post("vown", &at("activate")).await.expect(200);
    let order = json!({
        "offering": format!("/api/marketplace-public-offerings/{active}/"), "attributes": {},
        "project": format!("/api/projects/{}/", app.world.project),
    });
    app.post_json("own", "/api/marketplace-orders/", order).await.expect(201);
    app.post_json("staff", "/api/organization-groups/", json!({"name": "Alone"})).await.expect(201);
    app.post_json("staff", "/api/customers/", json!({"name": "Empty"})).await.expect(201);
    let account = json!({"user_uuid": app.world.users["mem"], "offering_uuid": active});
    app.post_json("vown", "/api/marketplace-offering-users/", account).await.expect(201);
}

async fn furnished(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("own", &offered).await;
    app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
    app.post("vown", &format!("/api/marketplace-orders/{order}/set_state_done/")).await.expect(200);
    let resource = app.resource_row(&order).await.id;
    let usage = json!({"resource": resource, "usages": [{"type": "cpu", "amount": 5}]});
    app.post_json("vown", "/api/marketplace-component-usages/set_usage/", usage).await.expect(201);
    let path = format!("/api/marketplace-resources/{resource}/terminate/");
    app.post_json("own", &path, json!({})).await.expect(200);
}

/// Paths of nulls under one of the names, at any depth.
fn nulls(at: &str, value: &Value, names: &[&str], found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                let here = format!("{at}.{name}");
                if value.is_null() && names.contains(&name.as_str()) {
                    found.push(here.clone());
                }
                nulls(&here, value, names, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| nulls(at, item, names, found)),
        _ => {}
    }
}

both! {
    async fn clients_meet_no_null_that_they_crash_on(app: TestApp) {
        emptiest(&app).await;
        furnished(&app).await;
        let mut found = Vec::new();
        for (path, names) in MODELS {
            let list = app.get("staff", &format!("{path}?page_size=300")).await.expect(200).json();
            assert!(!list.as_array().unwrap().is_empty(), "{path} is empty");
            nulls(path, &list, names, &mut found);
            for object in list.as_array().unwrap() {
                let one = format!("{path}{}/", object["uuid"].as_str().unwrap());
                nulls(&one, &app.get("staff", &one).await.expect(200).json(), names, &mut found);
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}
