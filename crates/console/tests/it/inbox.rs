//! The first page, and deciding there.

use chrono::TimeDelta;
use mercat_testkit::both;

use crate::support::{Browser, html, standing};

/// The page from one heading to the next.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<section aria-labelledby=\"{id}\">")).unwrap();
    rest.split("</section>").next().unwrap()
}

both! {
    async fn an_empty_inbox_says_what_comes_there(app: TestApp) {
        let page = html(&Browser::of(&app, "own").await.open("/").await.expect(200));
        insta::assert_snapshot!("inbox_empty", page);
    }

    async fn orders_stand_where_they_wait(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let waits = app.order("mgr", &offered).await;
        app.clock.advance(TimeDelta::hours(2));
        let with_provider = app.order("own", &offered).await;
        app.clock.advance(TimeDelta::minutes(1));
        let runs = app.order("own", &offered).await;
        let approve = |order: String| format!("/api/marketplace-orders/{order}/approve_by_provider/");
        app.post("vown", &approve(runs.clone())).await.expect(200);
        app.clock.advance(TimeDelta::minutes(1));
        let failed = app.order("own", &offered).await;
        app.post("vown", &approve(failed.clone())).await.expect(200);
        let why = serde_json::json!({"error_message": "no quota <b>left</b>"});
        app.post_json("vown", &format!("/api/marketplace-orders/{failed}/set_state_erred/"), why).await.expect(200);
        app.clock.advance(TimeDelta::minutes(59));
        let page = html(&Browser::of(&app, "own").await.open("/").await.expect(200));
        let ids = [&waits, &with_provider, &runs, &failed];
        let masked = ids.iter().zip(["FIRST", "SECOND", "THIRD", "FOURTH"]);
        insta::assert_snapshot!("inbox", masked.fold(page.clone(), |page, (id, name)| page.replace(*id, name)));
        assert!(part(&page, "mine").contains(&waits) && !part(&page, "others").contains(&waits));
        assert!(part(&page, "others").contains(&with_provider) && part(&page, "others").contains(&runs));
        assert!(part(&page, "trouble").contains(&failed) && !part(&page, "trouble").contains(&runs));
        // A day later it takes too long; a month later nobody wants to know of the failure any more.
        app.clock.advance(TimeDelta::hours(24));
        let page = html(&Browser::of(&app, "own").await.open("/").await.expect(200));
        assert!(part(&page, "trouble").contains(&runs) && part(&page, "trouble").contains(&failed));
        app.clock.advance(TimeDelta::days(30));
        let page = html(&Browser::of(&app, "own").await.open("/").await.expect(200));
        assert!(!part(&page, "trouble").contains(&failed));
        // The provider has it the other way round, staff may do all of it and nothing waits for them.
        let page = html(&Browser::of(&app, "vown").await.open("/").await.expect(200));
        assert!(part(&page, "mine").contains(&with_provider) && part(&page, "others").contains(&waits));
        let page = html(&Browser::of(&app, "staff").await.open("/").await.expect(200));
        assert!(part(&page, "mine").contains("Nothing waits for you") && part(&page, "others").contains(&waits));
        // Strangers see none of it.
        let page = html(&Browser::of(&app, "user").await.open("/").await.expect(200));
        assert!([&waits, &with_provider, &runs, &failed].iter().all(|order| !page.contains(*order)));
    }

    async fn decided_in_place(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let (first, second) = (app.order("mgr", &offered).await, app.order("mgr", &offered).await);
        let mut browser = Browser::of(&app, "own").await;
        let page = browser.open("/").await.expect(200);
        let path = format!("/orders/{first}/");
        let inbox = [("from", "inbox")];
        let reply = browser.press(&page, &path, "approve_by_consumer", &inbox).await.expect(303);
        assert_eq!(reply.header("location"), format!("/?done={first}"));
        assert_eq!(standing(&app, &first).await.0, "pending-provider");
        let after = html(&browser.open(reply.header("location")).await.expect(200));
        assert!(after.contains("class=\"flash\"") && after.contains("waits for the provider."), "{after}");
        let other = format!("/orders/{second}/");
        browser.press(&page, &other, "reject_by_consumer", &inbox).await.expect(303);
        assert_eq!(standing(&app, &second).await.0, "rejected");
        // What the address says about somebody else's order is told to nobody.
        let stranger = html(&Browser::of(&app, "user").await.open(&format!("/?done={first}")).await.expect(200));
        assert!(!stranger.contains("class=\"flash\""));
    }
}
