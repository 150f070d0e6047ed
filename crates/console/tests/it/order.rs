//! The page of an order, and what its buttons do.

use std::time::Duration;

use http::Method;
use mercat_app::outgoing::{Attempt, Receipt, claim, record};
use mercat_testkit::{Reply, both};
use serde_json::json;

use crate::support::{Browser, html, standing};

fn buttons(page: &Reply) -> Vec<String> {
    let html = html(page);
    let all = html.split("<button ").skip(1).filter_map(|rest| {
        let (attributes, _) = rest.split_once('>')?;
        let (_, action) = attributes.split_once("name=\"action\" value=\"")?;
        let off = if attributes.ends_with(" disabled") { " (off)" } else { "" };
        Some(format!("{}{off}", action.split('"').next()?))
    });
    all.collect()
}

both! {
    async fn everybody_has_their_own_buttons(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/orders/{order}/");
        let page = Browser::of(&app, "own").await.open(&path).await.expect(200);
        insta::assert_snapshot!("order_pending_consumer", html(&page).replace(&order, "ORDER"));
        assert_eq!(buttons(&page), ["approve_by_consumer", "reject_by_consumer"]);
        let page = Browser::of(&app, "vown").await.open(&path).await.expect(200);
        assert_eq!(buttons(&page), ["approve_by_consumer (off)", "reject_by_consumer (off)"]);
        assert!(html(&page).contains("Who could: "));
        Browser::of(&app, "user").await.open(&path).await.expect(404);
        for wrong in ["/orders/nonsense/", "/orders/%ff/", "/orders/00000000000000000000000000000001/"] {
            Browser::of(&app, "own").await.open(wrong).await.expect(404);
        }
        app.post("own", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
        let page = Browser::of(&app, "vown").await.open(&path).await.expect(200);
        insta::assert_snapshot!("order_executing", html(&page).replace(&order, "ORDER"));
    }

    async fn whoever_may_order_but_not_look_is_told(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mem", &offered).await;
        let path = format!("/orders/{order}/");
        app.get("mem", &format!("/api/marketplace-orders/{order}/")).await.expect(404);
        let page = html(&Browser::of(&app, "mem").await.open(&path).await.expect(200));
        assert!(page.contains("Your order has been placed"), "{page}");
        Browser::of(&app, "user").await.open(&path).await.expect(404);
    }

    async fn one_approves_what_one_saw(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/orders/{order}/");
        let mut browser = Browser::of(&app, "own").await;
        let before = browser.open(&path).await.expect(200);
        // Another plan's name is on the page, so it is another order.
        let plan = format!("/api/marketplace-plans/{}/", offered.plan);
        app.json_request("vown", Method::PATCH, &plan, json!({"name": "Dearer"})).await.expect(200);
        let reply = browser.press(&before, &path, "approve_by_consumer", &[]).await.expect(409);
        let page = html(&reply);
        assert!(page.contains("This order has changed since you saw it") && page.contains("Dearer"), "{page}");
        assert_eq!(standing(&app, &order).await.0, "pending-consumer");
        // What is shown now can be approved, once; a second click says so.
        browser.press(&reply, &path, "approve_by_consumer", &[]).await.expect(303);
        assert_eq!(standing(&app, &order).await.0, "pending-provider");
        let events = standing(&app, &order).await.2;
        let again = browser.press(&reply, &path, "approve_by_consumer", &[]).await.expect(200);
        assert!(html(&again).contains("You did this a moment ago"));
        assert_eq!(standing(&app, &order).await.2, events);
        // Not when somebody else has done something since.
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
        let late = browser.press(&reply, &path, "approve_by_consumer", &[]).await.expect(409);
        assert!(html(&late).contains("has changed since you saw it"), "{}", html(&late));
        // Somebody else's approval is another thing.
        let mut late = Browser::of(&app, "staff").await;
        let page = html(&late.press(&before, &path, "reject_by_consumer", &[]).await.expect(409));
        assert!(page.contains("waits for the customer") && page.contains("is being carried out"), "{page}");
    }

    async fn a_provider_carries_an_order_out(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("own", &offered).await;
        let path = format!("/orders/{order}/");
        let mut browser = Browser::of(&app, "vown").await;
        for (action, more, state) in [
            ("approve_by_provider", [("reason", "")], "executing"),
            ("set_state_erred", [("reason", " no <b>nodes</b> left ")], "erred"),
            ("set_state_executing", [("reason", "")], "executing"),
            ("set_state_done", [("reason", "")], "done"),
        ] {
            let page = browser.open(&path).await.expect(200);
            assert!(buttons(&page).contains(&action.to_owned()), "{action}: {:?}", buttons(&page));
            browser.press(&page, &path, action, &more).await.expect(303);
            assert_eq!(standing(&app, &order).await.0, state);
        }
        let row = app.order_row(&order).await;
        assert_eq!(row.error_message, "no <b>nodes</b> left");
        let page = browser.open(&path).await.expect(200);
        assert_eq!(buttons(&page), Vec::<String>::new());
        assert!(!html(&page).contains("<b>nodes"));
    }

    async fn secret_attributes_are_not_on_the_page(app: TestApp) {
        let offered = app.tenants().await;
        let mut body = app.order_body(&offered);
        body["attributes"]["user_password"] = json!("canary");
        body["attributes"]["flavour"] = json!("small");
        let order = app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        let page = Browser::of(&app, "own").await.open(&format!("/orders/{order}/")).await.expect(200);
        assert!(html(&page).contains("small") && !html(&page).contains("canary"), "{}", html(&page));
    }

    async fn an_attachment_is_saved_by_those_who_see_the_order(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/orders/{order}/attachment/");
        Browser::of(&app, "own").await.open(&path).await.expect(404);
        let upload = format!("/api/marketplace-orders/{order}/update_attachment/");
        app.upload("mgr", &upload, "Bestellung 1.pdf", b"%PDF-1.4 <script>").await.expect(200);
        let mut browser = Browser::of(&app, "own").await;
        assert!(html(&browser.open(&format!("/orders/{order}/")).await).contains("href=\"./attachment/\""));
        let file = browser.open(&path).await.expect(200);
        assert_eq!(file.bytes, b"%PDF-1.4 <script>");
        assert_eq!(file.header("content-disposition"), "attachment; filename*=UTF-8''Bestellung%201.pdf");
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        Browser::of(&app, "user").await.open(&path).await.expect(404);
    }

    async fn what_left_is_shown_and_sent_again(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let mut body = app.order_body(&offered);
        body["callback_url"] = json!("https://example.org/called?a=1&b=2");
        let order = app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        let path = format!("/orders/{order}/");
        let page = html(&Browser::of(&app, "own").await.open(&path).await.expect(200));
        assert!(page.contains("https://example.org/called?a=1&#38;b=2") && page.contains("on its way"), "{page}");
        assert!(!page.contains("Send again") && !page.contains("own@example.org"), "mail is not for everybody to see: {page}");
        let call = claim(&app.app, &["mail".to_owned()], 8).await.unwrap().pop().unwrap();
        let attempt = Attempt {
            at: app.app.now(), took: Duration::from_millis(12), status: Some(410), error: Some("It <wants> no more.".to_owned()),
            response: None,
        };
        record(&app.app, &call, attempt, Receipt::Gone, 0.0).await.unwrap();
        let call = call.id.to_string();
        let again = [("redeliver", call.as_str())];
        // Who only sees it has no button, and none that works.
        let mut support = Browser::of(&app, "support").await;
        let page = html(&support.open(&path).await.expect(200));
        assert!(page.contains("given up") && page.contains("It &#60;wants&#62; no more.") && !page.contains("Send again"));
        assert!(html(&support.send(&path, &again).await.expect(403)).contains("Nothing was sent"));
        for (who, delivery, status) in [("user", call.as_str(), 404), ("own", "x", 404), ("own", &order, 404)] {
            Browser::of(&app, who).await.send(&path, &[("redeliver", delivery)]).await.expect(status);
        }
        let mut browser = Browser::of(&app, "own").await;
        assert!(html(&browser.open(&path).await.expect(200)).contains("Send again"));
        for _ in 0..2 {
            let reply = browser.send(&path, &again).await.expect(303);
            assert_eq!(reply.header("location"), path);
        }
        let page = html(&browser.open(&path).await.expect(200));
        assert!(page.contains("on its way") && !page.contains("Send again"), "{page}");
    }

    async fn nothing_happens_by_what_is_no_button(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        let path = format!("/orders/{order}/");
        let mut browser = Browser::of(&app, "own").await;
        let page = browser.open(&path).await.expect(200);
        let before = standing(&app, &order).await;
        for action in ["", "unlink", "destroy", "complete", "nonsense"] {
            browser.press(&page, &path, action, &[]).await.expect(400);
        }
        for fields in [
            vec![("action", "approve_by_consumer")],
            vec![("action", "approve_by_consumer"), ("seen", "{}")],
            vec![("action", "approve_by_consumer"), ("seen", "[[[[")],
        ] {
            browser.send(&path, &fields).await.expect(400);
        }
        let twice = [("action", "reject_by_consumer")];
        browser.press(&page, &path, "approve_by_consumer", &twice).await.expect(400);
        // Rights are those of the moment, and who has none learns nothing.
        let mut other = Browser::of(&app, "vown").await;
        let refused = other.press(&page, &path, "approve_by_consumer", &[]).await.expect(403);
        assert!(html(&refused).contains("This order was not approved"));
        Browser::of(&app, "user").await.press(&page, &path, "approve_by_consumer", &[]).await.expect(404);
        assert_eq!(standing(&app, &order).await, before);
    }
}
