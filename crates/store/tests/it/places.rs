//! A page that is far behind the first is found by counts of days and by marks, and is the page that passing over the
//! others finds.

use chrono::TimeDelta;
use mercat_domain::{id::OrderId, money::Money, order::OrderState};
use mercat_store::{
    counts,
    entity::order,
    order::{OrderFilter, Sort, SortKey, Stretch, divide_marks, ids, list},
};
use mercat_testkit::{TestApp, both};
use sea_orm::{EntityTrait as _, Set, Unchanged};

const STATES: [OrderState; 4] =
    [OrderState::PendingProvider, OrderState::Executing, OrderState::Done, OrderState::Erred];

/// Orders over some months, several on most days, in changing states; some cost the same, some are debts, some have no
/// cost or no review.
async fn fill(app: &TestApp) -> Vec<OrderId> {
    let offered = app.offering("Marketplace.Basic").await;
    let now = app.app.now();
    let mut made = Vec::new();
    for n in 0..24_i64 {
        let id: OrderId = app.order("own", &offered).await.parse().unwrap();
        app.save(order::ActiveModel {
            id: Unchanged(id),
            created: Set(now + TimeDelta::hours(n * n * 7 % 1_500)),
            state: Set(STATES[usize::try_from(n % 4).unwrap()]),
            cost: Set(cost(n)),
            consumer_reviewed_at: Set((n % 3 > 0).then(|| now + TimeDelta::milliseconds(n * n % 17))),
            ..Default::default()
        })
        .await;
        made.push(id);
    }
    made
}

fn cost(n: i64) -> Option<Money> {
    (n % 5 > 0).then(|| format!("{}.{}", n % 5 * 7 - 15, n % 2).parse().unwrap())
}

/// Every page of every sorted list.
async fn are_found(app: &TestApp, orders: u64) {
    let (conn, staff) = (app.app.db.read(), app.world.users["staff"]);
    let (created, state, cost, reviewed) =
        (SortKey::Created, SortKey::State, SortKey::Cost, SortKey::ConsumerReviewedAt);
    let states = |states: &[OrderState]| OrderFilter::State(states.to_vec());
    let filters = [
        vec![],
        vec![states(&STATES[..1])],
        vec![states(&STATES[1..3])],
        vec![OrderFilter::Not(vec![states(&STATES[..2])])],
        vec![states(&[])],
    ];
    for descending in [false, true] {
        let keys: [&[SortKey]; 7] =
            [&[created], &[state], &[state, created], &[created, state], &[cost], &[reviewed, created], &[cost, state]];
        for keys in keys {
            let sorting: Vec<Sort> = keys.iter().map(|key| Sort { key: *key, descending }).collect();
            for filters in &filters {
                for offset in 0..=orders {
                    let stretch = Stretch::new(filters, &sorting, offset, 3);
                    let expected = ids(conn, stretch).await.unwrap();
                    let found = list(&app.app.db, staff, stretch).await.unwrap();
                    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{stretch:?}");
                }
            }
        }
    }
}

async fn divide(app: &TestApp) {
    let tx = app.app.db.write().await.unwrap();
    assert!(divide_marks(&tx).await.unwrap(), "there are marks to make");
    while divide_marks(&tx).await.unwrap() {}
    tx.commit().await.unwrap();
    assert_eq!(counts::wrong(app.app.db.read()).await.unwrap(), 0);
}

both! {
    async fn far_pages_are_those_that_passing_over_finds(app: TestApp) {
        let made = fill(&app).await;
        let conn = app.app.db.read();
        assert_eq!(counts::wrong(conn).await.unwrap(), 0);
        are_found(&app, 24).await;
        divide(&app).await;
        are_found(&app, 24).await;

        // Across the marks, and away with some of those at which they stand.
        let now = app.app.now();
        for (n, id) in (0_i64..).zip(&made) {
            let change = order::ActiveModel { id: Unchanged(*id), ..Default::default() };
            app.save(match n % 4 {
                0 => order::ActiveModel { cost: Set(cost(n + 3)), ..change },
                1 => order::ActiveModel { consumer_reviewed_at: Set(Some(now + TimeDelta::hours(n))), ..change },
                2 => order::ActiveModel { created: Set(now + TimeDelta::minutes(n)), cost: Set(None), ..change },
                _ => continue,
            })
            .await;
        }
        let tx = app.app.db.write().await.unwrap();
        for id in &made[..6] {
            order::Entity::delete_by_id(*id).exec(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(counts::wrong(conn).await.unwrap(), 0);
        are_found(&app, 18).await;

        let tx = app.app.db.write().await.unwrap();
        counts::rebuild(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(counts::wrong(conn).await.unwrap(), 0);
        are_found(&app, 18).await;
    }
}
