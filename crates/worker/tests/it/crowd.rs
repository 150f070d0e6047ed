//! Receivers of every kind at once, served by the real loop.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::response::IntoResponse as _;
use chrono::TimeDelta;
use mercat_app::outgoing::SignedHooks;
use mercat_domain::{delivery::DeliveryState, id::HookId};
use mercat_testkit::{TestApp, both};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::{Post, Receiver, body, count, hook, hook_row, messages, whole_life};

/// How long the silent receiver is waited for each time.
const PATIENCE: Duration = Duration::from_secs(4);
const ORDERS: usize = 75;
/// What happens to each.
const EVENTS: usize = 4;

/// The real loop until it is stopped.
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(app: &TestApp, post: &Post) -> Self {
        let (stop, stopped) = oneshot::channel();
        let work = mercat_worker::run(app.app.clone(), post.sender.clone(), async {
            stopped.await.ok();
        });
        Self { stop, task: tokio::spawn(work) }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// Lets a crowd of orders live and returns how long it takes until the receiver has heard of all that.
async fn heard(app: &TestApp, post: &Post, receiver: &Receiver) -> Duration {
    let offered = app.offering("Marketplace.Basic").await;
    for _ in 0..ORDERS {
        whole_life(app, &offered).await;
    }
    let expected = receiver.seen().len() + ORDERS * EVENTS;
    let start = Instant::now();
    let running = Running::start(app, post);
    receiver.until(expected).await;
    let took = start.elapsed();
    running.stop().await;
    took
}

/// The events of each order came in the order in which they happened, each once.
fn in_order(receiver: &Receiver, accepted: impl Fn(usize) -> bool) {
    let mut by_order: HashMap<String, Vec<i64>> = HashMap::new();
    for (_, seen) in receiver.seen().iter().enumerate().filter(|(number, _)| accepted(*number)) {
        let data = body(seen)["data"].clone();
        by_order
            .entry(data["order_uuid"].as_str().unwrap().to_owned())
            .or_default()
            .push(data["seq"].as_i64().unwrap());
    }
    for (order, numbers) in &by_order {
        assert_eq!(numbers.len(), EVENTS, "{order}");
        assert!(numbers.is_sorted_by(|a, b| a < b), "{order}: {numbers:?}");
    }
}

async fn is_settled(app: &TestApp, hook: HookId) -> bool {
    count(&messages(app, hook).await, DeliveryState::Pending) == 0
}

both! {
    async fn the_bad_cost_the_good_nothing(app: TestApp) {
        let post = Post::patient(PATIENCE);
        let healthy = Receiver::answering(200).await;
        let healthy_hook = hook::<SignedHooks>(&app, "own", &healthy.url).await;
        let alone = heard(&app, &post, &healthy).await;

        let failing = Receiver::start(|number| {
            let broken = axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
            Some(if number % 3 == 2 { broken } else { ().into_response() })
        }).await;
        let (silent, gone) = (Receiver::start(|_| None).await, Receiver::answering(410).await);
        let failing_hook = hook::<SignedHooks>(&app, "own", &failing.url).await;
        let silent_hook = hook::<SignedHooks>(&app, "own", &silent.url).await;
        let gone_hook = hook::<SignedHooks>(&app, "own", &gone.url).await;
        let among = heard(&app, &post, &healthy).await;
        in_order(&healthy, |_| true);
        assert_eq!(count(&messages(&app, healthy_hook).await, DeliveryState::Delivered), 2 * ORDERS * EVENTS);
        // Four hooks are four times the work. If the silent one could take all places, its orders would take minutes.
        let bound = 8 * alone + Duration::from_secs(5);
        assert!(among < bound, "{among:?} among the others, {alone:?} alone");
        assert!(gone.seen().len() < 2 * EVENTS, "it said that it wants no more");
        assert!(!hook_row(&app, gone_hook).await.is_active);

        let (post, mut days) = (Post::new(), 0);
        while !(is_settled(&app, failing_hook).await && is_settled(&app, silent_hook).await) {
            post.deliver(&app).await;
            app.clock.advance(TimeDelta::days(1));
            days += 1;
            assert!(days < 15, "neither delivered nor given up");
        }
        let failing_rows = messages(&app, failing_hook).await;
        assert_eq!(count(&failing_rows, DeliveryState::Delivered), ORDERS * EVENTS, "all, in the end");
        in_order(&failing, |number| number % 3 != 2);
        for hook in [silent_hook, gone_hook] {
            let rows = messages(&app, hook).await;
            assert_eq!(count(&rows, DeliveryState::Dead), rows.len());
            assert!(rows.iter().all(|row| row.last_error.is_some()), "visibly dead");
            assert!(!hook_row(&app, hook).await.disabled_reason.is_empty());
        }
    }
}
