//! Money is exact and sorts by value on both databases.

use mercat_domain::{id::OrderId, money::Money};
use mercat_store::{
    entity::{order, plan},
    order::{OrderFilter, Sort, SortKey, Stretch, count, list},
};
use mercat_testkit::both;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set, Unchanged};

const AMOUNTS: &[&str] = &["123456789012.0123456789", "-0.0000000001", "999999999999.9999999999", "0", "9", "10"];

both! {
    async fn amounts_come_back_as_they_were(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let db = app.app.db.write().await.unwrap();
        for text in AMOUNTS {
            let amount: Money = text.parse().unwrap();
            let row = plan::Entity::find_by_id(offered.plan).one(&db).await.unwrap().unwrap();
            let mut change = row.into_active_model();
            change.unit_price = Set(amount);
            assert_eq!(change.update(&db).await.unwrap().unit_price, amount, "{text} as returned by the update");
            let read = plan::Entity::find_by_id(offered.plan).one(&db).await.unwrap().unwrap().unit_price;
            assert_eq!(read, amount, "{text} as read again");
        }
    }

    async fn costs_sort_by_value_and_nulls_as_on_postgresql(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let costs = [
            Some("9"),
            Some("-0.0000000001"),
            Some("10"),
            None,
            Some("100000000000.0000000001"),
            Some("-10.5"),
            Some("100000000000.0000000002"),
            Some("0"),
            Some("-10.25"),
            Some("-999999999999.9999999999"),
        ];
        let mut orders: Vec<OrderId> = Vec::new();
        for _ in costs {
            orders.push(app.order("own", &offered).await.parse().unwrap());
        }
        let db = app.app.db.write().await.unwrap();
        for (cost, id) in costs.into_iter().zip(orders) {
            let row = order::Entity::find_by_id(id).one(&db).await.unwrap().unwrap();
            let mut change = row.into_active_model();
            change.cost = Set(cost.map(|text| text.parse().unwrap()));
            change.update(&db).await.unwrap();
        }
        db.commit().await.unwrap();
        for descending in [false, true] {
            let sort = [Sort { key: SortKey::Cost, descending }];
            let all = Stretch::new(&[], &sort, 0, 10);
            let rows = list(&app.app.db, app.world.users["staff"], all).await.unwrap();
            let mut expected: Vec<Option<Money>> = costs.iter().map(|cost| cost.map(|text| text.parse().unwrap())).collect();
            expected.sort_by_key(|cost| (cost.is_none(), *cost));
            if descending {
                expected.reverse();
            }
            assert_eq!(rows.iter().map(|row| row.cost).collect::<Vec<_>>(), expected, "descending: {descending}");
        }
    }

    async fn bounds_of_costs_are_exact(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let money = |text: &str| -> Money { text.parse().unwrap() };
        for cost in ["9", "10", "10.0000000001"] {
            let id = app.order("own", &offered).await.parse().unwrap();
            app.save(order::ActiveModel { id: Unchanged(id), cost: Set(Some(money(cost))), ..Default::default() }).await;
        }
        for (filter, expected) in [
            (OrderFilter::CostAbove(money("10")), 1),
            (OrderFilter::CostBelow(money("10")), 1),
            (OrderFilter::Cost(money("9"), money("10")), 2),
            (OrderFilter::Cost(money("9.0000000001"), money("9.9999999999")), 0),
        ] {
            assert_eq!(count(app.app.db.read(), std::slice::from_ref(&filter)).await.unwrap(), expected, "{filter:?}");
        }
    }
}
