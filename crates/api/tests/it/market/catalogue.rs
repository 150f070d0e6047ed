//! From a provider to an offering that can be ordered, and what becomes of it.

use http::Method;
use mercat_testkit::{Reply, TestApp, both};
use serde_json::{Value, json};

use crate::support::ORDERS;

const OFFERINGS: &str = "/api/marketplace-provider-offerings/";
const PUBLIC: &str = "/api/marketplace-public-offerings/";

/// V as a provider, with a category and a draft of an offering that has a limit and a fixed component and one plan.
struct Shop {
    category: String,
    offering: String,
    body: Value,
}

impl Shop {
    async fn open(app: &TestApp) -> Self {
        let provider = format!("/api/customers/{}/", app.world.provider);
        let category =
            app.post_json("staff", "/api/marketplace-categories/", json!({"title": "HPC"})).await.expect(201);
        let body = json!({
            "name": "Cluster", "type": "Marketplace.Slurm", "customer": provider, "category": category.text("url"),
            "components": [
                {"type": "cpu", "name": "CPU", "billing_type": "limit", "measured_unit": "hours"},
                {"type": "node", "name": "Node", "billing_type": "fixed"},
            ],
            "plans": [{"name": "Small", "unit": "month"}],
            "limits": {"cpu": {"min": 1, "max": 100, "max_available_limit": 1000}},
        });
        let refused = app.post_json("vown", OFFERINGS, body.clone()).await.expect(400).json();
        assert_eq!(refused, json!({"customer": ["This organization is not a service provider."]}));
        let new = json!({"customer": provider, "description": "We compute"});
        app.post_json("own", "/api/marketplace-service-providers/", new.clone()).await.expect(400);
        app.post_json("vown", "/api/marketplace-service-providers/", new.clone()).await.expect(201);
        let twice = app.post_json("vown", "/api/marketplace-service-providers/", new).await.expect(400).json();
        assert_eq!(twice, json!({"customer": ["This organization is a service provider already."]}));
        app.post_json("mgr", OFFERINGS, body.clone()).await.expect(400);
        let made = app.post_json("vown", OFFERINGS, body.clone()).await.expect(201);
        assert_eq!(made.json()["state"], "Draft");
        assert_eq!(made.json()["components"][0]["max_value"], 100);
        Self { category: category.text("uuid"), offering: made.text("uuid"), body }
    }

    fn at(&self, action: &str) -> String {
        format!("{OFFERINGS}{}/{action}", self.offering)
    }

    async fn plan(&self, app: &TestApp) -> String {
        app.get("vown", &self.at("")).await.expect(200).json()["plans"][0]["uuid"].as_str().unwrap().to_owned()
    }
}

async fn do_it(app: &TestApp, who: &str, path: &str, body: Value) -> Reply {
    app.post_json(who, path, body).await
}

async fn an_offering_opens(app: &TestApp) {
    let shop = Shop::open(app).await;
    // Nobody else sees a draft.
    app.get("own", &format!("{PUBLIC}{}/", shop.offering)).await.expect(404);
    app.get("own", &shop.at("")).await.expect(404);
    let plan = format!("/api/marketplace-plans/{}/", shop.plan(app).await);
    do_it(app, "own", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "1"}})).await.expect(404);
    do_it(app, "vown", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "0.1234567891", "node": 5}}))
        .await
        .expect(200);
    do_it(app, "vown", &format!("{plan}update_quotas/"), json!({"quotas": {"node": 2}})).await.expect(200);
    let wrong = do_it(app, "vown", &format!("{plan}update_prices/"), json!({"prices": {"gpu": "1"}})).await;
    assert_eq!(wrong.expect(400).json(), json!({"prices": {"gpu": ["Component is not found."]}}));
    let wrong = do_it(app, "vown", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "x"}})).await;
    assert_eq!(wrong.expect(400).json(), json!({"prices": {"cpu": ["A valid number is required."]}}));
    let shown = app.get("vown", &plan).await.expect(200).json();
    assert_eq!(shown["components"][0]["price"], "0.1234567891");
    assert_eq!((&shown["quotas"]["node"], &shown["plan_type"]), (&json!(2), &json!("mixed")));
    let opened = app.post("vown", &shop.at("activate/")).await.expect(200).json();
    assert_eq!(opened["state"], "Active");
    let public = app.get("own", &format!("{PUBLIC}{}/", shop.offering)).await.expect(200).json();
    assert_eq!(public.get("secret_options"), None);
    let listed = app.get("own", &format!("{PUBLIC}?state=Active&field=uuid&type=Marketplace.Slurm")).await.json();
    assert_eq!(listed, json!([{"uuid": shop.offering}]));
    let plans = app.get("own", &format!("{PUBLIC}{}/plans/", shop.offering)).await.expect(200).json();
    let one = format!("{PUBLIC}{}/plans/{}/", shop.offering, plans[0]["uuid"].as_str().unwrap());
    assert_eq!(app.get("own", &one).await.expect(200).json(), plans[0]);
    app.get("own", &format!("{PUBLIC}{}/plans/{}/", shop.offering, shop.category)).await.expect(404);
    let order = json!({
        "offering": public["url"], "plan": plans[0]["url"], "limits": {"cpu": 10},
        "project": format!("/api/projects/{}/", app.world.project), "attributes": {"name": "first"},
    });
    let order = app.post_json("own", ORDERS, order).await.expect(201).json();
    // 10 × 0.1234567891 + 2 × 5
    assert_eq!(order["cost"], "11.2345678910");
    // What is in use stays.
    let path = format!("/api/marketplace-categories/{}/", shop.category);
    let busy = app.call("staff", Method::DELETE, &path).await.expect(409).json();
    assert_eq!(busy["detail"], "Cannot delete category with existing offerings");
    let busy = app.call("vown", Method::DELETE, &plan).await.expect(409).json();
    assert_eq!(busy["detail"], "Cannot delete plan with existing resources");
    let busy = app.call("vown", Method::DELETE, &shop.at("")).await.expect(409).json();
    assert_eq!(busy["detail"], "Valid states for operation: Draft.");
    // Agreed prices stay for this period.
    do_it(app, "vown", &format!("{plan}update_prices/"), json!({"prices": {"cpu": "9"}})).await.expect(200);
    let shown = app.get("vown", &plan).await.json();
    let cpu = &shown["components"][0];
    assert_eq!((&cpu["price"], &cpu["future_price"]), (&json!("0.1234567891"), &json!("9.0000000000")));
}

async fn an_offering_lives(app: &TestApp) {
    let shop = Shop::open(app).await;
    app.post("own", &shop.at("activate/")).await.expect(404);
    let states = app.post("vown", &shop.at("pause/")).await.expect(409).json();
    assert_eq!(states["detail"], "Valid states for operation: Active.");
    app.post("vown", &shop.at("activate/")).await.expect(200);
    do_it(app, "vown", &shop.at("pause/"), json!({"paused_reason": "Repairs"})).await.expect(200);
    let paused = app.get("own", &format!("{PUBLIC}{}/", shop.offering)).await.expect(200).json();
    assert_eq!((&paused["state"], &paused["paused_reason"]), (&json!("Paused"), &json!("Repairs")));
    app.post("vown", &shop.at("unpause/")).await.expect(200);
    app.post("vown", &shop.at("make_unavailable/")).await.expect(403);
    app.post("staff", &shop.at("make_unavailable/")).await.expect(200);
    app.post("staff", &shop.at("make_available/")).await.expect(200);
    app.post("vown", &shop.at("archive/")).await.expect(200);
    app.post("vown", &shop.at("draft/")).await.expect(200);
    app.call("vown", Method::DELETE, &shop.at("")).await.expect(204);
    app.get("vown", &shop.at("")).await.expect(404);
}

async fn columns(app: &TestApp) {
    let shop = Shop::open(app).await;
    let options = json!({"order": ["size"], "options": {"size": {"type": "select_string", "label": "Size",
        "choices": ["S", "L"], "required": true}}});
    let updates: [(&str, Value); 8] = [
        (
            "update_overview",
            json!({"name": "Cluster 2", "description": "New", "access_url": "https://hpc.example.org",
            "privacy_policy_link": "https://hpc.example.org/privacy", "full_description": "Full",
            "getting_started": "Start", "integration_guide": "Guide", "slug": "cluster-2"}),
        ),
        ("update_location", json!({"latitude": 59.4, "longitude": 24.7})),
        ("update_options", json!({"options": options})),
        ("update_resource_options", json!({"resource_options": options})),
        (
            "update_integration",
            json!({"plugin_options": {"a": 1}, "secret_options": {"token": "s"}, "backend_id": "b",
            "service_attributes": {"x": "y"}}),
        ),
        ("update_integration", json!({"plugin_options": {"b": 2}})),
        ("set_backend_metadata", json!({"backend_metadata": {"k": "v"}})),
        ("update_attributes", json!({"rack": "12"})),
    ];
    for (action, body) in updates {
        do_it(app, "mgr", &shop.at(&format!("{action}/")), body.clone()).await.expect(404);
        do_it(app, "vown", &shop.at(&format!("{action}/")), body).await.expect(200);
    }
    let shown = app.get("vown", &shop.at("")).await.expect(200).json();
    let expected = [
        ("name", json!("Cluster 2")),
        ("slug", json!("cluster-2")),
        ("access_url", json!("https://hpc.example.org")),
        ("latitude", json!(59.4)),
        ("options", options.clone()),
        ("resource_options", options),
        ("plugin_options", json!({"a": 1, "b": 2})),
        ("secret_options", json!({"token": "s"})),
        ("service_attributes", json!({"x": "y"})),
        ("backend_metadata", json!({"k": "v"})),
        ("attributes", json!({"rack": "12"})),
    ];
    for (name, value) in expected {
        assert_eq!(shown[name], value, "{name}");
    }
    let seen = app.get("support", &shop.at("")).await.expect(200).json();
    assert_eq!(seen["secret_options"], json!({}), "support sees everything but secrets");
    let wrong = json!({"options": {"order": ["x"], "options": {}}});
    do_it(app, "vown", &shop.at("update_options/"), wrong).await.expect(400);
    // Components come and go while nothing uses them.
    let gpu = json!({"type": "gpu", "name": "GPU", "billing_type": "usage"});
    do_it(app, "vown", &shop.at("create_offering_component/"), gpu.clone()).await.expect(201);
    do_it(app, "vown", &shop.at("create_offering_component/"), gpu.clone()).await.expect(400);
    let components = app.get("vown", &shop.at("")).await.json()["components"].clone();
    let uuid = components.as_array().unwrap().iter().find(|c| c["type"] == "gpu").unwrap()["uuid"].clone();
    let mut renamed = gpu;
    renamed["uuid"] = uuid.clone();
    renamed["name"] = json!("Graphics");
    do_it(app, "vown", &shop.at("update_offering_component/"), renamed).await.expect(200);
    do_it(app, "vown", &shop.at("remove_offering_component/"), json!({"uuid": uuid})).await.expect(200);
    // Endpoints.
    let endpoint = json!({"name": "Login", "url": "ssh://login.example.org"});
    let made = do_it(app, "vown", &shop.at("add_endpoint/"), endpoint).await.expect(201).text("uuid");
    do_it(app, "vown", &shop.at("add_endpoint/"), json!({"name": "X", "url": "javascript:1"})).await.expect(400);
    do_it(app, "vown", &shop.at("delete_endpoint/"), json!({"uuid": made})).await.expect(204);
    do_it(app, "vown", &shop.at("delete_endpoint/"), json!({"uuid": made})).await.expect(400);
    assert_eq!(shop.body["name"], "Cluster");
}

async fn groups_and_terms(app: &TestApp) {
    let shop = Shop::open(app).await;
    app.post("vown", &shop.at("activate/")).await.expect(200);
    let group = app.post_json("staff", "/api/organization-groups/", json!({"name": "Baltic"})).await.expect(201);
    let body = json!({"organization_groups": [group.text("url")]});
    do_it(app, "vown", &shop.at("update_organization_groups/"), body.clone()).await.expect(200);
    let public = format!("{PUBLIC}{}/", shop.offering);
    app.get("own", &public).await.expect(404);
    let member = format!("/api/customers/{}/update_organization_groups/", app.world.consumer);
    do_it(app, "staff", &member, body).await.expect(200);
    app.get("own", &public).await.expect(200);
    app.post("vown", &shop.at("delete_organization_groups/")).await.expect(204);
    app.get("user", &public).await.expect(200);
    // Terms of service.
    let offering = format!("{OFFERINGS}{}/", shop.offering);
    let terms = "/api/marketplace-offering-terms-of-service/";
    let body = json!({"offering": offering, "terms_of_service": "Be nice", "version": "1", "is_active": true,
        "terms_of_service_link": "https://example.org/tos", "requires_reconsent": true, "grace_period_days": 3});
    do_it(app, "own", terms, body.clone()).await.expect(400);
    let made = do_it(app, "vown", terms, body.clone()).await.expect(201).json();
    assert_eq!(made["terms_of_service"], "Be nice");
    let another = do_it(app, "vown", terms, body).await.expect(400).json();
    assert_eq!(another, json!({"is_active": ["Another version of the terms is in force."]}));
    let consents = "/api/marketplace-user-offering-consents/";
    let consent = do_it(app, "own", consents, json!({"offering": shop.offering})).await.expect(201).json();
    assert_eq!(consent["offering"], json!(shop.offering));
    let own = app.get("own", consents).await.expect(200).json();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["has_consent"]), (1, &json!(true)));
    assert_eq!(app.get("own", &public).await.json()["user_has_consent"], true);
    assert_eq!(
        app.get("own", &format!("{PUBLIC}?user_has_consent=true&field=uuid")).await.json()[0]["uuid"],
        json!(shop.offering)
    );
    let listed = app.get("own", terms).await.expect(200).json();
    assert_eq!(listed[0]["has_user_consent"], true);
    app.get("mgr", &format!("{consents}{}/", own[0]["uuid"].as_str().unwrap())).await.expect(404);
    let revoked = app.post("own", &format!("{consents}{}/revoke/", own[0]["uuid"].as_str().unwrap())).await.expect(200);
    assert_eq!(revoked.json()["has_consent"], false);
    app.post("own", &format!("{consents}{}/revoke/", own[0]["uuid"].as_str().unwrap())).await.expect(400);
}

async fn portals(app: &TestApp) {
    let shop = Shop::open(app).await;
    app.post("vown", &shop.at("activate/")).await.expect(200);
    let categories = app.get("own", "/api/marketplace-categories/?field=uuid&field=title&has_offerings=true").await;
    assert_eq!(categories.expect(200).json(), json!([{"uuid": shop.category, "title": "HPC"}]));
    assert_eq!(app.get("own", "/api/marketplace-global-categories/").await.expect(200).json(), json!({}));
    let plugins = app.get("own", "/api/marketplace-plugins/").await.expect(200).json();
    assert!(plugins.as_array().unwrap().iter().any(|p| p["offering_type"] == "Marketplace.Slurm"), "{plugins}");
    let providers = format!("/api/marketplace-service-providers/?customer_uuid={}&field=uuid", app.world.provider);
    let provider = app.get("mgr", &providers).await.expect(200).json()[0]["uuid"].as_str().unwrap().to_owned();
    let provider = format!("/api/marketplace-service-providers/{provider}/");
    for list in [
        "keys",
        "customers",
        "projects",
        "users",
        "offerings",
        "course_accounts",
        "project_service_accounts",
        "project_permissions",
        "revenue",
        "robot_account_customers",
        "robot_account_projects",
    ] {
        app.get("vown", &format!("{provider}{list}/")).await.expect(200);
        app.get("mgr", &format!("{provider}{list}/")).await.expect(403);
    }
    assert_eq!(app.get("vown", &format!("{provider}stat/")).await.expect(200).json()["active_and_paused_offerings"], 1);
    let code = app.post("vown", &format!("{provider}api_secret_code/")).await.expect(200).text("api_secret_code");
    assert_eq!(code.len(), 40);
    for list in [
        "customers",
        "list_customer_projects",
        "list_customer_users",
        "list_course_accounts",
        "list_project_service_accounts",
        "component_stats",
        "costs",
        "stats",
        "user-attribute-config",
    ] {
        app.get("vown", &shop.at(&format!("{list}/"))).await.expect(200);
        app.get("mgr", &shop.at(&format!("{list}/"))).await.expect(404);
    }
    let groups = app.get("vown", &format!("{OFFERINGS}groups/")).await.expect(200).json();
    assert_eq!(groups[0]["offerings"][0]["offering_name"], "Cluster");
    let unique = do_it(app, "vown", &shop.at("check_unique_backend_id/"), json!({"backend_id": "x"})).await.expect(200);
    assert_eq!(unique.json(), json!({"is_unique": true}));
}

both! {
    async fn an_offering_is_made_priced_and_ordered(app: TestApp) {
        an_offering_opens(&app).await;
    }

    async fn an_offering_lives_and_ends(app: TestApp) {
        an_offering_lives(&app).await;
    }

    async fn parts_of_an_offering_are_changed(app: TestApp) {
        columns(&app).await;
    }

    async fn offerings_are_for_groups_and_have_terms(app: TestApp) {
        groups_and_terms(&app).await;
    }

    async fn what_portals_ask(app: TestApp) {
        portals(&app).await;
    }
}
