//! Hooks, messages and how people want their mail, over HTTP. What is really sent is shown where it is sent.

use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::json;

async fn hooks_in_waldurs_form(app: &TestApp) {
    let web = json!({"destination_url": "https://example.org/hook", "event_types": ["marketplace_order_approved"]});
    let made = app.post_json("own", "/api/hooks-web/", web).await.expect(201).json();
    assert_eq!((&made["content_type"], &made["hook_type"]), (&json!("json"), &json!("webhook")));
    assert_eq!((&made["author_username"], &made["is_active"]), (&json!("own"), &json!(true)));
    let at = format!("/api/hooks-web/{}/", made["uuid"].as_str().unwrap());
    app.get("vown", &at).await.expect(404);
    app.json_request("own", Method::PATCH, &at, json!({"is_active": false})).await.expect(200);
    for (field, value) in [("event_types", json!(["nonsense"])), ("event_groups", json!(["nonsense"]))] {
        let refused = app.json_request("own", Method::PATCH, &at, json!({field: value})).await.expect(400).json();
        assert_eq!(refused[field][0], "\"nonsense\" is not a valid choice.");
    }
    app.post_json("own", "/api/hooks-web/", json!({"destination_url": "nonsense"})).await.expect(400);
    app.post_json("own", "/api/hooks-web/", json!({})).await.expect(400);
    let mail = json!({"email": "own@example.org", "event_groups": ["resources"]});
    let made = app.post_json("own", "/api/hooks-email/", mail).await.expect(201).json();
    assert_eq!((&made["email"], &made["hook_type"]), (&json!("own@example.org"), &json!("email")));
    let stranger = json!({"email": "somebody@example.com"});
    app.post_json("own", "/api/hooks-email/", stranger.clone()).await.expect(400);
    app.post_json("staff", "/api/hooks-email/", stranger).await.expect(201);
    let all = app.get("own", "/api/hooks/").await.expect(200);
    assert_eq!((all.header("x-result-count"), all.json().as_array().unwrap().len()), ("2", 2));
    assert_eq!(app.get("own", "/api/hooks-web/?is_active=false").await.header("x-result-count"), "1");
    assert_eq!(app.get("own", "/api/hooks-email/?email=x").await.json(), json!([]));
    app.call("own", Method::DELETE, &at).await.expect(204);
}

async fn signed_hooks(app: &TestApp) {
    let body = json!({"name": "ours", "destination_url": "https://example.org/h", "event_types": ["order.*"]});
    let made = app.post_json("own", "/api/webhooks/", body).await.expect(201).json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let at = |rest: &str| format!("/api/webhooks/{}/{rest}", made["uuid"].as_str().unwrap());
    assert_eq!(app.get("own", &at("")).await.expect(200).json().get("secret"), None, "it is shown once");
    let rotated = app.post("own", &at("rotate_secret/")).await.expect(200).json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert_eq!(app.get("own", &at("")).await.json()["secret_version"], 2);
    let test = app.post("own", &at("test/")).await.expect(202).text("delivery_uuid");
    let sent = app.get("own", &format!("/api/deliveries/{test}/")).await.expect(200).json();
    assert_eq!((&sent["state"], &sent["attempts"]), (&json!("pending"), &json!([])));
    app.get("vown", &format!("/api/deliveries/{test}/")).await.expect(404);
    // What waits is not sent twice.
    app.post("own", &format!("/api/deliveries/{test}/redeliver/")).await.expect(409);
    let offered = app.offering("Marketplace.Slurm").await;
    app.order("own", &offered).await;
    while mercat_app::outgoing::fan_out(&app.app).await.unwrap() {}
    let waiting = app.get("own", "/api/deliveries/?kind=webhook").await.expect(200).json();
    assert_eq!(waiting.as_array().unwrap().len(), 2, "the test and the order");
    assert_eq!(waiting[1]["payload"]["type"], "order.submit");
    let period = json!({"from": "2025-05-19T00:00:00Z", "to": "2025-05-20T00:00:00Z"});
    assert_eq!(app.post_json("own", &at("replay/"), period).await.expect(202).json(), json!({"events": 1}));
    let none = json!({"from": "2025-05-20T00:00:00Z", "to": "2025-05-19T00:00:00Z"});
    app.post_json("own", &at("replay/"), none).await.expect(400);
    for action in ["rotate_secret/", "test/", "replay/"] {
        app.post("vown", &at(action)).await.expect(404);
    }
    // Support sees all of it, and sends nothing in somebody else's name.
    app.get("support", &at("")).await.expect(200);
    for action in ["rotate_secret/", "test/"] {
        app.post("support", &at(action)).await.expect(403);
    }
    let period = json!({"from": "2025-05-19T00:00:00Z", "to": "2025-05-20T00:00:00Z"});
    app.post_json("support", &at("replay/"), period).await.expect(403);
    app.post("support", &format!("/api/deliveries/{test}/redeliver/")).await.expect(403);
    // Off is off: what waited is given up, visibly.
    app.json_request("own", Method::PATCH, &at(""), json!({"is_active": false})).await.expect(200);
    let dead = app.get("own", "/api/deliveries/?state=dead").await.expect(200).json();
    assert!(dead.as_array().unwrap().iter().all(|row| row["last_error"] == "The hook was switched off."));
    assert_eq!(dead.as_array().unwrap().len(), 3);
}

async fn callbacks_are_shown_to_those_who_see_the_order(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let mut body = app.order_body(&offered);
    body["callback_url"] = json!("https://example.org/called");
    let order = app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
    let seen = |who: &'static str| {
        let path = format!("/api/deliveries/?order_uuid={order}");
        async move { app.get(who, &path).await.expect(200).json().as_array().unwrap().len() }
    };
    // Mail names its recipients: only staff looks into it.
    assert_eq!((seen("mgr").await, seen("vown").await, seen("user").await, seen("staff").await), (1, 1, 0, 2));
    let called = app.get("mgr", &format!("/api/deliveries/?order_uuid={order}")).await.json()[0]["uuid"].clone();
    let again = format!("/api/deliveries/{}/redeliver/", called.as_str().unwrap());
    // Its creator and those who decide may, once it does not wait any more; those who only see it may not.
    for (who, status) in [("mgr", 409), ("own", 409), ("vown", 409), ("staff", 409), ("support", 403)] {
        app.post(who, &again).await.expect(status);
    }
    for who in ["mem", "user"] {
        app.post(who, &again).await.expect(404);
    }
}

async fn preferences(app: &TestApp) {
    let path = "/api/notification-preferences/";
    assert_eq!(app.get("own", path).await.expect(200).json(), json!({"mail": "each"}));
    let set = |mode: &'static str| app.json_request("own", Method::PUT, path, json!({"mail": mode}));
    assert_eq!(set("daily").await.expect(200).json(), json!({"mail": "daily"}));
    set("hourly").await.expect(400);
    assert_eq!(app.get("own", path).await.json(), json!({"mail": "daily"}));
    assert_eq!(app.get("mgr", path).await.json(), json!({"mail": "each"}));
}

both! {
    async fn waldurs_hooks(app: TestApp) { hooks_in_waldurs_form(&app).await; }
    async fn webhooks(app: TestApp) { signed_hooks(&app).await; }
    async fn callbacks(app: TestApp) { callbacks_are_shown_to_those_who_see_the_order(&app).await; }
    async fn mail_preferences(app: TestApp) { preferences(&app).await; }
}
