//! Tries after the first: pauses, what a receiver asks for, restarts, redelivery and replay.

use axum::response::IntoResponse as _;
use chrono::TimeDelta;
use mercat_app::{
    AppError,
    outgoing::{self, SignedHooks},
};
use mercat_domain::delivery::DeliveryState;
use mercat_testkit::both;

use crate::support::{Post, Receiver, callbacks, count, hook, messages, order_with_callback, tries, whole_life};

both! {
    async fn a_receiver_may_ask_to_be_left_alone(app: TestApp) {
        let receiver = Receiver::start(|number| {
            let busy = (axum::http::StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "120")]);
            Some(if number == 0 { busy.into_response() } else { ().into_response() })
        }).await;
        let (post, offered) = (Post::new(), app.offering("Marketplace.Basic").await);
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        post.deliver(&app).await;
        let row = callbacks(&app, &order).await.pop().unwrap();
        assert_eq!(row.due, app.app.now() + TimeDelta::seconds(120), "longer than the first pause would be");
        app.clock.advance(TimeDelta::seconds(119));
        assert_eq!(post.deliver(&app).await, 0);
        app.clock.advance(TimeDelta::seconds(1));
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 2);
        assert_eq!(callbacks(&app, &order).await.pop().unwrap().state, DeliveryState::Delivered);
    }

    async fn what_always_fails_is_dead_in_the_end_and_lets_the_next_go(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(500).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        crate::support::act(&app, "own", &order, "approve_by_consumer").await;
        for _ in 0..9 {
            post.deliver(&app).await;
            app.clock.advance(TimeDelta::hours(13));
        }
        let rows = callbacks(&app, &order).await;
        assert_eq!((rows[0].state, rows[0].attempts), (DeliveryState::Dead, 9));
        assert_eq!(tries(&app, &rows[0]).await.len(), 9, "every try is on record");
        assert_eq!(rows[1].attempts, 1, "the next one of the order was let go");
    }

    async fn what_a_dead_sender_had_claimed_is_sent_again(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        // A process that claims and dies.
        let claimed = outgoing::claim(&app.sibling_app().await, &[], 100).await.unwrap();
        assert!(claimed.iter().any(|row| row.order_id.is_some_and(|id| id.to_string() == order)));
        assert_eq!(post.deliver(&app).await, 0, "it could still be at it");
        app.clock.advance(TimeDelta::seconds(60));
        assert_eq!(post.deliver(&app).await, claimed.len());
        assert_eq!(receiver.seen().len(), 1);
    }

    async fn a_message_that_was_delivered_can_be_sent_once_more(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        post.deliver(&app).await;
        let first = messages(&app, hook).await[0].clone();
        let mut tx = app.app.begin_own().await.unwrap();
        outgoing::redeliver(&mut tx, first.id.0).await.unwrap();
        assert!(matches!(outgoing::redeliver(&mut tx, first.id.0).await, Err(AppError::State(_))), "it waits already");
        tx.commit().await.unwrap();
        assert_eq!(post.deliver(&app).await, 1);
        let seen = receiver.seen();
        assert_eq!(seen.len(), 5);
        assert_eq!(seen[4].header("webhook-id"), seen[0].header("webhook-id"), "its receiver knows it again");
        assert_eq!(seen[4].body, seen[0].body);
        assert_eq!(tries(&app, &first).await.len(), 2);
    }

    async fn a_period_can_be_replayed(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        app.clock.advance(TimeDelta::hours(1));
        let from = app.app.now();
        whole_life(&app, &offered).await;
        app.clock.advance(TimeDelta::hours(1));
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), 8);
        let mut tx = app.app.begin_own().await.unwrap();
        let sent = outgoing::replay(&mut tx, hook, from, app.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        post.deliver(&app).await;
        let seen = receiver.seen();
        assert_eq!((sent, seen.len()), (4, 12));
        for again in &seen[8..] {
            let first = seen[..8].iter().find(|first| first.body == again.body).unwrap();
            assert_ne!(again.header("webhook-id"), first.header("webhook-id"), "as a new message");
        }
        assert_eq!(count(&messages(&app, hook).await, DeliveryState::Delivered), 12);
    }
}
