//! What keeps strangers out: headers, escaping, forms of other sites.

use http::Method;
use mercat_store::entity::{category, customer, project, user};
use mercat_testkit::{Backend, Reply, TestApp, both};
use sea_orm::Set;
use serde_json::json;

use crate::support::{asked, call, form, has_buttons, html, link, open, press, send, standing};

fn assert_headers(reply: &Reply) {
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(
        policy.ends_with(
            "'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "{policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), value, "{name} of {}", reply.status);
    }
    assert_eq!(reply.headers.get_all("cache-control").iter().count(), 1);
    assert_eq!(reply.header("x-request-id").len(), 32);
    assert!(!reply.headers.contains_key("set-cookie"));
}

/// Names that try everything.
const NAME: &str = "<script>alert(1)</script>\"'&amp;\u{202e}gpj";

fn assert_text_only(page: &str) {
    for markup in ["<script", "<b>", "<i>", "\"'&amp;", "\u{202e}", "\u{2067}"] {
        assert!(!page.contains(markup), "{markup} in {page}");
    }
}

both! {
    async fn every_answer_has_the_headers(app: TestApp) {
        let (_, path) = asked(&app).await;
        let page = open(&app, &path).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.bytes.len() < 14_000, "the first screen is one flight of packets: {} bytes", page.bytes.len());
        assert_headers(&page);
        let head = call(&app, Method::HEAD, &path).await.expect(200);
        assert!(head.bytes.is_empty());
        assert_headers(&head);
        assert_headers(&open(&app, "/decide/nonsense/").await.expect(404));
        assert_headers(&open(&app, "/decide/nonsense").await.expect(308));
        assert_headers(&call(&app, Method::DELETE, &path).await.expect(405));
        assert_headers(&send(&app, form(&app, &path, "")).await.expect(400));
        assert_headers(&send(&app, form(&app, &path, "x".repeat(1_100_000))).await.expect(413));
        assert_headers(&press(&app, &path, "approve").await.expect(303));
        assert_headers(&press(&app, &path, "approve").await.expect(409));
    }

    async fn other_sites_decide_nothing(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "http://mercat.test.evil.example"),
        ] {
            let mut request = form(&app, &path, "decision=approve");
            request.headers_mut().insert(name, value.parse().unwrap());
            let reply = send(&app, request).await.expect(403);
            assert!(html(&reply).contains("another web site"), "{name}: {value}");
            assert_headers(&reply);
        }
        assert_eq!(standing(&app, &order).await, before);
        // What a browser sends from our own page, which hides its address.
        let mut request = form(&app, &path, "decision=approve");
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        request.headers_mut().insert("origin", "null".parse().unwrap());
        send(&app, request).await.expect(303);
    }

    async fn hostile_names_stay_text(app: TestApp) {
        let offered = app
            .offering_with("Marketplace.Slurm", |offering, plan, cpu| {
                (offering.name, plan.name, cpu.name) = (NAME.to_owned(), NAME.to_owned(), NAME.to_owned());
                cpu.measured_unit = "<i>".to_owned();
            })
            .await;
        for id in [app.world.consumer, app.world.provider] {
            app.save(customer::ActiveModel { id: Set(id), name: Set(NAME.to_owned()), ..Default::default() }).await;
        }
        app.save(project::ActiveModel { id: Set(app.world.project), name: Set(NAME.to_owned()), ..Default::default() }).await;
        app.save(category::ActiveModel { id: Set(app.world.category), title: Set(NAME.to_owned()), ..Default::default() }).await;
        for who in ["own", "mgr"] {
            let row = user::ActiveModel { id: Set(app.world.users[who]), full_name: Set(NAME.to_owned()), ..Default::default() };
            app.save(row).await;
        }
        let mut body = app.order_body(&offered);
        body["attributes"] = json!({"name": NAME, "<b>key</b>": {"<i>": "\u{202e}</td><script>"}, "long": "x".repeat(2500)});
        body["request_comment"] = json!("</blockquote><script>\n\u{2067}x");
        let order = app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        let path = link(&app, &order, "own").await;
        let reply = open(&app, &path).await.expect(200);
        assert!(has_buttons(&reply));
        let page = html(&reply);
        assert_text_only(&page);
        insta::assert_snapshot!("hostile", page);
        press(&app, &path, "approve").await.expect(303);
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
        let failed = json!({"error_message": NAME, "error_traceback": NAME});
        app.post_json("vown", &format!("/api/marketplace-orders/{order}/set_state_erred/"), failed).await.expect(200);
        let page = html(&open(&app, &path).await.expect(200));
        assert!(page.contains("<h2>Reason</h2>"), "{page}");
        assert_text_only(&page);
    }
}

/// The pages stand beside the interface in one server.
#[tokio::test]
async fn the_console_merges_with_the_interface() {
    let app = TestApp::new(Backend::Sqlite).await;
    let (_, path) = asked(&app).await;
    let whole = app.router.clone().merge(mercat_console::router(app.app.clone(), crate::support::around(Vec::new())));
    let get = |path: &str| app.request("", Method::GET, path).body(axum::body::Body::empty()).unwrap();
    app.send_to(whole.clone(), get(&path)).await.expect(200);
    let missing = app.send_to(whole, get("/decide/")).await.expect(404);
    assert_eq!(missing.json()["detail"], "Not found.", "what is no page is answered as before");
}

/// A database that is gone is told without detail.
#[tokio::test]
async fn a_fault_tells_nothing() {
    let app = TestApp::new(Backend::Sqlite).await;
    let (_, path) = asked(&app).await;
    let db = app.app.db.write().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&db, "ALTER TABLE orders RENAME TO hidden").await.unwrap();
    db.commit().await.unwrap();
    for reply in [open(&app, &path).await, press(&app, &path, "approve").await] {
        let page = html(&reply.expect(500));
        assert!(page.contains("Something went wrong on our side"), "{page}");
        assert!(!page.contains("orders"), "no word of the table");
    }
}
