//! What a client has already is not sent again, and nothing stale is taken for it.

use axum::body::Body;
use http::{Method, StatusCode};
use mercat_testkit::{Reply, TestApp, both};

use crate::support::at;

async fn ask(app: &TestApp, who: &str, path: &str, tag: &str) -> Reply {
    let request = app.request(who, Method::GET, path).header("if-none-match", tag).body(Body::empty()).unwrap();
    app.send(request).await
}

both! {
    async fn a_read_that_says_the_same_is_answered_with_304(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("own", &offered).await;
        for path in ["/api/marketplace-orders/".to_owned(), at(&order, ""), "/api/marketplace-categories/".to_owned()] {
            let first = app.get("staff", &path).await.expect(200);
            let tag = first.header("etag").to_owned();
            assert!(tag.starts_with("W/\""), "{path}: {tag}");
            assert_eq!(first.header("cache-control"), "private, no-cache");
            let again = ask(&app, "staff", &path, &tag).await;
            assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("content-type"), "");
            assert_eq!(again.header("x-result-count"), first.header("x-result-count"));
            assert_eq!(ask(&app, "", &path, &tag).await.status, StatusCode::UNAUTHORIZED, "{path}: to nobody");
        }
    }

    async fn a_change_is_another_answer(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("mgr", &offered).await;
        let (list, one) = ("/api/marketplace-orders/?page_size=1&o=created".to_owned(), at(&order, ""));
        let mut tags = Vec::new();
        for path in [&list, &one] {
            tags.push(app.get("staff", path).await.header("etag").to_owned());
        }
        // The page is the same, but there is one more of them.
        app.order("own", &offered).await;
        assert_eq!(ask(&app, "staff", &list, &tags[0]).await.status, StatusCode::OK);
        assert_eq!(ask(&app, "staff", &one, &tags[1]).await.status, StatusCode::NOT_MODIFIED);
        app.post("own", &at(&order, "approve_by_consumer")).await.expect(200);
        assert_eq!(ask(&app, "staff", &one, &tags[1]).await.status, StatusCode::OK);
    }

    async fn changes_and_failures_have_no_tag(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("mgr", &offered).await;
        let approved = app.post("own", &at(&order, "approve_by_consumer")).await.expect(200);
        assert_eq!(approved.header("etag"), "");
        assert_eq!(app.get("staff", "/api/marketplace-orders/?page=9").await.expect(404).header("etag"), "");
    }
}
