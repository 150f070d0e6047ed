//! Answers hold every field of the page's lists; parameters and bodies are read.

use mercat_testkit::{TestApp, both, contract::fields};
use serde_json::{Value, json};

use super::{
    furnished::furnished,
    list::{names, section},
};
use crate::support::{Ask as _, ORDERS, at, merged};

/// Every path to a value, with dots and through lists.
fn paths(value: &Value, prefix: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| paths(item, prefix, found)),
        Value::Object(entries) => {
            for (name, value) in entries {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                paths(value, &path, found);
                found.push(path);
            }
        }
        _ => {}
    }
}

fn missing(answer: &Value, list: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    paths(answer, "", &mut found);
    names(list).into_iter().filter(|name| !found.iter().any(|path| path == name)).collect()
}

async fn orders(app: &TestApp, order: &str, created: &Value) {
    assert_eq!(missing(created, "order"), ["error_traceback"], "create as owner");
    for who in ["staff", "support"] {
        let one = app.get(who, &at(order, "")).await.json();
        assert_eq!(missing(&one, "order"), [""; 0], "retrieve as {who}");
        let list = app.get(who, ORDERS).await.json();
        assert_eq!(missing(&list[0], "order"), [""; 0], "list as {who}");
    }
    // The keys come in the page's order.
    let text = String::from_utf8(app.get("staff", &at(order, "")).await.bytes).unwrap();
    let places: Vec<usize> = names("order").iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

/// Each field can be asked for by itself, and nothing else comes.
async fn single_fields(app: &TestApp, order: &str) {
    for name in names("order") {
        let one = app.get("staff", &format!("{}?field={name}", at(order, ""))).await.expect(200).json();
        let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
        assert_eq!(keys, [name]);
    }
}

/// A parameter that is read changes the answer for some value; each is tried with one that leaves nothing, is refused,
/// or shapes the answer.
async fn parameters(app: &TestApp, order: &str) {
    let nothing = "0123456789abcdef0123456789abcdef";
    let plain = app.get("staff", ORDERS).await.expect(200);
    for line in section("list parameters") {
        let (name, kind) = line.split_once(' ').unwrap();
        let value = match (name, kind) {
            ("field", _) => "uuid",
            ("o" | "state" | "type" | "page", _) => "nonsense",
            ("page_size", _) => "1",
            (_, "boolean") => "true",
            (_, "string (uuid)") => nothing,
            (_, "string (date-time)") => "2999-01-01",
            _ => "nothing-like-this",
        };
        let reply = app.get("staff", &format!("{ORDERS}?{name}={value}")).await;
        assert!(reply.status != 200 || reply.bytes != plain.bytes, "{name}={value} changes nothing");
    }
    let one = app.get("staff", &format!("{}?field=uuid", at(order, ""))).await.json();
    assert_eq!(one, json!({ "uuid": order }), "field on a single order");
}

/// Every field of the body is read: sent wrong it is refused, sent right it is kept.
async fn bodies(app: &TestApp, body: &Value) {
    for name in names("create body") {
        let reply = app.post_json("staff", ORDERS, merged(body.clone(), json!({ name: [[]] }))).await;
        let refused = reply.status == 400;
        assert!(refused || name == "attributes", "{name}: {}", reply.status);
    }
}

both! {
    async fn nothing_of_an_order_is_missing(app: TestApp) {
        let offered = furnished(&app).await;
        let body = merged(app.order_body(&offered), json!({"attributes": {"name": "n", "os": "linux"}, "request_comment": "c"}));
        let created = app.post_json("own", ORDERS, body.clone()).await.expect(201).json();
        let order = created["uuid"].as_str().unwrap();
        app.post_json("own", ORDERS, body.clone()).await.expect(201);
        app.drain().await;
        orders(&app, order, &created).await;
        single_fields(&app, order).await;
        parameters(&app, order).await;
        bodies(&app, &body).await;
        assert_eq!(app.get("staff", &at(order, "")).await.json()["issue"].as_object().unwrap().len(), 2);
    }

    async fn nothing_of_an_offering_is_missing(app: TestApp) {
        let offered = furnished(&app).await;
        let order = app.create("own", &offered, json!({"attributes": {"name": "n", "os": "x"}})).await.expect(201).text("uuid");
        for who in ["own", "support", "staff"] {
            let offering = app.get(who, &at(&order, "offering")).await.expect(200).json();
            assert_eq!(missing(&offering, "offering"), [""; 0], "{who}");
            for secret in ["secret_options", "service_attributes"] {
                assert_eq!(offering.get(secret), None, "{who}");
            }
        }
    }
}

/// The table that answers are checked against has all of the page, with fitting types.
#[test]
fn the_table_of_fields_has_all_of_the_page() {
    for (list, object) in [("order", "OrderDetails"), ("offering", "PublicOfferingDetails")] {
        for line in section(list) {
            let (name, kind) = line.split_once(' ').unwrap();
            let field = fields().iter().find(|field| field.object == object && field.path == name);
            let field = field.unwrap_or_else(|| panic!("{object}.{name} is not in fields.txt"));
            assert!(fits(kind, field.form), "{object}.{name}: {kind} on the page, {} here", field.form);
        }
    }
}

/// Whether a form of ours is what the page calls a type.
fn fits(kind: &str, form: &str) -> bool {
    let word = form.split([':', ' ']).next().unwrap();
    match kind {
        "any" => true,
        "string (uri)" => word.starts_with("uri"),
        "string (uuid)" => matches!(word, "uuid" | "text"),
        "string (date-time)" => word == "date-time",
        "string (date)" => word == "date",
        "string (decimal)" => word == "decimal",
        "string" => matches!(word, "text" | "uuid" | "uri" | "one-of"),
        "boolean" => word == "flag",
        "integer" | "integer (int64)" => word == "integer",
        "number (double)" => word == "number",
        "array" | "array of objects" => word == "list",
        "object" => word == "object",
        "object (free-form)" => word == "object" || word.starts_with("map-of"),
        other => panic!("the page has a type {other}"),
    }
}
