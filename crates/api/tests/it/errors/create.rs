//! What is wrong with the fields of a new order, one by one and together (spec 7.2).

use http::{Method, header};
use mercat_store::entity::project;
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, Set, Unchanged};
use serde_json::{Value, json};

use crate::support::{Ask as _, ORDERS, assert_reply, field, merged};

const NO_URL: &str = "Invalid hyperlink - No URL match.";
const WRONG_URL: &str = "Invalid hyperlink - Incorrect URL match.";
const NO_OBJECT: &str = "Invalid hyperlink - Object does not exist.";
const NULL: &str = "This field may not be null.";
const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

/// Field, value, message.
fn fields(app: &TestApp) -> Vec<(&'static str, Value, String)> {
    let (long, hundred) = ("x".repeat(256), "y".repeat(200));
    let wrong_type = |kind: &str| format!("Incorrect type. Expected URL string, received {kind}.");
    let mut cases = vec![
        ("offering", json!(5), wrong_type("int")),
        ("offering", json!(["a"]), wrong_type("list")),
        ("project", json!({}), wrong_type("dict")),
        ("plan", json!(true), wrong_type("bool")),
        ("offering", json!("not-a-url"), NO_URL.into()),
        ("offering", json!("http://["), NO_URL.into()),
        ("plan", json!("x"), NO_URL.into()),
        ("project", json!("/api/nothing/"), NO_URL.into()),
        ("offering", json!(format!("/api/projects/{}/", app.world.project)), WRONG_URL.into()),
        ("project", json!(format!("/api/customers/{}/", app.world.consumer)), WRONG_URL.into()),
        ("offering", json!(format!("/api/marketplace-public-offerings/{UNKNOWN}/")), NO_OBJECT.into()),
        ("project", json!(format!("/api/projects/{UNKNOWN}/")), NO_OBJECT.into()),
        ("plan", json!(format!("/api/marketplace-public-offerings/{UNKNOWN}/plans/{UNKNOWN}/")), NO_OBJECT.into()),
        ("plan", json!(""), NULL.into()),
        ("type", json!("Nosuch"), "\"Nosuch\" is not a valid choice.".into()),
        ("type", json!("create"), "\"create\" is not a valid choice.".into()),
        ("type", json!(1), "\"1\" is not a valid choice.".into()),
        ("limits", json!([]), "Expected a dictionary of items but got type \"list\".".into()),
        ("limits", json!("a"), "Expected a dictionary of items but got type \"str\".".into()),
        (
            "start_date",
            json!("19.05.2025"),
            "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.".into(),
        ),
        ("start_date", json!(""), "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.".into()),
        ("callback_url", json!("not a url"), "Enter a valid URL.".into()),
        (
            "callback_url",
            json!(format!("http://a.example/{hundred}")),
            "Ensure this field has no more than 200 characters.".into(),
        ),
        ("request_comment", json!(long), "Ensure this field has no more than 255 characters.".into()),
        ("request_comment", json!([]), "Not a valid string.".into()),
        ("accepting_terms_of_service", json!("maybe"), "Must be a valid boolean.".into()),
        (
            "slug",
            json!("with space"),
            "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.".into(),
        ),
        ("slug", json!("x".repeat(51)), "Ensure this field has no more than 50 characters.".into()),
        ("slug", json!("taken"), "An object with this slug already exists.".into()),
    ];
    for name in ["offering", "project"] {
        cases.push((name, Value::Null, "This field is required.".into()));
    }
    cases
}

async fn one_by_one(app: &TestApp, offered: &Offered) {
    app.create("staff", offered, json!({"slug": "taken"})).await.expect(201);
    for (name, value, message) in fields(app) {
        let reply = app.create("staff", offered, json!({ name: value })).await;
        assert_reply(&reply, 400, &field(name, &message), &format!("{name} {value}"));
    }
    for name in ["offering", "project", "plan", "attributes", "limits", "type"] {
        let mut body = app.order_body(offered);
        body[name] = Value::Null;
        assert_reply(&app.post_json("staff", ORDERS, body).await, 400, &field(name, NULL), name);
    }
    for name in ["callback_url", "request_comment", "start_date"] {
        let mut body = app.order_body(offered);
        body[name] = Value::Null;
        app.post_json("staff", ORDERS, body).await.expect(201);
    }
}

async fn limits_by_name(app: &TestApp, offered: &Offered) {
    let bad = json!({"limits": {"cpu": ["A valid integer is required."]}});
    for value in [json!("a"), json!(5.5), json!([]), json!(true)] {
        let reply = app.create("own", offered, json!({"limits": {"cpu": value}})).await;
        assert_reply(&reply, 400, &bad, &value.to_string());
    }
    for value in [json!(5), json!("5"), json!(5.0), json!(0)] {
        let reply = app.create("own", offered, json!({"limits": {"cpu": value}})).await.expect(201);
        assert!(reply.json()["limits"]["cpu"].is_i64(), "{value}");
    }
}

async fn all_together(app: &TestApp) {
    let body = json!({"offering": 5, "project": "x", "type": "Nosuch", "limits": [], "request_comment": "a\u{0}b"});
    let told = app.post_json("own", ORDERS, body).await.expect(400).json();
    let mut names: Vec<&String> = told.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["limits", "offering", "project", "request_comment", "type"], "{told}");
    let required = json!({"offering": ["This field is required."], "project": ["This field is required."]});
    assert_reply(&app.post_json("own", ORDERS, json!({})).await, 400, &required, "nothing");
    assert_reply(&app.post("own", ORDERS).await, 400, &required, "no body and no content type");
}

/// Links as different clients write them.
async fn links_in_every_spelling(app: &TestApp, offered: &Offered) {
    let dashed = |id: uuid::Uuid| id.as_hyphenated().to_string();
    let (offering, plan) = (dashed(offered.id.uuid()), dashed(offered.plan.uuid()));
    let project = dashed(app.world.project.uuid());
    for (name, link) in [
        ("offering", format!("https://elsewhere.example{}", offered.path())),
        ("offering", format!("/api/marketplace-public-offerings/{offering}/")),
        ("offering", format!("/api/marketplace-provider-offerings/{offering}/")),
        ("offering", format!("https://api.example.com/api/offering/{offering}/")),
        ("project", format!("https://api.example.com/api/project/{project}/")),
        ("project", format!("/api/projects/{}/", app.world.project)),
        ("plan", format!("/api/marketplace-public-offerings/{offering}/plans/{plan}/")),
        ("plan", format!("/api/marketplace-public-offerings/{UNKNOWN}/plans/{}/", offered.plan)),
    ] {
        let reply = app.create("own", offered, json!({ name: link })).await.expect(201);
        assert_eq!(reply.json()["offering_uuid"], json!(offered.id), "{link}");
    }
}

async fn what_is_stored(app: &TestApp, offered: &Offered) {
    let body = json!({
        "callback_url": "https://example.org/a?b=c", "request_comment": "please", "slug": "my-slug",
        "type": "Create", "accepting_terms_of_service": "true", "nonsense": [1], "state": "done", "uuid": "x",
    });
    let reply = app.create("staff", offered, body.clone()).await.expect(201).json();
    for name in ["callback_url", "request_comment", "slug", "type"] {
        assert_eq!(reply[name], body[name], "{name}");
    }
    assert_eq!(reply["state"], "pending-provider", "read-only fields of the body are ignored");
    assert_eq!(reply["accepting_terms_of_service"], Value::Null, "write-only");
    let other = app.create("own", offered, json!({"slug": "mine"})).await.expect(201).json();
    assert_ne!(other["slug"], "mine", "only staff chooses slugs");
    for name in ["Update", "Terminate", "Restore"] {
        assert_eq!(app.create("own", offered, json!({"type": name})).await.expect(201).json()["type"], name);
    }
    let blank = app.create("own", offered, json!({"request_comment": ""})).await.expect(201).json();
    assert_eq!(blank["request_comment"], "");
}

async fn removed_projects(app: &TestApp, offered: &Offered) {
    let removed = |is_removed| project::ActiveModel {
        id: Unchanged(app.world.project),
        is_removed: Set(is_removed),
        ..Default::default()
    };
    app.save(removed(true)).await;
    let refusal = field("project", "Cannot create orders for terminated projects.");
    assert_reply(&app.create("own", offered, json!({})).await, 400, &refusal, "removed");
    app.save(removed(false)).await;
}

/// Forms carry the same fields; objects come as JSON text.
async fn forms(app: &TestApp, offered: &Offered) {
    let project = format!("/api/projects/{}/", app.world.project);
    let pairs = [
        ("offering", offered.path()),
        ("project", project),
        ("plan", offered.plan_path()),
        ("request_comment", "by form".into()),
    ];
    let url_encoded = form(&pairs);
    let multipart: String = pairs
        .iter()
        .map(|(name, value)| format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .chain(["--cut--\r\n".to_owned()])
        .collect();
    for (kind, body) in
        [("application/x-www-form-urlencoded", url_encoded), ("multipart/form-data; boundary=cut", multipart)]
    {
        let request = app.request("own", Method::POST, ORDERS).header(header::CONTENT_TYPE, kind);
        let reply = app.send(request.body(body.into()).unwrap()).await.expect(201);
        assert_eq!(reply.json()["request_comment"], "by form", "{kind}");
        assert_eq!(reply.json()["plan_uuid"], json!(offered.plan), "{kind}");
    }
}

fn form(pairs: &[(&str, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", value.replace('/', "%2F").replace(' ', "+"))).collect();
    pairs.join("&")
}

both! {
    async fn the_fields_of_a_new_order(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        one_by_one(&app, &offered).await;
        limits_by_name(&app, &offered).await;
        all_together(&app).await;
        links_in_every_spelling(&app, &offered).await;
        what_is_stored(&app, &offered).await;
        removed_projects(&app, &offered).await;
        forms(&app, &offered).await;
    }

    async fn a_refused_order_leaves_nothing(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let body = merged(app.order_body(&offered), json!({"attributes": {"end_date": "yesterday"}}));
        app.post_json("own", ORDERS, body).await.expect(400);
        let db = app.app.db.read();
        assert_eq!(mercat_store::entity::resource::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(mercat_store::entity::order::Entity::find().count(db).await.unwrap(), 0);
    }
}
