//! One decision about many orders.

use mercat_testkit::{Reply, TestApp, both};

use crate::support::{Browser, html, standing};

/// What a preview asks to be confirmed.
fn keys(page: &Reply) -> Vec<String> {
    let html = html(page);
    let inputs = html.split("name=\"order\" value=\"").skip(1);
    inputs.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn two_pending(app: &TestApp) -> [String; 2] {
    let offered = app.offering("Marketplace.Slurm").await;
    [app.order("mgr", &offered).await, app.order("mgr", &offered).await]
}

both! {
    async fn many_are_previewed_and_then_approved_once(app: TestApp) {
        let [one, two] = two_pending(&app).await;
        let mut browser = Browser::of(&app, "own").await;
        let fields = [("action", "approve"), ("order", one.as_str()), ("order", two.as_str())];
        let preview = browser.send("/orders/bulk/", &fields).await.expect(200);
        let shown = html(&preview);
        assert!(shown.contains("Approve 2 orders?") && shown.contains("Together <strong class=\"number\">28.00</strong>"), "{shown}");
        assert_eq!(standing(&app, &one).await.0, "pending-consumer", "a preview does nothing");
        let keys = keys(&preview);
        let mut confirm = vec![("action", "approve"), ("confirmed", "1")];
        confirm.extend(keys.iter().map(|key| ("order", key.as_str())));
        let done = browser.send("/orders/bulk/", &confirm).await.expect(200);
        assert!(html(&done).contains("2 orders approved"), "{}", html(&done));
        let after = (standing(&app, &one).await, standing(&app, &two).await);
        assert_eq!((after.0.0.as_str(), after.1.0.as_str()), ("pending-provider", "pending-provider"));

        let again = browser.send("/orders/bulk/", &confirm).await.expect(200);
        assert!(html(&again).contains("no orders approved") && html(&again).contains("has changed since"), "a second click");
        assert_eq!((standing(&app, &one).await, standing(&app, &two).await), after);
    }

    async fn what_cannot_be_done_says_why_and_stops_nothing(app: TestApp) {
        let [one, two] = two_pending(&app).await;
        app.post("own", &format!("/api/marketplace-orders/{one}/approve_by_consumer/")).await.expect(200);
        let mut browser = Browser::of(&app, "own").await;
        let preview = browser.send("/orders/bulk/", &[("action", "approve"), ("all", "1"), ("q", "is:open")]).await.expect(200);
        let shown = html(&preview);
        assert!(shown.contains("Approve 1 order?") && shown.contains("Cannot be approved"), "{shown}");
        assert!(shown.contains("Who could:"), "{shown}");
        let keys = keys(&preview);
        assert_eq!(keys.len(), 1);

        app.post("own", &format!("/api/marketplace-orders/{two}/reject_by_consumer/")).await.expect(200);
        let done = browser.send("/orders/bulk/", &[("action", "approve"), ("confirmed", "1"), ("order", &keys[0])]).await;
        assert!(html(&done.expect(200)).contains("has changed since you saw it"));
        assert_eq!(standing(&app, &two).await.0, "rejected");
    }

    async fn other_peoples_orders_are_not_there(app: TestApp) {
        let [one, _] = two_pending(&app).await;
        let mut browser = Browser::of(&app, "user").await;
        for fields in [vec![("action", "approve")], vec![("action", "approve"), ("order", one.as_str())]] {
            let page = browser.send("/orders/bulk/", &fields).await.expect(400);
            assert!(html(&page).contains("No order is chosen"));
        }
        let key = format!("{one}.{}", "0".repeat(64));
        browser.send("/orders/bulk/", &[("action", "approve"), ("confirmed", "1"), ("order", &key)]).await.expect(400);
        browser.send("/orders/bulk/", &[("action", "destroy"), ("order", &one)]).await.expect(400);
        browser.open("/orders/bulk/").await.expect(303);
        let unknown = uuid::Uuid::from_u128(1).simple().to_string();
        let many: Vec<(&str, &str)> = std::iter::repeat_n(("order", unknown.as_str()), 1_500).collect();
        let page = browser.send("/orders/bulk/", &[&[("action", "approve")], many.as_slice()].concat()).await.expect(400);
        assert!(html(&page).contains("No order is chosen"));
        assert_eq!(standing(&app, &one).await.0, "pending-consumer");
    }
}
