//! The event log over HTTP: in Waldur's shape, as a feed, as history and explanation of an order.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt as _;
use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::ORDERS;

async fn in_waldurs_shape(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("own", &offered).await;
    app.post("vown", &format!("{ORDERS}{order}/approve_by_provider/")).await.expect(200);
    let listed = app.get("own", "/api/events/").await.expect(200);
    assert_eq!(listed.header("x-result-count"), "2");
    let newest = listed.json()[0].clone();
    assert_eq!(newest["event_type"], "marketplace_order_approved");
    assert_eq!(newest["context"]["order_uuid"], order);
    assert!(newest["message"].as_str().unwrap().contains("was approved by the provider"), "{newest}");
    let one = app.get("own", &format!("/api/events/{}/", newest["uuid"].as_str().unwrap())).await.expect(200);
    assert_eq!(one.json(), newest);
    for wrong in ["0", "x", "ffffffffffffffffffffffffffffffff"] {
        app.get("own", &format!("/api/events/{wrong}/")).await.expect(404);
    }
    let found = |query: &'static str| async move {
        app.get("own", &format!("/api/events/?{query}")).await.expect(200).header("x-result-count").to_owned()
    };
    assert_eq!(found("message=was%20placed").await, "1");
    assert_eq!(found("created_from=1747656000").await, "2");
    assert_eq!(found("created_to=1747655999").await, "0");
    assert_eq!(found("created_from=nonsense").await, "0");
    assert_eq!(app.get("user", "/api/events/").await.json(), json!([]));
    assert_eq!(app.get("own", "/api/events/count/").await.json(), json!({"count": 2}));
    assert_eq!(app.get("own", "/api/events/count/?message=was%20placed").await.json(), json!({"count": 1}));
    assert!(app.get("own", "/api/events/event_groups/").await.json()["resources"].is_array());
    app.get("own", "/api/events/scope_types/").await.expect(200);
}

/// Agents take accounts from those whose roles end, however they do.
async fn every_end_of_a_role_is_told(app: &TestApp) {
    let told = |kind: &'static str| async move {
        let path = format!("/api/event-feed/?limit=500&type=user_role.{kind}");
        let events = app.get("staff", &path).await.expect(200).json()["events"].clone();
        let one = |event: &Value| format!("{} {}", event["changes"]["role_name"], event["changes"]["user_username"]);
        let mut all: Vec<String> = events.as_array().unwrap().iter().map(one).collect();
        all.sort();
        all.join(", ").replace('"', "")
    };
    let (user, project) = (app.world.users["user"], app.world.project);
    let soon = mercat_domain::time::format(app.app.now() + TimeDelta::hours(1));
    let grant = json!({"role": "PROJECT.ADMIN", "user": user, "expiration_time": soon});
    app.post_json("own", &format!("/api/projects/{project}/add_user/"), grant).await.expect(201);
    let offered = app.offering("Marketplace.Slurm").await;
    let offering = format!("/api/marketplace-provider-offerings/{}/", offered.id);
    let grant = json!({"role": "OFFERING.MANAGER", "user": user, "expiration_time": soon});
    app.post_json("vown", &format!("{offering}add_user/"), grant).await.expect(201);
    assert_eq!(told("granted").await, "CUSTOMER.MANAGER user, OFFERING.MANAGER user, PROJECT.ADMIN user");
    assert_eq!(told("revoked").await, "");
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(told("revoked").await, "CUSTOMER.MANAGER user, OFFERING.MANAGER user, PROJECT.ADMIN user");
    app.call("own", Method::DELETE, &format!("/api/projects/{project}/")).await.expect(204);
    let all = told("revoked").await;
    assert!(all.contains("PROJECT.ADMIN adm") && all.contains("PROJECT.MANAGER mgr"), "{all}");
}

async fn the_feed_has_no_gap(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("own", &offered).await;
    let read = |who: &'static str, query: String| async move {
        app.get(who, &format!("/api/event-feed/?{query}")).await.expect(200).json()
    };
    let first = read("own", "limit=1".to_owned()).await;
    assert_eq!(first["events"][0]["type"], "order.submit");
    let cursor = first["cursor"].as_i64().unwrap();
    assert_eq!(read("own", format!("after={cursor}")).await["events"], json!([]));
    app.post("vown", &format!("{ORDERS}{order}/approve_by_provider/")).await.expect(200);
    let next = read("own", format!("after={cursor}")).await;
    assert_eq!(next["events"][0]["type"], "order.approve_by_provider");
    assert_eq!(next["events"][0]["to_state"], "executing");
    // Others see nothing, and are told how far they need not look again.
    let others = read("user", String::new()).await;
    assert_eq!((&others["events"], &others["cursor"]), (&json!([]), &next["cursor"]));
    let narrowed = read("own", format!("order_uuid={order}&type=order.approve*")).await;
    assert_eq!(narrowed["events"].as_array().unwrap().len(), 1);
    assert_eq!(read("own", format!("order_uuid={}", app.world.project)).await["events"], json!([]));
    // A number that is none, or of another log, does not count as the beginning or the end.
    let beyond = format!("The event log ends at {}: this number is from another one. Begin anew.", next["cursor"]);
    for path in ["/api/event-feed/?after=99999", "/api/event-feed/stream/?after=99999"] {
        assert_eq!(app.get("own", path).await.expect(400).json(), json!({"after": [beyond]}), "{path}");
    }
    for (id, why) in [("x", "A valid integer is required."), ("-5", "A valid integer is required."), ("99999", &beyond)]
    {
        let request = app.request("own", Method::GET, "/api/event-feed/stream/").header("last-event-id", id);
        let reply = app.send(request.body(axum::body::Body::empty()).unwrap()).await.expect(400);
        assert_eq!(reply.json(), json!({"Last-Event-ID": [why]}));
    }
    let bogus = app.get("own", "/api/event-feed/?type=bogus").await.expect(400).json();
    assert_eq!(bogus, json!({"type": ["\"bogus\" is not a valid choice."]}));
    let wrong = app.get("own", "/api/event-feed/?order_uuid=x&after=-1").await.expect(400).json();
    assert_eq!(wrong, json!({"order_uuid": ["Enter a valid UUID."], "after": ["A valid integer is required."]}));
    // Whoever waits is answered as soon as something happens.
    let path = format!("/api/event-feed/?after={}&wait=60", next["cursor"]);
    let (news, ()) = tokio::join!(app.get("own", &path), async {
        app.post("vown", &format!("{ORDERS}{order}/set_state_done/")).await.expect(200);
    });
    assert_eq!(news.expect(200).json()["events"][0]["to_state"], "done");
}

/// The next `count` events of a stream, as (id, event).
async fn streamed(app: &TestApp, who: &str, last: Option<&str>, count: usize) -> Vec<(String, String)> {
    let mut request =
        app.request(who, http::Method::GET, "/api/event-feed/stream/").header("accept", "text/event-stream");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = app.raw(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let (mut text, mut found) = (String::new(), Vec::new());
    while found.len() < count {
        let chunk = tokio::time::timeout(Duration::from_secs(30), body.next()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        while let Some((event, rest)) = text.clone().split_once("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            if !field("id: ").is_empty() {
                found.push((field("id: ").to_owned(), field("event: ").to_owned()));
            }
            text = rest.to_owned();
        }
    }
    found
}

async fn streams_go_on_where_they_were(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("own", &offered).await;
    app.post("vown", &format!("{ORDERS}{order}/approve_by_provider/")).await.expect(200);
    let all = streamed(app, "own", Some("0"), 2).await;
    let kinds: Vec<&str> = all.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(kinds, ["order.submit", "order.approve_by_provider"]);
    assert_eq!(streamed(app, "own", Some(&all[0].0), 1).await, all[1..]);
    // What happens while somebody listens arrives by itself.
    let (live, ()) = tokio::join!(streamed(app, "vown", Some(&all[1].0), 1), async {
        app.post("vown", &format!("{ORDERS}{order}/set_state_done/")).await.expect(200);
    });
    assert_eq!(live[0].1, "order.set_state_done");
    app.get("", "/api/event-feed/stream/").await.expect(401);
}

async fn the_past_and_the_reasons_of_an_order(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let at = |rest: &str| format!("{ORDERS}{order}/{rest}/");
    app.post("own", &at("approve_by_consumer")).await.expect(200);
    let past = app.get("mgr", &at("history")).await.expect(200).json();
    let steps: Vec<&Value> = past.as_array().unwrap().iter().map(|event| &event["to_state"]).collect();
    assert_eq!(steps, ["pending-consumer", "pending-provider"]);
    assert_eq!(past[1]["user_username"], "own");
    app.get("user", &at("history")).await.expect(404);
    app.get("user", &at("explain")).await.expect(404);
    let told = app.get("mgr", &at("explain")).await.expect(200).json();
    assert_eq!(told["waits_for"], json!({"who": "provider", "count": 1, "people": null}));
    assert_eq!(told["next_state"], "executing");
    let approve = &told["actions"][1];
    assert_eq!((&approve["action"], &approve["allowed"]), (&json!("approve_by_provider"), &json!(false)));
    assert_eq!(approve["why_not"], "You do not have permission to perform this action.");
    let by_provider = app.get("vown", &at("explain")).await.expect(200).json();
    assert_eq!(by_provider["waits_for"]["people"], json!(["VOWN Test"]));
    assert_eq!(by_provider["actions"][1]["leads_to"], "executing");
    let customer = format!("/api/customers/{}/", app.world.consumer);
    app.json_request("staff", http::Method::PATCH, &customer, json!({"blocked": true})).await.expect(200);
    let blocked = app.get("vown", &at("explain")).await.expect(200).json();
    assert_eq!(blocked["blocked_by"], json!(["Blocked organization is not available."]));
}

both! {
    async fn ends_of_roles(app: TestApp) { every_end_of_a_role_is_told(&app).await; }
    async fn events_in_waldurs_shape(app: TestApp) { in_waldurs_shape(&app).await; }
    async fn the_feed(app: TestApp) { the_feed_has_no_gap(&app).await; }
    async fn streams(app: TestApp) { streams_go_on_where_they_were(&app).await; }
    async fn history_and_explanation(app: TestApp) { the_past_and_the_reasons_of_an_order(&app).await; }
}
