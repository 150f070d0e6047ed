//! The order of the list, and that pages never lose or repeat an order (spec 11.2, 11.4).

use std::cmp::Ordering;

use chrono::TimeDelta;
use mercat_app::admin;
use mercat_domain::order::OrderState;
use mercat_store::entity::{order, resource};
use mercat_testkit::{TestApp, both};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{ORDERS, assert_reply, field};

const KEYS: [&str; 4] = ["created", "consumer_reviewed_at", "cost", "state"];
const CASES: usize = 24;

/// Many orders with many ties and many nulls; the costs order otherwise as texts than as numbers.
async fn crowd(app: &TestApp, size: usize) {
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let (row, resource) = (app.order_row(&order).await, app.resource_row(&order).await);
    let tx = app.app.begin_own().await.unwrap();
    for n in 1..size {
        let hours = |n: usize| TimeDelta::hours(i64::try_from(n).unwrap());
        let cost = (n % 5 != 0).then(|| ["9.5", "100", "20.25", "-1"][n % 4].parse().unwrap());
        // A resource has one open order.
        let own = resource::Model { id: scattered(n).into(), ..resource.clone() };
        let copy = order::Model {
            resource_id: own.id,
            // Ids in another order than that of insertion, so that ties show who breaks them.
            id: scattered(n).into(),
            slug: format!("copy-{n}"),
            created: row.created - hours(n * 7 % 5),
            consumer_reviewed_at: (n % 3 != 0).then(|| row.created + hours(n * 11 % 7)),
            cost,
            state: OrderState::ALL[n * 13 % OrderState::ALL.len()],
            ..row.clone()
        };
        admin::put(&tx, own).await.unwrap();
        admin::put(&tx, copy).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn scattered(n: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(n).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

async fn page(app: &TestApp, query: &str) -> Vec<Value> {
    let fields = "field=uuid&field=created&field=consumer_reviewed_at&field=cost&field=state";
    let list = app.get("own", &format!("{ORDERS}?{fields}&{query}")).await.expect(200).json();
    list.as_array().unwrap().clone()
}

/// What an order is sorted by under a key; null comes after everything.
fn rank(order: &Value, key: &str) -> (bool, f64, String) {
    let value = &order[key];
    let text = value.as_str().unwrap_or_default();
    match key {
        "cost" => (value.is_null(), text.parse().unwrap_or_default(), String::new()),
        "state" => (false, f64::from(code(text)), String::new()),
        _ => (value.is_null(), 0.0, text.to_owned()),
    }
}

/// The codes of spec 2.
fn code(state: &str) -> u8 {
    let codes = [
        "pending-consumer",
        "executing",
        "done",
        "erred",
        "canceled",
        "rejected",
        "pending-provider",
        "pending-project",
        "pending-start-date",
    ];
    u8::try_from(codes.iter().position(|name| *name == state).unwrap()).unwrap() + 1
}

fn compare(left: &Value, right: &Value, keys: &[String]) -> Ordering {
    let by = |key: &String| {
        let name = key.trim_start_matches('-');
        let order = rank(left, name).partial_cmp(&rank(right, name)).unwrap();
        if key.starts_with('-') { order.reverse() } else { order }
    };
    keys.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn assert_sorted(orders: &[Value], keys: &[String]) {
    let wrong = orders.windows(2).find(|pair| compare(&pair[0], &pair[1], keys).is_gt());
    assert!(wrong.is_none(), "{keys:?}: {wrong:?}");
    let text = |order: &Value, name: &str| order[name].as_str().unwrap().to_owned();
    let place = |order: &Value| (text(order, "created"), text(order, "uuid"));
    let down = keys.last().is_some_and(|key| key.starts_with('-'));
    let tied = orders.windows(2).filter(|pair| compare(&pair[0], &pair[1], keys).is_eq());
    for pair in tied {
        assert_eq!(
            place(&pair[0]) > place(&pair[1]),
            down,
            "{keys:?}: ties are broken by creation and id, in the last key's direction"
        );
    }
}

/// Each key up and down: nulls last going up, first going down.
async fn single_keys(app: &TestApp) {
    for key in KEYS {
        for sign in ["", "-"] {
            let keys = vec![format!("{sign}{key}")];
            let orders = page(app, &format!("page_size=300&o={sign}{key}")).await;
            assert_sorted(&orders, &keys);
            let distinct = orders.windows(2).any(|pair| compare(&pair[0], &pair[1], &keys).is_ne());
            assert!(distinct, "{key} says something");
        }
    }
    let unsorted = page(app, "page_size=300").await;
    assert_sorted(&unsorted, &["created".to_owned()]);
    assert_eq!(unsorted, page(app, "page_size=300&o=created").await, "oldest first is the default");
    assert_eq!(unsorted, page(app, "page_size=300&o=").await, "empty counts as not given");
    let several = page(app, "page_size=300&o=state,-cost").await;
    assert_sorted(&several, &["state".to_owned(), "-cost".to_owned()]);
    assert_eq!(several, page(app, "page_size=300&o=state&o=-cost").await, "repeated is as good as joined");
    for bad in ["name", "-name", "created,x", "Created"] {
        let shown = bad.rsplit(',').next().unwrap();
        let message = format!("Select a valid choice. {shown} is not one of the available choices.");
        let reply = app.get("own", &format!("{ORDERS}?o={bad}")).await;
        assert_reply(&reply, 400, &field("o", &message), bad);
    }
}

/// Whatever the page size and the keys, the pages are the whole list, sorted, each order once.
async fn pages_partition_the_list(app: &TestApp, total: usize) {
    let key = (proptest::sample::select(KEYS.to_vec()), any::<bool>());
    let key = key.prop_map(|(key, down)| if down { format!("-{key}") } else { key.to_owned() });
    let strategy = (1..=total + 3, proptest::collection::vec(key, 0..4));
    let mut runner = TestRunner::default();
    for _ in 0..CASES {
        let (size, keys) = strategy.new_tree(&mut runner).unwrap().current();
        let mut all = Vec::new();
        for number in 1..=total.div_ceil(size) {
            let orders = page(app, &format!("page_size={size}&page={number}&o={}", keys.join(","))).await;
            assert!(orders.len() == size || all.len() + orders.len() == total, "{size} {keys:?} page {number}");
            all.extend(orders);
        }
        let default = vec!["created".to_owned()];
        assert_sorted(&all, if keys.is_empty() { &default } else { &keys });
        let mut uuids: Vec<&str> = all.iter().map(|order| order["uuid"].as_str().unwrap()).collect();
        uuids.sort_unstable();
        uuids.dedup();
        assert_eq!(uuids.len(), total, "page_size={size} o={keys:?}");
    }
}

both! {
    async fn orders_of_the_list(app: TestApp) {
        crowd(&app, 61).await;
        single_keys(&app).await;
        pages_partition_the_list(&app, 61).await;
    }
}
