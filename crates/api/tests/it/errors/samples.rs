//! The refusals that a running Waldur gave, where the behaviour document did not decide otherwise.

use http::{Method, StatusCode, header};
use mercat_domain::order::OrderState;
use mercat_store::entity::offering;
use mercat_testkit::{Offered, Reply, TestApp, both, contract};
use serde_json::{Value, json};

use crate::support::{Ask as _, ORDERS, at};

/// Samples that answer otherwise than decided.
const DECIDED: &[(&str, &str)] = &[
    ("404-unknown-action.json", "unknown paths answer JSON: spec 3.1"),
    ("409-cancel-twice.json", "cancel works from pending-start-date too: spec 19 row 5"),
    ("bad-end-date-bad.json", "400 instead of 500: spec 18 row 38"),
    ("bad-malformed-json.json", "the parser's own words: spec 3.2"),
    ("bad-missing-attributes.json", "no attributes are an empty object: spec 7.4"),
    ("bad-missing-plan.json", "201; no refusal"),
];

struct World {
    offered: Offered,
    other: Offered,
    order: String,
}

fn recorded(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(contract::shared()?.join("samples").join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// Names of the recorded refusals.
fn names() -> Vec<String> {
    let Some(folder) = contract::shared() else { return Vec::new() };
    let files = std::fs::read_dir(folder.join("samples")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let refusals = ["4", "bad-", "list-bad", "list-page-invalid", "list-page-out"];
    let mut names: Vec<String> = names.filter(|name| refusals.iter().any(|start| name.starts_with(start))).collect();
    names.sort();
    names
}

fn form(offering: &mut offering::Model) {
    offering.options = json!({"options": {
        "os": {"type": "select_string", "label": "OS", "choices": ["linux", "windows"]},
        "nodes": {"type": "integer", "label": "Nodes", "min": 1, "max": 64},
    }});
}

async fn world(app: &TestApp) -> World {
    let offered = app
        .offering_with("Marketplace.Basic", |offering, _, cpu| {
            form(offering);
            cpu.kind = "storage".to_owned();
            (cpu.min_value, cpu.max_value) = (Some(1), Some(10_000));
        })
        .await;
    let other = app.offering("Marketplace.Basic").await;
    let order = app.create("own", &offered, json!({"limits": {"storage": 1}})).await.expect(201).text("uuid");
    World { offered, other, order }
}

/// Sends what was recorded, with our objects in the place of Waldur's.
async fn repeat(app: &TestApp, world: &World, name: &str, sample: &Value) -> Reply {
    let request = &sample["request"];
    let method: Method = request["method"].as_str().unwrap().parse().unwrap();
    let path = path(app, world, name, request["path"].as_str().unwrap()).await;
    let who = match request["as"].as_str().unwrap() {
        "staff" => "staff",
        "customer owner" => "own",
        "provider owner" => "vown",
        "user without roles" => "user",
        _ => "",
    };
    let mut sent = app.request(who, method.clone(), &path);
    let credentials =
        [("401-bad-token", "Token nobody"), ("401-token-spaces", "Token a b"), ("401-token-without", "Token")];
    for (_, value) in credentials.iter().filter(|(start, _)| name.starts_with(start)) {
        sent = sent.header(header::AUTHORIZATION, *value);
    }
    if name == "bad-not-acceptable.json" {
        sent = sent.header(header::ACCEPT, "text/html");
    }
    let kind = if name == "bad-media-type.json" { "application/xml" } else { "application/json" };
    let body = match &request["body"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        body => translated(app, world, name, body).to_string(),
    };
    let sent = if method == Method::POST { sent.header(header::CONTENT_TYPE, kind) } else { sent };
    app.send(sent.body(body.into()).unwrap()).await
}

/// The recorded path with an order of ours in the state that the sample's name tells.
async fn path(app: &TestApp, world: &World, name: &str, path: &str) -> String {
    let state = match name {
        "409-approve-rejected.json" => OrderState::Rejected,
        "409-approve-twice.json" | "409-reject-executing.json" => OrderState::Executing,
        _ => OrderState::PendingProvider,
    };
    app.set_state(&world.order, state).await;
    let unknown = name.starts_with("404-") && !name.contains("not-visible");
    match path.strip_prefix(ORDERS).map(|rest| rest.split('/').collect::<Vec<_>>()).as_deref() {
        Some([_, action, ""]) => at(&world.order, action),
        Some([_, ""]) if !unknown => at(&world.order, ""),
        _ => path.to_owned(),
    }
}

/// The recorded body with links to our objects, unless the sample is about that link.
fn translated(app: &TestApp, world: &World, name: &str, body: &Value) -> Value {
    let mut body = body.clone();
    let links = [
        ("offering", world.offered.path()),
        ("project", format!("/api/projects/{}/", app.world.project)),
        ("plan", if name.contains("of-other") { world.other.plan_path() } else { world.offered.plan_path() }),
    ];
    for (key, link) in links {
        let about = name.starts_with(&format!("bad-{key}-")) && !name.contains("of-other");
        if body.get(key).is_some() && !about {
            body[key] = json!(link);
        }
    }
    body
}

both! {
    async fn refusals_are_those_of_waldur(app: TestApp) {
        let world = world(&app).await;
        let mut told = 0;
        for name in names().iter().filter(|name| DECIDED.iter().all(|(decided, _)| decided != name)) {
            let Some(sample) = recorded(name) else { continue };
            let reply = repeat(&app, &world, name, &sample).await;
            let status = StatusCode::from_u16(sample["status"].as_u64().unwrap().try_into().unwrap()).unwrap();
            assert_eq!((reply.status, &reply.json()), (status, &sample["body"]), "{name}");
            for header in ["Allow", "WWW-Authenticate"].iter().filter(|_| matches!(status.as_u16(), 401 | 405)) {
                let theirs = sample["headers"][*header].as_str().unwrap_or_default();
                let same = *header == "Allow" && (status == 401 || name.contains("set-state"));
                assert!(same || reply.header(header) == theirs, "{name} {header}: {} is not {theirs}", reply.header(header));
            }
            told += 1;
        }
        assert!(told >= 40 || contract::shared().is_none(), "only {told} samples were compared");
    }
}
