//! Who learns what of people and projects, and ways around a rule that are closed.

use http::Method;
use mercat_domain::order::ResourceState;
use mercat_store::entity::{resource, user};
use mercat_testkit::{TestApp, both};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use serde_json::{Value, json};

async fn resource_of(app: &TestApp, order: &str) -> String {
    app.order_field(order, "marketplace_resource_uuid").await.as_str().unwrap().to_owned()
}

/// A resource of a new offering that works.
async fn running(app: &TestApp, kind: &str) -> (mercat_testkit::Offered, String) {
    let offered = app.offering(kind).await;
    let order = app.order("own", &offered).await;
    app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
    app.post("vown", &format!("/api/marketplace-orders/{order}/set_state_done/")).await.expect(200);
    let resource = resource_of(app, &order).await;
    (offered, resource)
}

async fn set_plugin(app: &TestApp, offered: &mercat_testkit::Offered, options: Value) {
    let path = format!("/api/marketplace-provider-offerings/{}/update_integration/", offered.id);
    app.post_json("vown", &path, json!({"plugin_options": options})).await.expect(200);
}

async fn providers_do_not_learn_what_is_private(app: &TestApp) {
    let (offered, _) = running(app, "Marketplace.Slurm").await;
    let mgr = user::Entity::find_by_id(app.world.users["mgr"]).one(app.app.db.read()).await.unwrap().unwrap();
    let mut row = mgr.into_active_model();
    row.civil_number = Set(Some("1234".to_owned()));
    let db = app.app.db.write().await.unwrap();
    row.update(&db).await.unwrap();
    db.commit().await.unwrap();
    let path = format!("/api/marketplace-provider-offerings/{}/list_customer_users/", offered.id);
    for who in ["vown", "omgr"] {
        let people = app.get(who, &path).await.expect(200).json();
        let mgr = people.as_array().unwrap().iter().find(|row| row["username"] == "mgr").unwrap().clone();
        assert_eq!((&mgr["civil_number"], &mgr["token_lifetime"]), (&Value::Null, &Value::Null), "{who}");
    }
    // Nor can it be guessed by a filter.
    let guessed = |who: &'static str, number: &'static str| async move {
        app.get(who, &format!("/api/users/?civil_number={number}&field=username")).await.expect(200).json()
    };
    assert_eq!(guessed("own", "1234").await, guessed("own", "9999").await);
    assert_eq!(guessed("staff", "1234").await, json!([{"username": "mgr"}]));
    let project = format!("/api/projects/{}/", app.world.project);
    app.json_request("staff", Method::PATCH, &project, json!({"staff_notes": "careful"})).await.expect(200);
    assert_eq!(app.get("staff", &project).await.json()["staff_notes"], "careful");
    assert_eq!(app.get("own", &project).await.json()["staff_notes"], "");
    app.json_request("own", Method::PATCH, &project, json!({"staff_notes": "", "name": "Probe 2"})).await.expect(200);
    assert_eq!(app.get("staff", &project).await.json()["staff_notes"], "careful");
}

async fn who_works_for_a_provider_is_not_for_all(app: &TestApp) {
    let customer = format!("/api/customers/{}/", app.world.provider);
    let provider = app.post_json("vown", "/api/marketplace-service-providers/", json!({"customer": customer})).await;
    let at = format!("/api/marketplace-service-providers/{}/", provider.expect(201).text("uuid"));
    let staffed = json!({"role": "CUSTOMER.MANAGER", "user": app.world.users["user"]});
    app.post("staff", &format!("/api/roles/{}/enable/", role(app, "CUSTOMER.MANAGER").await)).await.expect(200);
    app.post_json("vown", &format!("{at}add_user/"), staffed).await.expect(201);
    app.get("mgr", &format!("{at}list_users/")).await.expect(403);
    let seen = app.get("vown", &format!("{at}list_users/?role=CUSTOMER.MANAGER")).await.expect(200).json();
    assert_eq!(seen[0]["user_username"], "user");
    assert_eq!(app.get("vown", &format!("{at}list_users/?role=CUSTOMER.OWNER")).await.json(), json!([]));
}

async fn role(app: &TestApp, name: &str) -> String {
    let roles = app.get("staff", "/api/roles/?page_size=100").await.expect(200).json();
    let found = roles.as_array().unwrap().iter().find(|role| role["name"] == name);
    found.unwrap()["uuid"].as_str().unwrap().to_owned()
}

async fn a_refused_restore_leaves_the_resource_ended(app: &TestApp) {
    let (offered, resource) = running(app, "Marketplace.Slurm").await;
    set_plugin(app, &offered, json!({"can_restore_resource": true})).await;
    let at = |action: &str| format!("/api/marketplace-provider-resources/{resource}/{action}/");
    let state = || async { app.get("vown", &at("")[..at("").len() - 1]).await.expect(200).json()["state"].clone() };
    let ended = app.post_json("vown", &at("terminate"), json!({})).await.expect(200).text("order_uuid");
    for action in ["approve_by_provider", "set_state_done"] {
        app.post("vown", &format!("/api/marketplace-orders/{ended}/{action}/")).await.expect(200);
    }
    assert_eq!(state().await, "Terminated");
    for undo in ["reject_by_provider", "delete", "done"] {
        let restore = format!("/api/marketplace-resources/{resource}/restore/");
        let restored = app.post("own", &restore).await.expect(200).json();
        let order = restored["order_in_progress"]["uuid"].as_str().unwrap().to_owned();
        assert_eq!(state().await, "Creating");
        let path = format!("/api/marketplace-orders/{order}/");
        match undo {
            "delete" => app.call("own", Method::DELETE, &path).await.expect(204),
            "done" => {
                app.post("vown", &format!("{path}approve_by_provider/")).await.expect(200);
                app.post("vown", &format!("{path}set_state_done/")).await.expect(200)
            }
            _ => app.post("vown", &format!("{path}{undo}/")).await.expect(200),
        };
        let expected = if undo == "done" { "OK" } else { "Terminated" };
        assert_eq!(state().await, expected, "after {undo}");
    }
}

async fn an_erred_order_does_not_come_back_beside_an_open_one(app: &TestApp) {
    let (_, resource) = running(app, "Marketplace.Slurm").await;
    let at = format!("/api/marketplace-resources/{resource}/update_limits/");
    let first = app.post_json("own", &at, json!({"limits": {"cpu": 7}})).await.expect(200).text("order_uuid");
    for action in ["approve_by_provider", "set_state_erred"] {
        app.post("vown", &format!("/api/marketplace-orders/{first}/{action}/")).await.expect(200);
    }
    app.post("vown", &format!("/api/marketplace-provider-resources/{resource}/set_as_ok/")).await.expect(200);
    app.post_json("own", &at, json!({"limits": {"cpu": 8}})).await.expect(200);
    let path = format!("/api/marketplace-orders/{first}/set_state_executing/");
    let refused = app.post("vown", &path).await.expect(400).json();
    assert_eq!(refused, json!(["Pending order for resource already exists."]));
    assert_eq!(app.order_field(&first, "state").await, "erred");
}

async fn cost_of(app: &TestApp, resource: &str) -> mercat_domain::money::Money {
    let id: mercat_domain::id::ResourceId = resource.parse().unwrap();
    resource::Entity::find_by_id(id).one(app.app.db.read()).await.unwrap().unwrap().cost.unwrap()
}

async fn next_prices_count_from_the_next_month(app: &TestApp) {
    mercat_app::jobs::ensure_standing(&app.app).await.unwrap();
    let (offered, resource) = running(app, "Marketplace.Slurm").await;
    let plan = format!("/api/marketplace-plans/{}/", offered.plan);
    app.post_json("vown", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "3"}})).await.expect(200);
    let negative = app.post_json("vown", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "-1"}})).await;
    assert_eq!(negative.expect(400).json()["prices"]["cpu"][0], "Ensure this value is greater than or equal to 0.");
    let offering = format!("http://mercat.test/api/marketplace-provider-offerings/{}/", offered.id);
    let below = json!({"unit_price": "-0.01", "name": "Paid to order", "offering": offering});
    for refused in [
        app.json_request("vown", http::Method::PATCH, &plan, below.clone()).await,
        app.post_json("vown", "/api/marketplace-plans/", below).await,
    ] {
        assert_eq!(refused.expect(400).json()["unit_price"][0], "Ensure this value is greater than or equal to 0.");
    }
    let price = |shown: &Value| {
        let parts = shown["components"].as_array().unwrap().iter().find(|part| part["type"] == "cpu").unwrap().clone();
        (parts["price"].clone(), parts["future_price"].clone())
    };
    // It is the 19th of May; the 31st is still agreed.
    app.pass(chrono::TimeDelta::days(12)).await;
    let before = app.get("vown", &plan).await.json();
    assert_eq!(price(&before), (json!("2.0000000000"), json!("3.0000000000")));
    let cost = cost_of(app, &resource).await;
    app.pass(chrono::TimeDelta::days(1)).await;
    let after = app.get("vown", &plan).await.json();
    assert_eq!(price(&after), (json!("3.0000000000"), Value::Null));
    assert_ne!(cost, cost_of(app, &resource).await, "what resources cost follows");
}

async fn managers_of_an_offering_stop_being_managers_of_the_provider(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let on = |action: &str| format!("/api/marketplace-provider-offerings/{}/{action}/", offered.id);
    let body =
        |until: Value| json!({"role": "OFFERING.MANAGER", "user": app.world.users["user"], "expiration_time": until});
    let soon = app.app.now() + chrono::TimeDelta::days(2);
    app.post_json("vown", &on("add_user"), body(json!(mercat_domain::time::format(soon)))).await.expect(201);
    let held = || async {
        let people = app.get("vown", &format!("/api/customers/{}/list_users/", app.world.provider)).await;
        let people = people.expect(200).json();
        people.as_array().unwrap().iter().find(|row| row["user_username"] == "user").cloned()
    };
    assert_eq!(held().await.unwrap()["expiration_time"], mercat_domain::time::format(soon));
    app.post_json("vown", &on("update_user"), body(Value::Null)).await.expect(200);
    assert_eq!(held().await.unwrap()["expiration_time"], Value::Null, "it lasts as long as the longest");
    app.post_json("vown", &on("update_user"), body(json!(mercat_domain::time::format(soon)))).await.expect(200);
    app.pass(chrono::TimeDelta::days(2)).await;
    assert_eq!(held().await, None);
    app.get("user", &on("list_users")).await.expect(404);
}

async fn deleted_projects_rest(app: &TestApp) {
    let body = json!({"name": "Short", "customer": format!("/api/customers/{}/", app.world.consumer)});
    let project = app.post_json("own", "/api/projects/", body).await.expect(201).text("uuid");
    let path = format!("/api/projects/{project}/");
    let member = json!({"role": "PROJECT.MANAGER", "user": app.world.users["mem"]});
    app.post_json("own", &format!("{path}add_user/"), member.clone()).await.expect(201);
    app.call("own", Method::DELETE, &path).await.expect(204);
    app.json_request("own", Method::PATCH, &path, json!({"name": "Again"})).await.expect(404);
    app.post_json("own", &format!("{path}add_user/"), member).await.expect(404);
    app.call("own", Method::DELETE, &path).await.expect(404);
    app.post_json("own", &format!("{path}recover/"), json!({"restore_team_members": true})).await.expect(200);
    let team = app.get("own", &format!("{path}list_users/")).await.expect(200).json();
    assert_eq!(team[0]["user_username"], "mem", "the second deletion did not forget the team");
}

async fn secrets_are_not_kept_under_an_idempotency_key(app: &TestApp) {
    let path = format!("/api/users/{}/refresh_token/", app.world.users["own"]);
    let send = || app.request("own", Method::POST, &path).header("idempotency-key", "again");
    let made = app.send(send().body(axum::body::Body::empty()).unwrap()).await.expect(200).text("token");
    let stored = mercat_store::entity::idempotency_key::Entity::find().all(app.app.db.read()).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(!String::from_utf8_lossy(&stored[0].body).contains(&made));
    app.send(send().body(axum::body::Body::empty()).unwrap()).await.expect(409);
}

async fn a_new_password_ends_what_was_signed_in(app: &TestApp) {
    let path = format!("/api/users/{}/change_password/", app.world.users["own"]);
    app.post_json("own", &path, json!({"new_password": "  spaces count  "})).await.expect(200);
    let sign_in = |password: &'static str| async move {
        app.post_json("", "/api-auth/password/", json!({"username": "own", "password": password})).await
    };
    sign_in("spaces count").await.expect(401);
    let token = sign_in("  spaces count  ").await.expect(200).text("token");
    let with = |token: String| async move {
        let request = http::Request::get("/api/users/me/").header("authorization", format!("Token {token}"));
        app.send(request.body(axum::body::Body::empty()).unwrap()).await.status
    };
    assert_eq!(with(token.clone()).await, 200);
    app.post_json("staff", &path, json!({"new_password": "another secret"})).await.expect(200);
    assert_eq!(with(token).await, 401);
    let long = "x".repeat(129);
    app.post_json("own", &path, json!({"new_password": long})).await.expect(400);
}

async fn json_objects_stay_objects(app: &TestApp) {
    let (offered, resource) = running(app, "Marketplace.Slurm").await;
    let at = |rest: &str| format!("/api/marketplace-provider-resources/{resource}/{rest}/");
    app.post_json("vown", &at("set_backend_metadata"), json!({"backend_metadata": {"keep": 1}})).await.expect(200);
    for wrong in [json!([1]), json!("x"), json!(5)] {
        app.post_json("vown", &at("set_backend_metadata"), json!({"backend_metadata": wrong})).await.expect(400);
        let refused = app.post_json("vown", &at("terminate"), json!({"attributes": wrong})).await.expect(400).json();
        assert!(refused["attributes"][0].as_str().unwrap().starts_with("Expected a dictionary"), "{refused}");
        let path = format!("/api/marketplace-provider-offerings/{}/set_backend_metadata/", offered.id);
        app.post_json("vown", &path, json!({"backend_metadata": wrong})).await.expect(400);
    }
    let kept = app.get("vown", &at("")[..at("").len() - 1]).await.expect(200).json();
    assert_eq!(kept["backend_metadata"], json!({"keep": 1}));
    let path = format!("/api/marketplace-provider-offerings/{}/update_attributes/", offered.id);
    for wrong in [json!({"a": "a\u{0}b"}), json!({"a\u{0}": 1})] {
        app.post_json("vown", &path, wrong).await.expect(400);
    }
    let list = json!({"endpoints": [{"name": "x", "url": "javascript:alert(1)"}]});
    app.post_json("vown", &at("set_endpoints"), list).await.expect(400);
}

async fn what_has_ended_is_not_dated_any_more(app: &TestApp) {
    let (offered, resource) = running(app, "Marketplace.Slurm").await;
    set_plugin(app, &offered, json!({"latest_date_for_resource_termination": "2025-12-31"})).await;
    let path = format!("/api/marketplace-resources/{resource}/");
    let late =
        app.json_request("own", Method::PATCH, &path, json!({"end_date": "2026-01-01"})).await.expect(400).json();
    assert_eq!(late, json!({"end_date": "End date exceeds global termination limit."}));
    app.json_request("own", Method::PATCH, &path, json!({"end_date": "2025-12-01"})).await.expect(200);
    let row = resource::Entity::find_by_id(resource.parse::<mercat_domain::id::ResourceId>().unwrap());
    let mut row = row.one(app.app.db.read()).await.unwrap().unwrap().into_active_model();
    row.state = Set(ResourceState::Terminated);
    let db = app.app.db.write().await.unwrap();
    row.update(&db).await.unwrap();
    db.commit().await.unwrap();
    app.json_request("own", Method::PATCH, &path, json!({"end_date": "2025-11-01"})).await.expect(409);
    let limits = format!("/api/marketplace-provider-resources/{resource}/set_limits/");
    app.post_json("vown", &limits, json!({"limits": {"cpu": 1}})).await.expect(409);
}

both! {
    async fn private_facts(app: TestApp) { providers_do_not_learn_what_is_private(&app).await; }
    async fn workers_of_providers(app: TestApp) { who_works_for_a_provider_is_not_for_all(&app).await; }
    async fn restores(app: TestApp) { a_refused_restore_leaves_the_resource_ended(&app).await; }
    async fn erred_orders(app: TestApp) { an_erred_order_does_not_come_back_beside_an_open_one(&app).await; }
    async fn next_prices(app: TestApp) { next_prices_count_from_the_next_month(&app).await; }
    async fn derived_roles(app: TestApp) { managers_of_an_offering_stop_being_managers_of_the_provider(&app).await; }
    async fn deleted_projects(app: TestApp) { deleted_projects_rest(&app).await; }
    async fn kept_secrets(app: TestApp) { secrets_are_not_kept_under_an_idempotency_key(&app).await; }
    async fn new_passwords(app: TestApp) { a_new_password_ends_what_was_signed_in(&app).await; }
    async fn objects(app: TestApp) { json_objects_stay_objects(&app).await; }
    async fn end_dates(app: TestApp) { what_has_ended_is_not_dated_any_more(&app).await; }
}
