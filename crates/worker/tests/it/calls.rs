//! Callbacks of orders, and what every kind of answer comes to.

use axum::response::IntoResponse as _;
use mercat_app::outgoing::{WebHooks, redeliver};
use mercat_domain::delivery::DeliveryState;
use mercat_testkit::both;
use serde_json::json;

use crate::support::{
    Post, Receiver, begin, body, callbacks, count, hook, messages, order_with_callback, to_its_end, tries, whole_life,
};

both! {
    async fn a_callback_is_an_empty_post_for_each_state_in_order(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(204).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &format!("{}?order=1", receiver.url)).await;
        to_its_end(&app, &order).await;
        let rows = callbacks(&app, &order).await;
        let states: Vec<_> = rows.iter().map(|row| row.payload["state"].clone()).collect();
        assert_eq!(states, ["pending-consumer", "pending-provider", "executing", "done"].map(|state| json!(state)));
        post.deliver(&app).await;
        let seen = receiver.seen();
        assert_eq!(seen.len(), 4, "one a state");
        for request in &seen {
            assert_eq!((request.method.as_str(), request.uri.query()), ("POST", Some("order=1")));
            assert!(request.body.is_empty() && request.header("content-type").is_empty());
        }
        assert_eq!(count(&callbacks(&app, &order).await, DeliveryState::Delivered), 4);
        assert_eq!(post.deliver(&app).await, 0, "nothing is sent twice");
    }

    async fn the_next_callback_waits_for_the_one_before(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering_first(&[500]).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        to_its_end(&app, &order).await;
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 1, "the others wait behind the first");
        app.clock.advance(chrono::TimeDelta::seconds(6));
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 5);
    }

    async fn an_address_that_may_not_be_called_is_dead_at_once(app: TestApp) {
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        for url in ["http://10.1.2.3/hook", "http://[::1]:8080/", "http://169.254.169.254/latest/meta-data"] {
            let order = order_with_callback(&app, &offered, url).await;
            post.deliver(&app).await;
            let row = callbacks(&app, &order).await.pop().unwrap();
            assert_eq!((row.state, row.attempts), (DeliveryState::Dead, 1), "{url}");
            let why = tries(&app, &row).await.pop().unwrap().error.unwrap();
            assert!(why.starts_with("refused: "), "{why}");
            assert_eq!(row.last_error, Some(why));
        }
    }

    async fn a_receiver_that_wants_no_more_gets_no_more(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(410).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        to_its_end(&app, &order).await;
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 1);
        assert_eq!(count(&callbacks(&app, &order).await, DeliveryState::Dead), 4);
    }

    async fn nor_does_it_when_the_order_goes_on(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering_first(&[410]).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        post.deliver(&app).await;
        to_its_end(&app, &order).await;
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 1);
        let rows = callbacks(&app, &order).await;
        assert_eq!(count(&rows, DeliveryState::Dead), 4);
        assert!(rows[3].last_error.as_ref().unwrap().contains("wants no more"));
        // Unless somebody says that it does again.
        app.clock.advance(chrono::TimeDelta::seconds(1));
        let mut tx = begin(&app, "mgr").await;
        redeliver(&mut tx, rows[1].id.0).await.unwrap();
        tx.commit().await.unwrap();
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 2);
    }

    async fn redirects_are_not_followed(app: TestApp) {
        let target = Receiver::answering(200).await;
        let to = target.url.clone();
        let receiver = Receiver::start(move |_| {
            Some((axum::http::StatusCode::FOUND, [("location", to.clone())]).into_response())
        }).await;
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        post.deliver(&app).await;
        let row = callbacks(&app, &order).await.pop().unwrap();
        assert_eq!(row.state, DeliveryState::Pending);
        let this_try = tries(&app, &row).await.pop().unwrap();
        assert_eq!(this_try.status, Some(302));
        assert!(this_try.error.unwrap().contains("redirects are not followed"));
        assert!(target.seen().is_empty());
    }

    async fn what_a_receiver_says_is_on_record(app: TestApp) {
        let receiver = Receiver::start(|_| {
            Some((axum::http::StatusCode::BAD_GATEWAY, "the queue\nis full").into_response())
        }).await;
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        post.deliver(&app).await;
        let row = callbacks(&app, &order).await.pop().unwrap();
        let this_try = tries(&app, &row).await.pop().unwrap();
        assert_eq!(this_try.status, Some(502));
        assert_eq!(this_try.at, app.app.now());
        assert!(this_try.response.unwrap().starts_with("the queue"));
    }

    async fn a_web_hook_gets_waldurs_form(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<WebHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        let order = whole_life(&app, &offered).await;
        post.deliver(&app).await;
        let rows = messages(&app, hook).await;
        assert!(!rows.is_empty());
        assert_eq!(count(&rows, DeliveryState::Delivered), rows.len());
        for request in receiver.seen() {
            assert_eq!(request.header("content-type"), "application/json");
            assert!(body(&request)["event_type"].is_string());
            assert_eq!(body(&request)["context"]["order_uuid"], json!(order));
        }
    }
}
