//! Every operation around the orders by everybody, against a table that people have read (spec 4).
//!
//! Requests carry an empty object: who may not gets 401, 403 or 404; who may gets as far as 400, 409 or success.
//! `MERCAT_UPDATE=1` writes the table anew; read the difference before you commit it.

use std::collections::BTreeMap;

use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/market-permissions.txt");

const HEAD: &str = "\
# What each operation around the orders answers, by who asks. V provides the offering, K consumes its resource in P.
# Bodies are empty objects, so that 400 stands for somebody who may and whose input is wrong; for lists the number of
# objects seen follows. `omgr` manages the offering. What one request has changed is there no more for the next.
# Written by rights.rs with MERCAT_UPDATE=1; read by hand against spec 4.
";

const EVERYBODY: [&str; 10] = ["", "user", "mem", "mgr", "adm", "own", "omgr", "vown", "support", "staff"];

struct Town {
    ids: BTreeMap<&'static str, String>,
}

impl Town {
    async fn build(app: &TestApp) -> Self {
        let mut ids = BTreeMap::new();
        let provider = format!("/api/customers/{}/", app.world.provider);
        let made = app.post_json("vown", "/api/marketplace-service-providers/", json!({"customer": provider})).await;
        ids.insert("marketplace-service-providers", uuid(&made.expect(201).json()));
        let offered = app.offering("Marketplace.Slurm").await;
        let offering = format!("/api/marketplace-provider-offerings/{}/", offered.id);
        let order = app.order("own", &offered).await;
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
        app.post("vown", &format!("/api/marketplace-orders/{order}/set_state_done/")).await.expect(200);
        let resource = app.resource_row(&order).await.id.to_string();
        ids.insert("marketplace-orders", order);
        ids.insert("marketplace-resources", resource.clone());
        ids.insert("marketplace-provider-resources", resource.clone());
        ids.insert("marketplace-provider-offerings", offered.id.to_string());
        ids.insert("marketplace-public-offerings", offered.id.to_string());
        ids.insert("marketplace-plans", offered.plan.to_string());
        ids.insert("customers", app.world.consumer.to_string());
        ids.insert("projects", app.world.project.to_string());
        ids.insert("users", app.world.users["mem"].to_string());
        ids.insert("marketplace-categories", app.world.category.to_string());
        let roles = app.get("", "/api/roles/?name=PROJECT.MEMBER").await.json();
        ids.insert("roles", uuid(&roles[0]));
        for (list, body) in
            [("organization-groups", json!({"name": "G"})), ("marketplace-category-groups", json!({"title": "G"}))]
        {
            ids.insert(list, uuid(&app.post_json("staff", &format!("/api/{list}/"), body).await.expect(201).json()));
        }
        let account = json!({"user_uuid": app.world.users["mem"], "offering_uuid": offered.id});
        let account = app.post_json("vown", "/api/marketplace-offering-users/", account).await.expect(201).json();
        ids.insert("marketplace-offering-users", uuid(&account));
        let terms = json!({"offering": offering, "version": "1", "is_active": true});
        app.post_json("vown", "/api/marketplace-offering-terms-of-service/", terms).await.expect(201);
        let terms = app.get("vown", "/api/marketplace-offering-terms-of-service/").await.json();
        ids.insert("marketplace-offering-terms-of-service", uuid(&terms[0]));
        let consent = json!({"offering": offered.id});
        app.post_json("mem", "/api/marketplace-user-offering-consents/", consent).await.expect(201);
        let consents = app.get("mem", "/api/marketplace-user-offering-consents/").await.json();
        ids.insert("marketplace-user-offering-consents", uuid(&consents[0]));
        let usage = json!({"resource": resource, "usages": [{"type": "cpu", "amount": 5}]});
        app.post_json("vown", "/api/marketplace-component-usages/set_usage/", usage).await.expect(201);
        let usages = app.get("vown", "/api/marketplace-component-usages/").await.json();
        ids.insert("marketplace-component-usages", uuid(&usages[0]));
        let entry = json!({"username": "mem", "usage": "2"});
        let path = format!("/api/marketplace-component-usages/{}/set_user_usage/", uuid(&usages[0]));
        app.post_json("vown", &path, entry).await.expect(201);
        let usages = app.get("vown", "/api/marketplace-component-user-usages/").await.json();
        ids.insert("marketplace-component-user-usages", uuid(&usages[0]));
        let limit = json!({
            "resource": format!("/api/marketplace-resources/{resource}/"), "component": offered.cpu,
            "user": format!("/api/marketplace-offering-users/{}/", uuid(&account)), "limit": "3",
        });
        let limit = app.post_json("own", "/api/component-user-usage-limits/", limit).await.expect(201).json();
        ids.insert("component-user-usage-limits", uuid(&limit));
        Self::outgoing(app, offered.id, &mut ids).await;
        Self { ids }
    }
}

impl Town {
    /// What agents register, and whom events are sent to.
    async fn outgoing(app: &TestApp, offering: impl serde::Serialize, ids: &mut BTreeMap<&'static str, String>) {
        let identities = "/api/marketplace-site-agent-identities/";
        let agent = json!({"offering": offering, "name": "agent"});
        let identity = uuid(&app.post_json("vown", identities, agent).await.expect(201).json());
        let at = format!("{identities}{identity}/");
        let service = json!({"name": "orders"});
        let service = app.post_json("vown", &format!("{at}register_service/"), service).await.expect(201).json();
        let path = format!("/api/marketplace-site-agent-services/{}/register_processor/", uuid(&service));
        let processor = json!({"name": "p", "backend_type": "slurm"});
        let processor = app.post_json("vown", &path, processor).await.expect(201).json();
        let wish = json!({"observable_object_type": "order"});
        let path = format!("{at}register_event_subscription/");
        let subscription = app.post_json("vown", &path, wish).await.expect(201).json();
        ids.insert("marketplace-site-agent-services", uuid(&service));
        ids.insert("marketplace-site-agent-processors", uuid(&processor));
        ids.insert("event-subscriptions", uuid(&subscription));
        ids.insert("marketplace-site-agent-identities", identity);
        let web = json!({"destination_url": "https://example.org/"});
        for tag in ["hooks-web", "webhooks"] {
            let hook = app.post_json("own", &format!("/api/{tag}/"), web.clone()).await.expect(201).json();
            ids.insert(tag, uuid(&hook));
        }
        let mail = json!({"email": "own@example.org"});
        ids.insert("hooks-email", uuid(&app.post_json("own", "/api/hooks-email/", mail).await.expect(201).json()));
        let test = app.post("own", &format!("/api/webhooks/{}/test/", ids["webhooks"])).await.expect(202);
        ids.insert("deliveries", test.text("delivery_uuid"));
    }
}

/// Every operation of the document that is no operation on orders.
fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&mercat_api::openapi()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let added = ["/resource/", "/history/", "/explain/"].iter().any(|end| path.ends_with(end));
        let listed = path.starts_with("/api/marketplace-orders/") && !added;
        if listed || !path.starts_with("/api/") {
            continue;
        }
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let id = operation["operationId"].as_str().unwrap();
            if method != Method::HEAD && !id.starts_with("schema") && !id.starts_with("api_auth") {
                all.push((method, path.clone()));
            }
        }
    }
    all
}

async fn answered(app: &TestApp, town: &Town, who: &str, method: &Method, path: &str) -> String {
    let tag = path.split('/').nth(2).unwrap();
    let path = match (path.find('{'), path.find('}')) {
        (Some(start), Some(end)) => {
            let id = town.ids.get(tag).map_or("00000000000000000000000000000000", String::as_str);
            format!("{}{id}{}", &path[..start], &path[end + 1..])
        }
        _ => path.to_owned(),
    };
    let plan = town.ids["marketplace-plans"].as_str();
    let path = path.replace("{plan_uuid}", plan);
    if path.ends_with("/stream/") {
        // It never ends.
        let request = app.request(who, Method::GET, &path).body(axum::body::Body::empty()).unwrap();
        return app.raw(request).await.status().as_u16().to_string();
    }
    let reply = match *method {
        Method::GET => app.get(who, &path).await,
        Method::DELETE => app.call(who, Method::DELETE, &path).await,
        _ => app.json_request(who, method.clone(), &path, json!({})).await,
    };
    let status = reply.status.as_u16();
    let count = reply.header("x-result-count");
    if count.is_empty() { status.to_string() } else { format!("{status}/{count}") }
}

async fn table(backend: mercat_testkit::Backend) -> String {
    let mut table = HEAD.to_owned();
    let mut app = TestApp::new(backend).await;
    let mut town = Town::build(&app).await;
    for (method, path) in operations() {
        let mut line = format!("{method} {path}");
        for who in EVERYBODY {
            let name = if who.is_empty() { "nobody" } else { who };
            let answer = answered(&app, &town, who, &method, &path).await;
            line.push_str(&format!(" {name}:{answer}"));
            if method != Method::GET && answer.starts_with('2') {
                app = TestApp::new(backend).await;
                town = Town::build(&app).await;
            }
        }
        table.push_str(&line);
        table.push('\n');
    }
    table
}

#[expect(clippy::disallowed_methods, reason = "a switch for whoever reviews the table")]
fn compare(found: &str) {
    if std::env::var("MERCAT_UPDATE").is_ok() {
        std::fs::write(TABLE, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(TABLE).unwrap();
    let wrong: Vec<_> = found.lines().zip(expected.lines()).filter(|(found, expected)| found != expected).collect();
    assert!(wrong.is_empty() && found.lines().count() == expected.lines().count(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_rights_on_sqlite() {
    compare(&table(mercat_testkit::Backend::Sqlite).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_rights_on_postgres() {
    compare(&table(mercat_testkit::Backend::Postgres).await);
}

both! {
    async fn a_role_that_has_ended_counts_no_longer(app: TestApp) {
        let path = format!("/api/projects/{}/", app.world.project);
        let later = app.app.now() + chrono::TimeDelta::hours(1);
        let grant = json!({"role": "PROJECT.MANAGER", "user": app.world.users["user"], "expiration_time": later});
        app.post_json("own", &format!("{path}add_user/"), grant).await.expect(201);
        app.get("user", &path).await.expect(200);
        app.clock.advance(chrono::TimeDelta::hours(2));
        app.get("user", &path).await.expect(404);
    }
}

fn uuid(value: &Value) -> String {
    value["uuid"].as_str().unwrap_or_default().to_owned()
}
