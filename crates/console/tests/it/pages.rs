//! What each page says, as reviewed files.

use chrono::TimeDelta;
use http::Method;
use mercat_testkit::{Reply, both};
use serde_json::json;

use crate::support::{asked, asked_for, call, has_buttons, html, link, open, press};

/// Compares with the reviewed file; the same on both databases.
fn assert_page(name: &str, reply: &Reply) {
    insta::assert_snapshot!(name, html(reply));
}

both! {
    async fn pending_consumer(app: TestApp) {
        let (_, path) = asked(&app).await;
        app.clock.advance(TimeDelta::minutes(187));
        assert_page("pending_consumer", &open(&app, &path).await.expect(200));
    }

    async fn pending_provider(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let mut body = app.order_body(&offered);
        body["attributes"] = json!({
            "name": "vm-1", "storage": 20_000, "nodes": {"a": [1, 2]}, "gpu": false, "image": "Debian 13",
        });
        body["request_comment"] = json!("For the spring course.\nThank you!");
        let order = app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        let path = link(&app, &order, "vown").await;
        assert_page("pending_provider", &open(&app, &path).await.expect(200));
    }

    async fn other_limits(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let first = app.order("own", &offered).await;
        app.post("vown", &format!("/api/marketplace-orders/{first}/approve_by_provider/")).await.expect(200);
        app.drain().await;
        app.post("vown", &format!("/api/marketplace-orders/{first}/set_state_done/")).await;
        let resource = app.resource_row(&first).await.id;
        let change = format!("/api/marketplace-resources/{resource}/update_limits/");
        let order = app.post_json("own", &change, json!({"limits": {"cpu": 2500}})).await.expect(200).text("order_uuid");
        let path = link(&app, &order, "vown").await;
        assert_page("other_limits", &open(&app, &path).await.expect(200));
    }

    async fn used(app: TestApp) {
        let (_, path) = asked(&app).await;
        app.clock.advance(TimeDelta::minutes(5));
        press(&app, &path, "approve").await.expect(303);
        app.clock.advance(TimeDelta::days(40));
        assert_page("used", &open(&app, &path).await.expect(200));
        assert_page("used_twice", &press(&app, &path, "approve").await.expect(409));
    }

    async fn rejected(app: TestApp) {
        let (_, path) = asked(&app).await;
        press(&app, &path, "reject").await.expect(303);
        assert_page("rejected", &open(&app, &path).await.expect(200));
    }

    async fn expired(app: TestApp) {
        let (_, path) = asked(&app).await;
        app.clock.advance(TimeDelta::days(14));
        assert!(has_buttons(&open(&app, &path).await), "to the last moment");
        app.clock.advance(TimeDelta::seconds(1));
        let reply = open(&app, &path).await.expect(200);
        assert!(!has_buttons(&reply));
        assert_page("expired", &reply);
    }

    async fn changed(app: TestApp) {
        let (order, path) = asked(&app).await;
        app.post("staff", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        let reply = open(&app, &path).await.expect(200);
        assert!(!has_buttons(&reply));
        assert_page("changed", &reply);
        app.post("staff", &format!("/api/marketplace-orders/{order}/reject_by_provider/")).await.expect(200);
        assert_page("changed_and_over", &open(&app, &path).await.expect(200));
    }

    async fn unknown_links(app: TestApp) {
        let (_, path) = asked(&app).await;
        let page = open(&app, "/decide/nonsense/").await.expect(404);
        assert_page("unknown", &page);
        let cut = format!("{}/", &path[..path.len() - 2]);
        let other = path.replace("/decide/", "/decide/0");
        for path in [cut.as_str(), other.as_str(), "/decide/%20/", "/decide/%FF/", "/decide/%00/", "/decide/ä/"] {
            let Ok(uri) = path.parse::<http::Uri>() else { continue };
            assert_eq!(open(&app, &uri.to_string()).await.expect(404).bytes, page.bytes, "{path}");
            assert_eq!(press(&app, path, "approve").await.expect(404).bytes, page.bytes, "{path}");
        }
    }

    async fn a_plan_that_costs_nothing_once(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let (_, path) = asked_for(&app, &offered).await;
        let page = html(&open(&app, &path).await);
        assert!(page.contains("New resource <bdi class=\"name\">it</bdi> from"), "{page}");
    }

    async fn the_slash_is_added(app: TestApp) {
        let (_, path) = asked(&app).await;
        let bare = path.trim_end_matches('/');
        let reply = open(&app, bare).await.expect(308);
        assert_eq!(reply.header("location"), format!(".{}", path.strip_prefix("/decide").unwrap()));
        call(&app, Method::POST, bare).await.expect(405);
        assert_eq!(open(&app, "/decide/javascript:1").await.header("location"), "./javascript:1/");
    }
}
