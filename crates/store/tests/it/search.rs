//! Text search finds what is there, whatever its letters, on both databases.

use mercat_store::order::{OrderFilter, count};
use mercat_testkit::both;
use serde_json::json;

both! {
    async fn names_of_any_letters_are_found(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let mut body = app.order_body(&offered);
        body["attributes"]["name"] = json!("Ångström 100%_sure");
        assert_eq!(app.post_json("own", "/api/marketplace-orders/", body).await.status, 201);
        let found = [("Ångström", 1), ("ngstr", 1), ("NGSTR", 1), ("100%_SURE", 1), ("0%s", 0), ("_", 1), ("%%", 0)];
        for (text, expected) in found {
            for filter in [OrderFilter::Text(text.to_owned()), OrderFilter::ResourceName(text.to_owned())] {
                assert_eq!(count(app.app.db.read(), &[filter]).await.unwrap(), expected, "{text}");
            }
        }
    }

    async fn extreme_filters_are_refused_or_answered(app: TestApp) {
        let commas = ",".repeat(33_000);
        let long = "_".repeat(60_000);
        let keys = "created,".repeat(3_000);
        let cases = [
            (format!("offering_slug={commas}"), 400),
            (format!("query={long}"), 400),
            (format!("resource_name={long}"), 400),
            (format!("o={keys}"), 400),
            ("created=-9999-01-01T00:00:00Z".to_owned(), 400),
            ("modified=%2B10000-01-01T00:00:00Z".to_owned(), 400),
        ];
        for (query, status) in cases {
            let reply = app.get("staff", &format!("/api/marketplace-orders/?{query}")).await;
            assert_eq!(reply.status, status, "{}", &query[..20]);
        }
    }
}
