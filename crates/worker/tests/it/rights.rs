//! What was to be told is not told any more when its reader has lost the right to hear it.

use axum::http::Method;
use mercat_app::outgoing::{EmailHooks, SignedHooks, fan_out};
use mercat_domain::delivery::DeliveryState;
use mercat_store::{entity::decision_link, list};
use mercat_testkit::{TestApp, both};
use serde_json::json;

use crate::support::{Post, Receiver, count, hook, hook_row, messages};

async fn told(app: &TestApp) {
    while fan_out(&app.app).await.unwrap() {}
}

both! {
    async fn of_nothing_that_its_owner_does_not_see(app: TestApp) {
        let hook = hook::<SignedHooks>(&app, "user", "https://example.org/").await;
        app.order("own", &app.offering("Marketplace.Basic").await).await;
        told(&app).await;
        assert_eq!(messages(&app, hook).await.len(), 0, "not even as a message that is given up later");
    }

    async fn of_what_its_owner_may_not_see_any_more(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "mgr", &receiver.url).await;
        app.order("own", &app.offering("Marketplace.Basic").await).await;
        told(&app).await;
        let project = app.world.project;
        let role = json!({"user": app.world.users["mgr"], "role": "PROJECT.MANAGER"});
        app.post_json("own", &format!("/api/projects/{project}/delete_user/"), role).await.expect(200);
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 0);
        let rows = messages(&app, hook).await;
        assert_eq!(count(&rows, DeliveryState::Dead), rows.len());
        assert_eq!(rows[0].last_error.as_deref(), Some("The hook's owner may not see this any more."));
        let row = hook_row(&app, hook).await;
        assert!(row.is_active && row.failing_since.is_none(), "that is no fault of the receiver");
    }

    async fn of_anything_when_its_owner_was_switched_off(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let web = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let mail = hook::<EmailHooks>(&app, "own", "own@example.org").await;
        app.order("mgr", &app.offering("Marketplace.Basic").await).await;
        told(&app).await;
        let person = format!("/api/users/{}/", app.world.users["own"]);
        app.json_request("staff", Method::PATCH, &person, json!({"is_active": false})).await.expect(200);
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 0);
        for hook in [web, mail] {
            assert_eq!(count(&messages(&app, hook).await, DeliveryState::Dead), 1);
        }
    }

    async fn dead_links_are_swept(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        app.order("mgr", &offered).await;
        let links = || async { list::count::<decision_link::Entity>(app.app.db.read(), &[]).await.unwrap() };
        assert!(links().await > 0);
        mercat_app::jobs::ensure_standing(&app.app).await.unwrap();
        for _ in 0..30 {
            app.pass(chrono::TimeDelta::days(1)).await;
        }
        assert_eq!(links().await, 0);
    }
}
