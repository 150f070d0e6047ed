//! The loop itself: in real time, when it is stopped, when something in it breaks, when the clock is set back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use mercat_app::{App, Settings, jobs, outgoing};
use mercat_domain::{
    delivery::DeliveryState,
    order::OrderState,
    time::{Clock, FixedClock, SystemClock, Timestamp, start_of_day, start_of_tomorrow},
};
use mercat_store::{
    Db,
    entity::{delivery, job},
    event,
    list::{self, Filter},
};
use mercat_testkit::{TestApp, both};
use serde_json::json;
use tokio::time::timeout;

use crate::support::{Post, Receiver, Running, callbacks, eventually, order_with_callback, tries};

/// The machine's clock, put to another time.
struct Ahead(TimeDelta);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.0
    }
}

/// A held clock that breaks once, within a task that was started by the one that runs the test.
struct Breaking {
    clock: Arc<FixedClock>,
    will_break: AtomicBool,
}

impl Clock for Breaking {
    fn now(&self) -> Timestamp {
        let is_in_task = tokio::task::try_id().is_some();
        assert!(!(is_in_task && self.will_break.swap(false, Ordering::SeqCst)), "this clock breaks on purpose");
        self.clock.now()
    }
}

/// Another process with a clock of its own.
async fn process(app: &TestApp, clock: Arc<dyn Clock>) -> App {
    let db = Db::connect(&app.url, 4).await.unwrap();
    App::new(db, clock, app.app.files.clone(), Settings::default())
}

/// When the job of this kind is due; there is one.
async fn due(app: &TestApp, kind: &str) -> Timestamp {
    let of = [Filter::equals(job::Column::Kind, kind)];
    list::all::<job::Entity>(app.app.db.read(), &of, &[]).await.unwrap().remove(0).due
}

both! {
    async fn a_start_comes_within_a_second_of_its_time(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let midnight = start_of_tomorrow(app.app.now());
        let mut body = app.order_body(&offered);
        body["start_date"] = json!(midnight.date_naive().to_string());
        let order = app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        assert_eq!(start_of_day(midnight.date_naive()), midnight);
        let before = event::head(app.app.db.read()).await.unwrap();
        let clock = Ahead(midnight - TimeDelta::milliseconds(1500) - SystemClock.now());
        let process = process(&app, Arc::new(clock)).await;
        let running = Running::start(&process, &Post::new());
        let mut newest = process.newest();
        timeout(Duration::from_secs(30), newest.wait_for(|seq| *seq > before)).await.unwrap().unwrap();
        running.stop().await;
        let began = event::of_order(app.app.db.read(), order.parse().unwrap()).await.unwrap().remove(1);
        assert_eq!((began.action.as_str(), began.to_state), ("start_date_reached", Some(OrderState::Executing)));
        let late = began.at - midnight;
        assert!(late >= TimeDelta::zero() && late < TimeDelta::seconds(1), "{late}");
    }

    async fn what_was_claimed_and_not_sent_waits_for_nobody(app: TestApp) {
        let post = Post::patient(Duration::from_secs(2));
        let silent = Receiver::start(|_| None).await;
        let offered = app.offering("Marketplace.Basic").await;
        let mut orders = Vec::new();
        for _ in 0..8 {
            orders.push(order_with_callback(&app, &offered, &silent.url).await);
        }
        let running = Running::start(&app.app, &post);
        silent.until(1).await;
        running.stop().await;
        let mut unsent = 0;
        for order in &orders {
            let row = callbacks(&app, order).await.remove(0);
            assert_eq!(row.state, DeliveryState::Pending);
            assert!(row.attempts > 0 || row.due <= app.app.now(), "its claim is not over");
            unsent += usize::from(row.attempts == 0);
        }
        assert!(unsent > 4, "{unsent}");
        let again = outgoing::claim(&app.app, &[], 100).await.unwrap();
        assert_eq!(again.iter().filter(|row| row.target != "mail").count(), unsent);
    }

    async fn a_fault_in_one_delivery_ends_nothing_and_loses_nothing(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let offered = app.offering("Marketplace.Basic").await;
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        // The mail to K's owner is not what is to break.
        let of = [Filter::equals(delivery::Column::Target, "mail")];
        let tx = app.app.db.write().await.unwrap();
        list::delete::<delivery::Entity>(&tx, &of).await.unwrap();
        tx.commit().await.unwrap();
        let clock = Arc::new(Breaking { clock: app.clock.clone(), will_break: AtomicBool::new(true) });
        let process = process(&app, clock).await;
        let test = async {
            eventually("the fault is on record", async || callbacks(&app, &order).await[0].attempts == 1).await;
            let row = callbacks(&app, &order).await.remove(0);
            let error = tries(&app, &row).await.remove(0).error.unwrap();
            assert_eq!((row.state, error.as_str()), (DeliveryState::Pending, "The service itself failed; its log says more."));
            assert!(receiver.seen().is_empty());
            app.clock.advance(TimeDelta::seconds(10));
            process.wake_sender();
            receiver.until(1).await;
        };
        // Not in a task of its own, so that the clock tells the loop from its deliveries.
        tokio::select! {
            () = mercat_worker::run(process.clone(), post.sender.clone(), std::future::pending()) => panic!("the loop ended"),
            () = test => {}
        }
    }

    async fn a_clock_that_is_set_back_is_noticed(app: TestApp) {
        jobs::ensure_standing(&app.app).await.unwrap();
        app.clock.advance(TimeDelta::days(300));
        let post = Post::new();
        let running = Running::start(&app.app, &post);
        eventually("it works", async || due(&app, "endings").await > app.app.now()).await;
        eventually("all of it", async || due(&app, "sweep").await > app.app.now()).await;
        app.clock.advance(TimeDelta::days(-300));
        app.app.wake_worker();
        let tomorrow = start_of_tomorrow(app.app.now());
        eventually("the day after is tomorrow", async || due(&app, "endings").await == tomorrow).await;
        eventually("sweeping goes on", async || due(&app, "sweep").await <= app.app.now() + TimeDelta::hours(1)).await;
        running.stop().await;
    }
    async fn what_was_to_be_sent_by_a_clock_that_was_ahead_is_sent_when_it_is_set_back(app: TestApp) {
        let (post, receiver) = (Post::new(), Receiver::answering(200).await);
        let offered = app.offering("Marketplace.Basic").await;
        jobs::ensure_standing(&app.app).await.unwrap();
        app.clock.advance(TimeDelta::hours(1));
        let order = order_with_callback(&app, &offered, &receiver.url).await;
        app.drain().await;
        app.clock.advance(TimeDelta::hours(-1));
        assert_eq!(post.deliver(&app).await, 0, "it waits for its time");
        jobs::ensure_standing(&app.app).await.unwrap();
        let claimed = outgoing::claim(&app.app, &[], 100).await.unwrap();
        assert!(!claimed.is_empty());
        // Another process notices it too, or starts.
        jobs::ensure_standing(&app.app).await.unwrap();
        assert!(outgoing::claim(&app.app, &[], 100).await.unwrap().is_empty(), "somebody is sending it");
        let claimed: Vec<_> = claimed.into_iter().map(Arc::new).collect();
        outgoing::release(&app.app, &claimed).await.unwrap();
        post.deliver(&app).await;
        let rows = callbacks(&app, &order).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row.state == DeliveryState::Delivered), "{rows:?}");
    }
}
