//! Hooks that nobody listens at any more.

use chrono::TimeDelta;
use mercat_app::outgoing::SignedHooks;
use mercat_domain::delivery::DeliveryState;
use mercat_testkit::both;

use crate::support::{Post, Receiver, count, hook, hook_row, messages, whole_life};

both! {
    async fn a_hook_that_fails_for_five_days_is_switched_off_and_its_owner_told(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(500).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        post.deliver(&app).await;
        let since = hook_row(&app, hook).await.failing_since;
        assert_eq!(since, Some(app.app.now()));
        app.clock.advance(TimeDelta::days(5) - TimeDelta::seconds(1));
        post.deliver(&app).await;
        assert!(hook_row(&app, hook).await.is_active, "not yet");
        app.clock.advance(TimeDelta::hours(12));
        post.mail.lock().unwrap().clear();
        post.deliver(&app).await;
        let row = hook_row(&app, hook).await;
        assert!(!row.is_active);
        assert!(row.disabled_reason.contains("5 days") && row.disabled_reason.contains("500"), "{}", row.disabled_reason);
        let rows = messages(&app, hook).await;
        assert_eq!(count(&rows, DeliveryState::Dead), rows.len(), "nothing waits for it any more");
        assert_eq!(post.recipients(), ["own@example.org"]);
        let mail = post.sent().remove(0);
        assert!(mail.rendered.subject.contains("switched off") && mail.rendered.text.contains(&receiver.url));
        whole_life(&app, &offered).await;
        let before = receiver.seen().len();
        post.deliver(&app).await;
        assert_eq!(receiver.seen().len(), before, "it is told nothing more");
    }

    async fn a_success_in_between_begins_the_five_days_anew(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering_first(&[500]).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        post.deliver(&app).await;
        app.clock.advance(TimeDelta::days(4));
        post.deliver(&app).await;
        let row = hook_row(&app, hook).await;
        assert_eq!((row.failing_since, row.last_published), (None, Some(app.app.now())));
        assert_eq!(count(&messages(&app, hook).await, DeliveryState::Delivered), 4);
    }

    async fn one_slip_after_a_quiet_time_switches_nothing_off(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(500).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        app.order("mgr", &offered).await;
        // It is given up after a bit more than a day.
        for _ in 0..9 {
            post.deliver(&app).await;
            app.clock.advance(TimeDelta::hours(13));
        }
        assert_eq!(count(&messages(&app, hook).await, DeliveryState::Dead), 1);
        app.clock.advance(TimeDelta::days(5));
        app.order("own", &offered).await;
        post.deliver(&app).await;
        assert!(hook_row(&app, hook).await.is_active, "a moment of failing is not five days of it");
        app.clock.advance(TimeDelta::days(1));
        post.deliver(&app).await;
        assert!(!hook_row(&app, hook).await.is_active, "but a day of it after five is");
    }

    async fn a_hook_that_answers_410_is_switched_off_at_once(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(410).await);
        let hook = hook::<SignedHooks>(&app, "own", &receiver.url).await;
        let offered = app.offering("Marketplace.Basic").await;
        whole_life(&app, &offered).await;
        post.deliver(&app).await;
        let row = hook_row(&app, hook).await;
        assert!(!row.is_active && row.disabled_reason.contains("410"));
        assert_eq!(receiver.seen().len(), 1);
        assert_eq!(count(&messages(&app, hook).await, DeliveryState::Dead), 4);
    }
}
