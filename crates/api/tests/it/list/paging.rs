//! Pages and the headers that tell of them, to the letter; chosen fields (spec 11.3, 11.4).

use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::{ORDERS, assert_reply, at, detail};

const URL: &str = "http://mercat.test/api/marketplace-orders/";

/// `Link` from relations and query strings.
fn link(relations: &[(&str, &str)]) -> String {
    let url = |query: &str| if query.is_empty() { URL.to_owned() } else { format!("{URL}?{query}") };
    relations.iter().map(|(rel, query)| format!("<{}>; rel=\"{rel}\"", url(query))).collect::<Vec<_>>().join(", ")
}

async fn headers(app: &TestApp) {
    let cases: Vec<(&str, usize, String)> = vec![
        ("", 10, link(&[("first", ""), ("next", "page=2"), ("last", "page=3")])),
        ("page=1", 10, link(&[("first", ""), ("next", "page=2"), ("last", "page=3")])),
        ("page=", 10, link(&[("first", ""), ("next", "page=2"), ("last", "page=3")])),
        ("page=2", 10, link(&[("first", ""), ("prev", ""), ("next", "page=3"), ("last", "page=3")])),
        ("page=3", 5, link(&[("first", ""), ("prev", "page=2"), ("last", "page=3")])),
        ("page=last", 5, link(&[("first", ""), ("prev", "page=2"), ("last", "page=3")])),
        (
            "page=last&page_size=5",
            5,
            link(&[("first", "page_size=5"), ("prev", "page=4&page_size=5"), ("last", "page=5&page_size=5")]),
        ),
        ("page_size=25", 25, link(&[("first", "page_size=25"), ("last", "page_size=25")])),
        ("page_size=1000", 25, link(&[("first", "page_size=1000"), ("last", "page_size=1000")])),
        (
            "state=pending-consumer&page_size=24&field=uuid&state=done&field=state&page=2",
            1,
            link(&[
                ("first", "field=uuid&field=state&page_size=24&state=pending-consumer&state=done"),
                ("prev", "field=uuid&field=state&page_size=24&state=pending-consumer&state=done"),
                ("last", "field=uuid&field=state&page=2&page_size=24&state=pending-consumer&state=done"),
            ]),
        ),
        (
            "o=-cost,created&page_size=20",
            20,
            link(&[
                ("first", "o=-cost%2Ccreated&page_size=20"),
                ("next", "o=-cost%2Ccreated&page=2&page_size=20"),
                ("last", "o=-cost%2Ccreated&page=2&page_size=20"),
            ]),
        ),
        ("query=nothing", 0, link(&[("first", "query=nothing"), ("last", "query=nothing")])),
        (
            "query=nothing&page=1&page_size=3",
            0,
            link(&[("first", "page_size=3&query=nothing"), ("last", "page_size=3&query=nothing")]),
        ),
    ];
    for (query, rows, link) in cases {
        let path = format!("{ORDERS}?{query}");
        let reply = app.get("own", &path).await.expect(200);
        assert_eq!(reply.json().as_array().unwrap().len(), rows, "{query}");
        assert_eq!(reply.header("link"), link, "{query}");
        let total = if query.contains("nothing") { "0" } else { "25" };
        assert_eq!(reply.header("x-result-count"), total, "{query}");
        let head = app.call("own", Method::HEAD, &path).await.expect(200);
        assert_eq!((head.header("link"), head.header("x-result-count")), (link.as_str(), total), "HEAD {query}");
        assert_eq!(head.bytes, b"", "HEAD {query}");
    }
}

async fn sizes_and_numbers(app: &TestApp) {
    for size in ["0", "-1", "abc", "1.5", ""] {
        let reply = app.get("own", &format!("{ORDERS}?page_size={size}")).await.expect(200);
        assert_eq!(reply.json().as_array().unwrap().len(), 10, "page_size={size}");
    }
    for page in ["0", "-1", "4", "abc", "1.0", "99999999999999999999", "Last", "first"] {
        for method in [Method::GET, Method::HEAD] {
            let reply = app.call("own", method.clone(), &format!("{ORDERS}?page={page}")).await;
            assert_eq!(reply.status, 404, "{method} page={page}");
            assert_eq!(reply.header("x-result-count"), "", "page={page}");
            if method == Method::GET {
                assert_reply(&reply, 404, &detail("Invalid page."), page);
            }
        }
    }
    let empty = app.get("user", &format!("{ORDERS}?page=last")).await.expect(200);
    assert_eq!((empty.json(), empty.header("x-result-count")), (json!([]), "0"));
    assert_reply(&app.get("user", &format!("{ORDERS}?page=2")).await, 404, &detail("Invalid page."), "of nothing");
    let bad = app.call("own", Method::HEAD, &format!("{ORDERS}?state=x")).await;
    assert_eq!((bad.status.as_u16(), bad.bytes.len()), (400, 0), "HEAD of a bad filter");
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The keys of a body in the order in which they were written.
fn written(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8(body.to_vec()).unwrap();
    text.split('"').skip(1).step_by(4).map(str::to_owned).collect()
}

async fn fields(app: &TestApp, order: &str) {
    let all = app.get("own", &at(order, "")).await.expect(200).json();
    assert_eq!(keys(&all).len(), 73, "everything but the traceback");
    for query in ["field=nope", "field=", "field=uuid,state", "field=accepting_terms_of_service&field=nope"] {
        let reply = app.get("own", &format!("{}?{query}", at(order, ""))).await.expect(200).json();
        let expected = if query.contains("accepting") { 0 } else { 73 };
        assert_eq!(keys(&reply).len(), expected, "{query}");
    }
    let reply = app.get("own", &format!("{}?field=uuid&field=state&field=offering_name", at(order, ""))).await;
    assert_eq!(written(&reply.bytes), ["offering_name", "uuid", "state"], "in the standard order");
    for (who, count) in [("own", 73), ("vown", 73), ("staff", 74), ("support", 74)] {
        assert_eq!(keys(&app.get(who, &at(order, "")).await.json()).len(), count, "{who}");
        let asked = app.get(who, &format!("{}?field=error_traceback&field=uuid", at(order, ""))).await.json();
        assert_eq!(asked.get("error_traceback").is_some(), count == 74, "{who}");
        let listed = app.get(who, &format!("{ORDERS}?page_size=1")).await.json();
        assert_eq!(keys(&listed[0]).len(), count, "{who}");
    }
    let offering = app.get("own", &format!("{}?field=name&field=state&field=uuid", at(order, "offering"))).await.json();
    assert_eq!(keys(&offering).len(), 3, "of the offering's keys");
    assert_eq!(offering["state"], "Active");
}

async fn fields_of_a_new_order(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let path = format!("{ORDERS}?field=uuid&field=state");
    let reply = app.post_json("own", &path, app.order_body(&offered)).await.expect(201).json();
    assert_eq!(reply.as_object().unwrap().len(), 2, "{reply}");
    let order = reply["uuid"].as_str().unwrap();
    assert_eq!(app.order_field(order, "plan_uuid").await, json!(offered.plan), "only the answer is cut");
}

both! {
    async fn pages_and_fields(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let mut order = String::new();
        for _ in 0..25 {
            order = app.order("mgr", &offered).await;
        }
        headers(&app).await;
        sizes_and_numbers(&app).await;
        fields(&app, &order).await;
        fields_of_a_new_order(&app).await;
    }
}
