//! Receivers of every kind at once, served by the real loop.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::response::IntoResponse as _;
use chrono::TimeDelta;
use mercat_app::outgoing::{self, SignedHooks};
use mercat_domain::{delivery::DeliveryState, id::HookId, order::OrderState};
use mercat_store::{
    entity::delivery,
    event::{self, NewEvent},
    list::{self, Filter},
};
use mercat_testkit::{Offered, TestApp, both};

use crate::support::{Post, Receiver, Running, body, count, hook, hook_row, messages};

/// How long the silent receivers are waited for each time.
const PATIENCE: Duration = Duration::from_secs(4);
/// 500 events for 20 receivers are 10,000 messages. Most are for those that take none: what is sent and put on record
/// costs a commit each, and 10,000 commits on SQLite are minutes.
const ORDERS: usize = 10;
/// What happens to each order, its creation included.
const EVENTS: usize = 50;
const SILENT: usize = 4;
const GONE: usize = 14;
/// How often it is measured how long the good receiver waits.
const SAMPLES: usize = 11;

/// Orders to which much has happened, and no receiver has been told of it.
async fn busy_orders(app: &TestApp, offered: &Offered) {
    let mut rows = Vec::new();
    for _ in 0..ORDERS {
        rows.push(app.order_row(&app.order("mgr", offered).await).await);
    }
    // What happens is made by hand: sending it is what is tried here, and requests would take minutes.
    for version in 1..EVENTS {
        let events = rows.iter().map(|row| NewEvent {
            order: Some(row.id),
            version: i64::try_from(version).unwrap(),
            action: "set_backend_id".to_owned(),
            actor: None,
            at: app.app.now(),
            from: Some(OrderState::PendingConsumer),
            to: Some(OrderState::PendingConsumer),
            project: Some(row.project_id),
            customer: Some(row.customer_id),
            provider: Some(row.provider_id),
            changes: serde_json::json!({}),
            message: "It got another id.".to_owned(),
        });
        let tx = app.app.db.write().await.unwrap();
        event::append(&tx, events.collect()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// How long the receiver waits until it hears of an order, each time, the shortest first.
async fn waits(app: &TestApp, offered: &Offered, receiver: &Receiver) -> Vec<Duration> {
    let mut waited = Vec::new();
    for _ in 0..SAMPLES {
        let expected = receiver.seen().len() + 1;
        app.order("mgr", offered).await;
        let start = Instant::now();
        receiver.until(expected).await;
        waited.push(start.elapsed());
    }
    waited.sort();
    waited
}

/// As many receivers of one kind, each with its hook.
async fn several(app: &TestApp, number: usize, answer: Option<u16>) -> Vec<(Receiver, HookId)> {
    let mut all = Vec::new();
    for _ in 0..number {
        let receiver = match answer {
            Some(status) => Receiver::answering(status).await,
            None => Receiver::start(|_| None).await,
        };
        let hook = hook::<SignedHooks>(app, "own", &receiver.url).await;
        all.push((receiver, hook));
    }
    all
}

async fn pending(app: &TestApp, hooks: &[HookId]) -> u64 {
    let of = [
        Filter::any_of(delivery::Column::HookId, hooks.iter().copied()),
        Filter::equals(delivery::Column::State, DeliveryState::Pending),
    ];
    list::count(app.app.db.read(), &of).await.unwrap()
}

/// The events of each busy order came in the order in which they happened. One that was answered too late came again.
fn in_order(receiver: &Receiver, accepted: impl Fn(usize) -> bool) {
    let mut by_order: HashMap<String, Vec<i64>> = HashMap::new();
    for (_, seen) in receiver.seen().iter().enumerate().filter(|(number, _)| accepted(*number)) {
        let data = body(seen)["data"].clone();
        by_order
            .entry(data["order_uuid"].as_str().unwrap().to_owned())
            .or_default()
            .push(data["seq"].as_i64().unwrap());
    }
    by_order.values_mut().for_each(Vec::dedup);
    assert_eq!(by_order.values().filter(|numbers| numbers.len() == EVENTS).count(), ORDERS);
    assert!(by_order.values().all(|numbers| [1, EVENTS].contains(&numbers.len())), "some came twice or not at all");
    for (order, numbers) in &by_order {
        assert!(numbers.is_sorted_by(|a, b| a < b), "{order}: {numbers:?}");
    }
}

both! {
    async fn the_bad_cost_the_good_nothing(app: TestApp) {
        let post = Post::patient(PATIENCE);
        let offered = app.offering("Marketplace.Slurm").await;
        let (healthy, healthy_hook) = several(&app, 1, Some(200)).await.remove(0);
        let running = Running::start(&app.app, &post);
        let alone = waits(&app, &offered, &healthy).await;
        running.stop().await;

        let failing = Receiver::start(|number| {
            let broken = axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
            Some(if number % 3 == 2 { broken } else { ().into_response() })
        }).await;
        let failing_hook = hook::<SignedHooks>(&app, "own", &failing.url).await;
        let (silent, gone) = (several(&app, SILENT, None).await, several(&app, GONE, Some(410)).await);
        busy_orders(&app, &offered).await;
        while outgoing::fan_out(&app.app).await.unwrap() {}
        let ids = |of: &[(Receiver, HookId)]| of.iter().map(|(_, hook)| *hook).collect::<Vec<_>>();
        let all = [vec![healthy_hook, failing_hook], ids(&silent), ids(&gone)].concat();
        assert_eq!(pending(&app, &all).await, 10_000);

        let running = Running::start(&app.app, &post);
        healthy.until(SAMPLES + ORDERS * EVENTS).await;
        // The silent ones are being waited for all the time now, and will be for a long time.
        let among = waits(&app, &offered, &healthy).await;
        running.stop().await;
        in_order(&healthy, |_| true);
        assert_eq!(pending(&app, &[healthy_hook]).await, 0);
        // There is more to do than before; but nobody waits for those who do not answer.
        let (before, after) = (alone[SAMPLES / 2], among[SAMPLES / 2]);
        assert!(after < 4 * before + Duration::from_millis(500), "{among:?} among the others, {alone:?} alone");
        assert!(among[SAMPLES - 1] < PATIENCE, "{among:?}");
        for (receiver, hook) in &gone {
            assert!(receiver.seen().len() <= 4, "it said that it wants no more");
            assert!(!hook_row(&app, *hook).await.is_active);
        }

        let (post, mut steps) = (Post::new(), 0);
        while pending(&app, &all).await > 0 {
            post.deliver(&app).await;
            app.clock.advance(TimeDelta::hours(13));
            steps += 1;
            assert!(steps < 200, "neither delivered nor given up");
        }
        let rows = messages(&app, failing_hook).await;
        assert_eq!(count(&rows, DeliveryState::Delivered), rows.len(), "all, in the end");
        in_order(&failing, |number| number % 3 != 2);
        for (_, hook) in silent.iter().chain(&gone) {
            let rows = messages(&app, *hook).await;
            assert!(rows.len() >= ORDERS * EVENTS);
            assert_eq!(count(&rows, DeliveryState::Dead), rows.len());
            assert!(rows.iter().all(|row| row.last_error.is_some()), "visibly dead");
            assert!(!hook_row(&app, *hook).await.disabled_reason.is_empty());
        }
    }
}
