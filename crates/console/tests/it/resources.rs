//! Resources, and what can be ordered for them.

use mercat_testkit::{Offered, TestApp, both};
use serde_json::json;

use crate::support::{Browser, field, html, standing};

/// A resource that stands, with two plans to choose from: offering, its id, the other plan.
async fn resource(app: &TestApp) -> (Offered, String, String) {
    let offered = app.offering("Marketplace.Basic").await;
    let plan = app.second_plan(&offered).await.to_string();
    let order = app.order("own", &offered).await;
    for action in ["approve_by_provider", "set_state_done"] {
        app.post("vown", &format!("/api/marketplace-orders/{order}/{action}/")).await.expect(200);
    }
    let id = app.order_row(&order).await.resource_id.to_string();
    (offered, id, plan)
}

fn order_of(location: &str) -> String {
    location.trim_start_matches("/orders/").trim_end_matches('/').to_owned()
}

both! {
    async fn each_side_has_its_list(app: TestApp) {
        let (_, id, _) = resource(&app).await;
        for (who, list, sees) in [
            ("mgr", "/resources/", true),
            ("own", "/resources/?state=OK&q=it", true),
            ("own", "/resources/?state=Erred", false),
            ("user", "/resources/", false),
            ("vown", "/provider/resources/", true),
            ("own", "/provider/resources/", false),
        ] {
            let page = html(&Browser::of(&app, who).await.open(list).await.expect(200));
            assert_eq!(page.contains(&id), sees, "{who} {list}: {page}");
        }
        for (who, path, status) in [
            ("mgr", format!("/resources/{id}/"), 200),
            ("user", format!("/resources/{id}/"), 404),
            ("vown", format!("/provider/resources/{id}/"), 200),
            ("mgr", format!("/provider/resources/{id}/"), 404),
            ("mgr", "/resources/nonsense/".to_owned(), 404),
        ] {
            Browser::of(&app, who).await.open(&path).await.expect(status);
        }
    }

    async fn amounts_are_changed_by_an_order(app: TestApp) {
        let (_, id, _) = resource(&app).await;
        let path = format!("/resources/{id}/");
        let mut browser = Browser::of(&app, "own").await;
        let page = browser.open(&path).await.expect(200);
        let key = field(&page, "key");
        let cost = browser.send(&path, &[("do", "limits-cost"), ("limit-cpu", "4")]).await.expect(200);
        assert!(html(&cost).contains("id=\"cost-limits\" aria-live=\"polite\">13.00 "), "{}", html(&cost));
        let wrong = browser.send(&path, &[("key", "w"), ("do", "limits"), ("limit-cpu", "x"), ("comment", "why <not>")]).await;
        let wrong = html(&wrong.expect(400));
        assert!(wrong.contains("id=\"wrong-limit-cpu\"") && wrong.contains("why &#60;not&#62;"), "{wrong}");
        let fields = [("key", key.as_str()), ("do", "limits"), ("limit-cpu", "4")];
        let made = browser.send(&path, &fields).await.expect(303).header("location").to_owned();
        assert_eq!(app.order_row(&order_of(&made)).await.limits, json!({"cpu": 4}));
        let again = browser.send(&path, &fields).await.expect(303).header("location").to_owned();
        assert_eq!(again, made, "a second click leads to the same order");
        let open = html(&browser.open(&path).await.expect(200));
        assert!(open.contains("is under way") && open.contains("has to come to its end first"), "{open}");
        let refused = browser.send(&path, &[("key", "o"), ("do", "limits"), ("limit-cpu", "5")]).await;
        assert!([400, 409].contains(&refused.status.as_u16()), "{}", refused.status);
        assert!(html(&refused).contains("Nothing was ordered"));
    }

    async fn a_plan_is_changed_by_an_order(app: TestApp) {
        let (_, id, plan) = resource(&app).await;
        let path = format!("/resources/{id}/");
        let mut browser = Browser::of(&app, "own").await;
        browser.send(&path, &[("key", "a"), ("do", "plan"), ("plan", "")]).await.expect(400);
        let made = browser.send(&path, &[("key", "b"), ("do", "plan"), ("plan", &plan)]).await.expect(303);
        let row = app.order_row(&order_of(made.header("location"))).await;
        assert_eq!(row.plan_id.unwrap().to_string(), plan);
    }

    async fn an_end_has_to_be_meant(app: TestApp) {
        let (_, id, _) = resource(&app).await;
        let path = format!("/resources/{id}/");
        let mut browser = Browser::of(&app, "own").await;
        let unsure = html(&browser.send(&path, &[("key", "a"), ("do", "terminate")]).await.expect(400));
        assert!(unsure.contains("Tick this to order its end."), "{unsure}");
        let stranger = Browser::of(&app, "mem").await.send(&path, &[("key", "b"), ("do", "terminate"), ("sure", "1")]).await;
        stranger.expect(403);
        browser.send(&path, &[("key", "c"), ("do", "explode"), ("sure", "1")]).await.expect(400);
        let made = browser.send(&path, &[("key", "d"), ("do", "terminate"), ("sure", "1")]).await.expect(303);
        assert_eq!(standing(&app, &order_of(made.header("location"))).await.0, "pending-provider");
    }
}
