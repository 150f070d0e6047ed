//! A page that is far behind the first is found by the counts of days, and is the page that passing over the others finds.

use chrono::TimeDelta;
use mercat_domain::{id::OrderId, order::OrderState};
use mercat_store::{
    counts,
    entity::order,
    order::{OrderFilter, Sort, SortKey, Stretch, ids, list},
};
use mercat_testkit::{TestApp, both};
use sea_orm::{Set, Unchanged};

const STATES: [OrderState; 4] =
    [OrderState::PendingProvider, OrderState::Executing, OrderState::Done, OrderState::Erred];

/// Orders over some months, several on most days, in changing states.
async fn fill(app: &TestApp) -> u64 {
    let offered = app.offering("Marketplace.Basic").await;
    let now = app.app.now();
    for n in 0..24_i64 {
        let id: OrderId = app.order("own", &offered).await.parse().unwrap();
        let created = now + TimeDelta::hours(n * n * 7 % 1_500);
        let state = STATES[usize::try_from(n % 4).unwrap()];
        app.save(order::ActiveModel {
            id: Unchanged(id),
            created: Set(created),
            state: Set(state),
            ..Default::default()
        })
        .await;
    }
    24
}

both! {
    async fn far_pages_are_those_that_passing_over_finds(app: TestApp) {
        let orders = fill(&app).await;
        let (conn, staff) = (app.app.db.read(), app.world.users["staff"]);
        assert_eq!(counts::wrong(conn).await.unwrap(), 0);
        let (created, state) = (SortKey::Created, SortKey::State);
        let states = |states: &[OrderState]| OrderFilter::State(states.to_vec());
        let filters = [
            vec![],
            vec![states(&STATES[..1])],
            vec![states(&STATES[1..3])],
            vec![OrderFilter::Not(vec![states(&STATES[..2])])],
            vec![states(&[])],
        ];
        for descending in [false, true] {
            let keys: [&[SortKey]; 4] = [&[created], &[state], &[state, created], &[created, state]];
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
}
