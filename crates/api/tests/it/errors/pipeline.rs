//! What is refused before an operation looks at its input (spec 3.1, 3.2).

use http::{Method, header};
use mercat_domain::order::OrderState;
use mercat_testkit::{Reply, TestApp, both};
use sea_orm::{Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{Ask as _, FORBIDDEN, NO_ORDER, ORDERS, assert_reply, at, detail};

const NOT_PROVIDED: &str = "Authentication credentials were not provided.";

/// Every operation on a single order.
const ACTIONS: &[&str] = &[
    "unlink",
    "approve_by_consumer",
    "approve_by_provider",
    "cancel",
    "reject_by_consumer",
    "reject_by_provider",
    "set_state_done",
    "set_state_erred",
    "set_state_executing",
    "delete_attachment",
    "set_backend_id",
    "update_attachment",
];

async fn send(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let request = app.request("", method, path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    app.send(request.body(body.to_owned().into()).unwrap()).await
}

async fn who_is_asked_first(app: &TestApp) {
    let cases = [
        ("", NOT_PROVIDED),
        ("Basic dXNlcjpw", NOT_PROVIDED),
        ("Token", "Invalid token. No credentials provided."),
        ("Token a b", "Invalid token. Token string should not contain spaces."),
        ("Token nobody-has-this", "Invalid token."),
        ("Token token-inactive", "User inactive or deleted."),
        ("Token token-expired", "Token has expired."),
    ];
    let inactive = app.person("inactive").await;
    let change = mercat_store::entity::user::ActiveModel {
        id: Unchanged(inactive),
        is_active: Set(false),
        ..Default::default()
    };
    app.save(change).await;
    app.token(app.world.users["own"], "token-expired", Some(60)).await;
    app.clock.advance(chrono::TimeDelta::seconds(61));
    for (credentials, text) in cases {
        let headers: &[(&str, &str)] = if credentials.is_empty() { &[] } else { &[("authorization", credentials)] };
        for (method, path) in [
            (Method::GET, ORDERS),
            (Method::POST, ORDERS),
            (Method::PUT, ORDERS),
            (Method::GET, "/api/marketplace-orders/zzz/"),
        ] {
            let reply = send(app, method, path, headers, "").await;
            assert_reply(&reply, 401, &detail(text), credentials);
            assert_eq!(reply.header("www-authenticate"), "Token", "{credentials}");
        }
    }
}

/// Method and path, the words in the 405 and the `Allow` header.
async fn methods(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let list = "GET, POST, HEAD, OPTIONS";
    let detail_route = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
    let mut cases = vec![
        (Method::PUT, ORDERS.to_owned(), list),
        (Method::PATCH, ORDERS.to_owned(), list),
        (Method::DELETE, ORDERS.to_owned(), list),
        (Method::PUT, at(&order, ""), detail_route),
        (Method::PATCH, at(&order, ""), detail_route),
        (Method::POST, at(&order, ""), detail_route),
        (Method::PUT, at("0123456789abcdef0123456789abcdef", ""), detail_route),
        (Method::POST, at(&order, "offering"), "GET, HEAD, OPTIONS"),
        (Method::DELETE, at(&order, "offering"), "GET, HEAD, OPTIONS"),
    ];
    for action in ACTIONS {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            cases.push((method, at(&order, action), "POST, OPTIONS"));
        }
    }
    for (method, path, allowed) in cases {
        let reply = app.call("own", method.clone(), &path).await;
        assert_reply(&reply, 405, &detail(&format!("Method \"{method}\" not allowed.")), &path);
        assert_eq!(reply.header("allow"), allowed, "{method} {path}");
        assert_eq!(app.call("", method, &path).await.status, 401, "{path} is asked who first");
    }
    let head = app.call("own", Method::HEAD, &at(&order, "cancel")).await;
    assert_eq!((head.status.as_u16(), head.bytes.len(), head.header("allow")), (405, 0, "POST, OPTIONS"));
}

async fn what_is_not_there(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let dashed = uuid::Uuid::parse_str(&order).unwrap().to_string();
    app.get("own", &at(&dashed, "")).await.expect(200);
    for missing in ["0123456789abcdef0123456789abcdef", "xyz", "0", "%00", "0123456789abcdef0123456789abcde"] {
        assert_reply(&app.get("own", &at(missing, "")).await, 404, &detail(NO_ORDER), missing);
        assert_reply(&app.get("own", &at(missing, "offering")).await, 404, &detail(NO_ORDER), missing);
        for action in ACTIONS.iter().filter(|action| **action != "unlink") {
            assert_reply(&app.act("own", missing, action).await, 404, &detail(NO_ORDER), action);
        }
    }
    for path in ["/nothing", "/api/", "/api/nothing/", "/api/marketplace-orders/a/b/c/"] {
        assert_eq!(app.get("own", path).await.status, 404, "{path}");
        assert_eq!(app.get("", path).await.status, 404, "{path}, nobody");
    }
    for path in ["/api/nothing/".to_owned(), at(&order, "nosuch")] {
        assert_reply(&app.get("own", &path).await, 404, &detail("Not found."), &path);
    }
    assert_reply(&app.get("own", &format!("{ORDERS}?format=xml")).await, 404, &detail("Not found."), "format");
    app.get("own", &format!("{ORDERS}?format=json")).await.expect(200);
}

async fn invisible_beats_forbidden_beats_state(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    app.set_state(&order, OrderState::Done).await;
    let path = at(&order, "set_backend_id");
    for (who, status, body) in [("user", 404, NO_ORDER), ("support", 403, FORBIDDEN), ("mgr", 403, FORBIDDEN)] {
        assert_reply(&app.post_json(who, &path, json!([])).await, status, &detail(body), who);
    }
    let wrong = detail("Valid states for operation: pending-project, pending-consumer, pending-provider.");
    let reply = app.post_json("mgr", &at(&order, "update_attachment"), json!({"attachment": "text"})).await;
    assert_reply(&reply, 409, &wrong, "the state comes before the body");
}

async fn media_types(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    for (accept, accepted) in [
        ("text/html", false),
        ("application/xml", false),
        ("application/json", true),
        ("*/*", true),
        ("text/html, */*;q=0.1", true),
    ] {
        let request = app.request("own", Method::GET, &at(&order, "")).header(header::ACCEPT, accept);
        let reply = app.send(request.body("".into()).unwrap()).await;
        if accepted {
            assert_eq!(reply.status, 200, "{accept}");
        } else {
            assert_reply(&reply, 406, &detail("Could not satisfy the request Accept header."), accept);
        }
    }
    for path in [
        ORDERS.to_owned(),
        at(&order, "set_backend_id"),
        at(&order, "set_state_erred"),
        at(&order, "update_attachment"),
    ] {
        for kind in ["text/plain", "application/xml"] {
            let request = app.request("staff", Method::POST, &path).header(header::CONTENT_TYPE, kind);
            let reply = app.send(request.body("<a/>".into()).unwrap()).await;
            assert_reply(&reply, 415, &detail(&format!("Unsupported media type \"{kind}\" in request.")), &path);
        }
    }
}

/// A missing slash is told to everybody, with a path and no host.
async fn slashes(app: &TestApp) {
    for (path, target) in [
        ("/api/marketplace-orders", "/api/marketplace-orders/"),
        ("/api/marketplace-orders?page_size=1&state=done", "/api/marketplace-orders/?page_size=1&state=done"),
        (
            "/api/marketplace-orders/0123456789abcdef0123456789abcdef",
            "/api/marketplace-orders/0123456789abcdef0123456789abcdef/",
        ),
        ("/api/marketplace-orders/x/cancel", "/api/marketplace-orders/x/cancel/"),
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for who in ["", "own"] {
                let reply = app.call(who, method.clone(), path).await;
                assert_eq!((reply.status.as_u16(), reply.header("location")), (301, target), "{method} {path} {who}");
                assert_eq!(reply.bytes, b"", "{method} {path}");
            }
        }
    }
}

/// Bodies that are no object, with a fitting content type.
async fn bodies(app: &TestApp) {
    let raw = async |path: &str, body: &str| {
        let request = app.request("staff", Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        app.send(request.body(body.to_owned().into()).unwrap()).await
    };
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    let paths = [
        ORDERS.to_owned(),
        at(&order, "set_backend_id"),
        at(&order, "set_state_erred"),
        at(&order, "update_attachment"),
    ];
    let deep = "[".repeat(100_000);
    let deep_value = format!("{{\"attributes\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    for path in &paths {
        for (body, kind) in
            [("[]", "list"), ("[1]", "list"), ("\"a\"", "str"), ("1", "int"), ("1.5", "float"), ("true", "bool")]
        {
            let text = format!("Invalid data. Expected a dictionary, but got {kind}.");
            assert_reply(&raw(path, body).await, 400, &json!({"non_field_errors": [text]}), body);
        }
        assert_reply(&raw(path, "null").await, 400, &json!({"non_field_errors": ["No data provided"]}), "null");
        for body in ["{\"offering\": ", "{", "{'a': 1}", "nul", "{\"a\": 1}}", &deep, &deep_value, "\u{feff}x"] {
            let reply = raw(path, body).await;
            let told = reply.json()["detail"].as_str().is_some_and(|text| text.starts_with("JSON parse error - "));
            let start: String = body.chars().take(20).collect();
            assert!(reply.status == 400 && told, "{path} {start}: {} {}", reply.status, reply.json());
        }
    }
    assert_eq!(app.state(&order).await, "pending-consumer", "nothing of this did anything");
}

async fn too_large(app: &TestApp) {
    let body = json!({"attributes": {"name": "x".repeat(3 * 1024 * 1024)}});
    let reply = app.post_json("own", ORDERS, body).await;
    assert_eq!(reply.status, 413);
    assert!(reply.json()["detail"].is_string(), "{}", reply.json());
}

/// What a browser asks of a route that it may use.
async fn options(app: &TestApp) {
    let order = app.order("mgr", &app.offering("Marketplace.Slurm").await).await;
    for (path, allowed) in [(ORDERS.to_owned(), "GET, POST, HEAD, OPTIONS"), (at(&order, "cancel"), "POST, OPTIONS")] {
        let reply = app.call("own", Method::OPTIONS, &path).await.expect(200);
        assert_eq!(reply.header("allow"), allowed, "{path}");
        let body = reply.json();
        assert!(body["name"].is_string() && body["description"].is_string(), "{body}");
        assert_eq!(body["renders"], json!(["application/json"]));
        let parses = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
        assert_eq!(body["parses"], json!(parses));
        assert_reply(&app.call("", Method::OPTIONS, &path).await, 401, &detail(NOT_PROVIDED), "nobody");
    }
    let fields = app.call("own", Method::OPTIONS, ORDERS).await.json()["actions"]["POST"].clone();
    assert_eq!(fields["offering"]["required"], json!(true), "{fields}");
    assert!(fields.get("accepting_terms_of_service").is_some() && fields.get("limits").is_some(), "{fields}");
    assert_ne!(fields, Value::Null);
}

both! {
    async fn before_the_operation(app: TestApp) {
        methods(&app).await;
        what_is_not_there(&app).await;
        invisible_beats_forbidden_beats_state(&app).await;
        slashes(&app).await;
        options(&app).await;
        who_is_asked_first(&app).await;
    }

    async fn bodies_that_are_none(app: TestApp) {
        media_types(&app).await;
        bodies(&app).await;
        too_large(&app).await;
    }
}
