//! Orders that wait for a day, and orders that nobody fulfils: once, at their time, whatever the clock does meanwhile.

use chrono::{NaiveDate, TimeDelta};
use mercat_domain::{order::OrderState, time::start_of_day};
use mercat_testkit::{Offered, TestApp, both};
use serde_json::json;

use crate::support::{SECOND, day, past, queue, set_project_start, state, turn_to, turn_to_day, two_workers};

/// An order that starts by itself on a day.
async fn order_for(app: &TestApp, offered: &Offered, start: NaiveDate) -> String {
    let mut body = app.order_body(offered);
    body["start_date"] = json!(start.to_string());
    app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid")
}

/// What an order went through that waited for its own day and began.
const BEGAN: [&str; 2] = ["submit", "start_date_reached"];

both! {
    async fn a_day_begins_at_midnight_utc_all_the_year(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        // Nights in which clocks are changed in Europe and in America, a leap day, the turn of the year.
        for date in ["2025-10-26", "2025-11-02", "2025-12-31", "2026-01-01", "2026-03-08", "2026-03-29", "2028-02-29"] {
            let start: NaiveDate = date.parse().unwrap();
            let order = order_for(&app, &offered, start).await;
            turn_to(&app, start_of_day(start) - SECOND);
            app.drain().await;
            assert_eq!(state(&app, &order).await, OrderState::PendingStartDate, "{date}");
            app.pass(SECOND).await;
            assert_eq!(state(&app, &order).await, OrderState::Executing, "{date}");
            assert_eq!(past(&app, &order).await, BEGAN, "{date}");
        }
    }

    async fn what_was_due_while_nothing_ran_is_done_once(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let own = order_for(&app, &offered, day(&app, 2)).await;
        set_project_start(&app, Some(day(&app, 3))).await;
        let of_project = app.order("own", &offered).await;
        app.clock.advance(TimeDelta::days(30));
        two_workers(&app).await;
        assert_eq!(past(&app, &own).await, BEGAN);
        assert_eq!(past(&app, &of_project).await, ["submit", "project_start"]);
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(past(&app, &own).await, BEGAN, "and not again");
    }

    async fn an_order_begins_once_however_the_clock_jumps(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let (today, start) = (day(&app, 0), day(&app, 2));
        let order = order_for(&app, &offered, start).await;
        turn_to_day(&app, today - TimeDelta::days(400));
        app.drain().await;
        assert_eq!(state(&app, &order).await, OrderState::PendingStartDate);
        turn_to_day(&app, start);
        app.drain().await;
        assert_eq!(past(&app, &order).await, BEGAN);
        turn_to_day(&app, start - TimeDelta::days(1));
        app.drain().await;
        turn_to_day(&app, start);
        app.drain().await;
        assert_eq!(past(&app, &order).await, BEGAN);
    }

    async fn a_project_that_begins_earlier_or_later_takes_its_orders_along(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let (soon, planned, late) = (day(&app, 2), day(&app, 5), day(&app, 9));
        set_project_start(&app, Some(planned)).await;
        let order = app.order("own", &offered).await;
        set_project_start(&app, Some(late)).await;
        turn_to_day(&app, planned);
        app.drain().await;
        assert_eq!(state(&app, &order).await, OrderState::PendingProject);
        turn_to_day(&app, soon);
        set_project_start(&app, Some(day(&app, 1))).await;
        app.pass(TimeDelta::days(1) - SECOND).await;
        assert_eq!(state(&app, &order).await, OrderState::PendingProject);
        app.pass(SECOND).await;
        assert_eq!(state(&app, &order).await, OrderState::PendingProvider);
        turn_to_day(&app, late);
        two_workers(&app).await;
        assert_eq!(past(&app, &order).await, ["submit", "project_start"]);
        assert!(queue(&app, "start_order").await.is_empty(), "nothing is left over");
    }

    async fn first_the_project_and_then_the_order_itself(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        set_project_start(&app, Some(day(&app, 2))).await;
        let order = order_for(&app, &offered, day(&app, 4)).await;
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(state(&app, &order).await, OrderState::PendingStartDate);
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(past(&app, &order).await, ["submit", "project_start", "start_date_reached"]);
    }

    async fn a_touched_order_is_given_up_two_hours_after_the_touch(app: TestApp) {
        let offered = app.offering("VMware.VirtualMachine").await;
        let order = app.order("own", &offered).await;
        forget(&app, "process_order").await;
        app.pass(TimeDelta::hours(1)).await;
        let path = format!("/api/marketplace-orders/{order}/set_backend_id/");
        app.post_json("vown", &path, json!({"backend_id": "vm-1"})).await.expect(200);
        app.pass(TimeDelta::hours(2) - SECOND).await;
        assert_eq!(state(&app, &order).await, OrderState::Executing);
        app.clock.advance(SECOND);
        two_workers(&app).await;
        assert_eq!(past(&app, &order).await, ["submit", "set_backend_id", "time_out"]);
        assert!(queue(&app, "expire_order").await.is_empty());
    }
}

/// As if a job had begun and never ended.
async fn forget(app: &TestApp, kind: &str) {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let db = app.app.db.write().await.unwrap();
    let of = mercat_store::entity::job::Column::Kind.eq(kind);
    mercat_store::entity::job::Entity::delete_many().filter(of).exec(&db).await.unwrap();
    db.commit().await.unwrap();
}
