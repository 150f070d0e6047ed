//! What lies around the orders: who am I, version, configuration, health, measurements, documentation, browsers.

use http::{Method, header};
use mercat_api::ApiConfig;
use mercat_app::Settings;
use mercat_store::entity::user;
use mercat_testkit::{Backend, TestApp, both};
use sea_orm::{Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{ORDERS, at};

async fn users_me(app: &TestApp) {
    let me = app.get("own", "/api/users/me/").await.expect(200).json();
    let expected = [
        ("username", json!("own")),
        ("full_name", json!("OWN Test")),
        ("email", json!("own@example.org")),
        ("is_staff", json!(false)),
        ("is_support", json!(false)),
        ("uuid", json!(app.world.users["own"])),
    ];
    for (name, value) in expected {
        assert_eq!(me[name], value, "{name}");
    }
    assert!(me["agreement_date"].is_string() && me["date_joined"].is_string(), "{me}");
    assert_eq!(me["permissions"][0]["role_name"], "CUSTOMER.OWNER");
    assert_eq!(me["permissions"][0]["scope_uuid"], json!(app.world.consumer));
    assert_eq!(app.get("staff", "/api/users/me/").await.json()["is_staff"], true);
    let part = app.get("own", "/api/users/me/?field=username&field=uuid").await.json();
    assert_eq!(part.as_object().unwrap().len(), 2, "{part}");
    let text = me.to_string();
    assert!(!text.contains("token-own") && !text.contains("password"), "{text}");
    assert_eq!(app.get("", "/api/users/me/").await.status, 401);
}

async fn facts_about_the_site(app: &TestApp) {
    assert_eq!(app.get("user", "/api/version/").await.expect(200).json()["version"], "7.9.2");
    let configuration = app.get("", "/api/configuration/").await.expect(200).json();
    assert_eq!(
        [&configuration["LANGUAGES"], &configuration["LANGUAGE_CODE"]],
        [&json!([["en", "English"]]), &json!("en")]
    );
    assert_eq!(configuration["FEATURES"], json!({}));
    for name in [
        "WALDUR_CORE",
        "WALDUR_MARKETPLACE",
        "WALDUR_SUPPORT",
        "WALDUR_FREEIPA",
        "WALDUR_OPENSTACK",
        "WALDUR_AUTH_SOCIAL",
    ] {
        assert!(configuration[name].is_object(), "{name}");
    }
    let core = &configuration["WALDUR_CORE"];
    assert!(core["AUTHENTICATION_METHODS"].is_array() && core["USER_MANDATORY_FIELDS"].is_array(), "{core}");
}

async fn health_and_measurements(app: &TestApp) {
    for path in ["/health/live", "/health/ready"] {
        app.get("", path).await.expect(200);
    }
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    app.get("own", &at(&order, "")).await.expect(200);
    let text = String::from_utf8(app.get("", "/metrics").await.expect(200).bytes).unwrap();
    let line = "http_requests_total{route=\"/api/marketplace-orders/{uuid}/\",method=\"GET\",status=\"200\"}";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("http_request_duration_seconds_bucket"), "{text}");
    assert!(!text.contains(&order), "routes are counted, not paths");
}

async fn documentation(app: &TestApp) {
    let schema = app.get("", "/api/schema/").await.expect(200);
    assert_eq!(String::from_utf8(schema.bytes).unwrap(), mercat_api::openapi());
    let page = app.get("", "/docs/").await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    let html = String::from_utf8(page.bytes).unwrap();
    let mut checked = 0;
    let links = html.split(['"', '\'']).filter(|link| [".js", ".css", ".png"].iter().any(|end| link.ends_with(end)));
    for link in links {
        assert!(!link.contains("//"), "{link} leads elsewhere");
        let asset = app.get("", &format!("/docs/{}", link.trim_start_matches("./"))).await.expect(200);
        if link.contains("initializer") {
            let script = String::from_utf8_lossy(&asset.bytes).into_owned();
            assert!(script.contains("/api/schema/"), "{script}");
            assert!(script.contains("\"validatorUrl\": \"none\""), "no document is sent to a validator: {script}");
        }
        checked += 1;
    }
    assert!(checked >= 3 && !html.contains("http://") && !html.contains("https://"), "{html}");
}

/// GET and HEAD say the same; HEAD without the body.
async fn heads(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    for path in [
        ORDERS.to_owned(),
        at(&order, ""),
        at(&order, "offering"),
        "/api/users/me/".to_owned(),
        "/api/version/".to_owned(),
        "/api/configuration/".to_owned(),
    ] {
        let head = app.call("own", Method::HEAD, &path).await.expect(200);
        assert_eq!((head.bytes.len(), head.header("content-type")), (0, "application/json"), "{path}");
        let get = app.get("own", &path).await.expect(200);
        for name in ["allow", "vary", "x-frame-options", "content-language"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    assert_eq!(app.call("own", Method::HEAD, &at("0123456789abcdef0123456789abcdef", "")).await.status, 404);
}

async fn headers_of_every_answer(app: &TestApp) {
    for (who, path) in [("own", ORDERS), ("", ORDERS), ("own", "/api/nothing/"), ("own", "/api/marketplace-orders/x/")]
    {
        let reply = app.get(who, path).await;
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(reply.header("content-language"), "en", "{path}");
        assert!(!reply.header("x-request-id").is_empty(), "{path}");
        assert_eq!(reply.header("server"), "", "{path}");
    }
    let named = app.request("own", Method::GET, ORDERS).header("x-request-id", "my-id-1").body("".into()).unwrap();
    assert_eq!(app.send(named).await.header("x-request-id"), "my-id-1");
}

async fn browsers(app: &TestApp) {
    let preflight = app
        .request("", Method::OPTIONS, ORDERS)
        .header(header::ORIGIN, "https://portal.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-impersonated-user-uuid,accept-language",
        );
    let reply = app.send(preflight.body("".into()).unwrap()).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.bytes, b"");
    for method in ["GET", "HEAD", "POST", "DELETE"] {
        assert!(reply.header("access-control-allow-methods").contains(method), "{method}");
    }
    let allowed = reply.header("access-control-allow-headers").to_lowercase();
    for name in ["authorization", "content-type", "x-impersonated-user-uuid", "accept-language", "idempotency-key"] {
        assert!(allowed.contains(name), "{name}: {allowed}");
    }
    let request = app.request("own", Method::GET, ORDERS).header(header::ORIGIN, "https://portal.example");
    let reply = app.send(request.body("".into()).unwrap()).await.expect(200);
    let exposed = reply.header("access-control-expose-headers").to_lowercase();
    for name in ["link", "x-result-count", "x-impersonated-user-uuid"] {
        assert!(exposed.contains(name), "{name}: {exposed}");
    }
    let refused = app.request("", Method::GET, ORDERS).header(header::ORIGIN, "https://portal.example");
    let refused = app.send(refused.body("".into()).unwrap()).await.expect(401);
    assert_eq!(refused.header("access-control-allow-origin"), "*", "so that the page can read why");
}

/// A download cannot run in the site's name.
async fn downloads(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let reply = app.upload("mgr", &at(&order, "update_attachment"), "Bestellung 1.pdf", b"%PDF-1.4").await;
    let (_, path) =
        reply.text("attachment").split_once("http://mercat.test").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let file = app.get("mgr", &path).await.expect(200);
    assert_eq!([file.header("content-type"), file.header("x-content-type-options")], ["application/pdf", "nosniff"]);
    assert_eq!(file.header("content-disposition"), "attachment; filename*=UTF-8''Bestellung%201.pdf");
    assert_eq!(file.header("content-length"), "8");
    let by_query = app.get("", &format!("{path}?x-auth-token=Token%20token-mgr")).await;
    assert_eq!(by_query.bytes, b"%PDF-1.4", "as a link of the portal");
    assert_eq!(app.get("mgr", "/media/0123456789abcdef0123456789abcdef/").await.status, 404);
    app.get("vown", &path).await.expect(200);
    assert_eq!(app.get("user", &path).await.status, 404, "it is for those who see its order");
}

both! {
    async fn around_the_orders(app: TestApp) {
        users_me(&app).await;
        facts_about_the_site(&app).await;
        health_and_measurements(&app).await;
        documentation(&app).await;
        heads(&app).await;
        headers_of_every_answer(&app).await;
        browsers(&app).await;
        downloads(&app).await;
    }
}

/// The operator's switches.
async fn switches(backend: Backend) {
    let config = ApiConfig {
        strict_filters: true,
        trust_forwarded: true,
        show_civil_number: false,
        site_name: "Uni Markt".to_owned(),
        max_body_bytes: 2000,
        max_attachment_bytes: 100,
        ..ApiConfig::default()
    };
    let app = TestApp::with(backend, Settings::default(), config).await;
    let id = Unchanged(app.world.users["mgr"]);
    app.save(user::ActiveModel { id, civil_number: Set(Some("123".to_owned())), ..Default::default() }).await;
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    assert_eq!(app.order_field(&order, "created_by_civil_number").await, Value::Null);
    let told = app.get("own", &format!("{ORDERS}?sate=done")).await.expect(400).json();
    assert!(told["sate"][0].as_str().unwrap().contains("\"state\""), "{told}");
    app.get("own", &format!("{ORDERS}?state=done&page=1&field=uuid&o=cost")).await.expect(200);
    let request = app.request("own", Method::GET, &at(&order, "")).header("x-forwarded-proto", "https");
    let request = request.header("x-forwarded-host", "market.example");
    let seen = app.send(request.body("".into()).unwrap()).await.json();
    assert_eq!(seen["url"], format!("https://market.example{}", at(&order, "")));
    assert!(app.get("", "/api/configuration/").await.json().to_string().contains("Uni Markt"));
    let large = app.post_json("own", ORDERS, json!({"attributes": {"name": "x".repeat(2000)}})).await;
    assert_eq!(large.status, 413, "{}", large.json());
    let file = app
        .upload("mgr", &at(&order, "update_attachment"), "a.pdf", &[b"%PDF-1.4".as_slice(), &[b' '; 100]].concat())
        .await;
    assert!(matches!(file.status.as_u16(), 400 | 413), "{}", file.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switches_on_sqlite() {
    switches(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switches_on_postgres() {
    switches(Backend::Postgres).await;
}

both! {
    async fn forwarded_headers_of_strangers_are_not_believed(app: TestApp) {
        let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
        let request = app.request("own", Method::GET, &at(&order, "")).header("x-forwarded-host", "evil.example");
        let seen = app.send(request.body("".into()).unwrap()).await.json();
        assert_eq!(seen["url"], format!("http://mercat.test{}", at(&order, "")));
        let id = Unchanged(app.world.users["mgr"]);
        app.save(user::ActiveModel { id, civil_number: Set(Some("123".to_owned())), ..Default::default() }).await;
        assert_eq!(app.order_field(&order, "created_by_civil_number").await, "123", "as Waldur does");
    }
}
