//! Words that the tests about time share.

use chrono::{NaiveDate, TimeDelta};
use mercat_app::{App, jobs, projects};
use mercat_domain::{id::OrderId, order::OrderState, time::start_of_day};
use mercat_store::{
    delivery,
    entity::{job, order, resource},
    event,
};
use mercat_testkit::{Offered, TestApp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set, Unchanged};
use tokio::task::JoinSet;

/// One second.
pub const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The day that many days from now.
pub fn day(app: &TestApp, days: i64) -> NaiveDate {
    app.app.now().date_naive() + TimeDelta::days(days)
}

/// Moves the clock to a moment, forwards or backwards; nothing is done.
pub fn turn_to(app: &TestApp, time: mercat_domain::time::Timestamp) {
    app.clock.advance(time - app.app.now());
}

/// Moves the clock to the first moment of a day; nothing is done.
pub fn turn_to_day(app: &TestApp, day: NaiveDate) {
    turn_to(app, start_of_day(day));
}

/// Two workers of two processes do what is due, side by side.
pub async fn two_workers(app: &TestApp) {
    let processes: [App; 2] = [app.app.clone(), app.sibling_app().await];
    let mut workers = JoinSet::new();
    for app in processes {
        workers.spawn(async move { mercat_worker::drain(&app).await.unwrap() });
    }
    workers.join_all().await;
    // A worker that finds all due jobs held by the other is done; what these led to may be left.
    app.drain().await;
}

/// Starts the jobs that come again and again.
pub async fn standing(app: &TestApp) {
    jobs::ensure_standing(&app.app).await.unwrap();
    app.drain().await;
}

/// What happened to an order, by the names of the actions.
pub async fn past(app: &TestApp, order: &str) -> Vec<String> {
    let log = event::of_order(app.app.db.read(), order.parse::<OrderId>().unwrap()).await.unwrap();
    log.into_iter().map(|row| row.action).collect()
}

/// The state of an order.
pub async fn state(app: &TestApp, order: &str) -> OrderState {
    app.order_row(order).await.state
}

/// The jobs of a kind.
pub async fn queue(app: &TestApp, kind: &str) -> Vec<job::Model> {
    job::Entity::find().filter(job::Column::Kind.eq(kind)).all(app.app.db.read()).await.unwrap()
}

/// Sets the first and the last day of P, as its owners do.
pub async fn set_project_start(app: &TestApp, day: Option<NaiveDate>) {
    let mut tx = app.app.begin_own().await.unwrap();
    projects::set_start_date(&mut tx, app.world.project, day).await.unwrap();
    tx.commit().await.unwrap();
}

/// A resource that works, with the order that made it.
pub async fn running(app: &TestApp, offering_type: &str) -> (Offered, String) {
    let offered = app.offering(offering_type).await;
    let order = app.order("own", &offered).await;
    if offering_type != "Support.OfferingTemplate" {
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
    }
    app.drain().await;
    if state(app, &order).await == OrderState::Executing {
        app.post("vown", &format!("/api/marketplace-orders/{order}/set_state_done/")).await.expect(200);
    }
    assert_eq!(state(app, &order).await, OrderState::Done);
    (offered, order)
}

/// Sets the last day of an order's resource.
pub async fn ends_on(app: &TestApp, order: &str, day: NaiveDate) {
    let id = app.order_row(order).await.resource_id;
    app.save(resource::ActiveModel { id: Unchanged(id), end_date: Set(Some(day)), ..Default::default() }).await;
}

/// The orders of another order's resource that came after it, oldest first.
pub async fn later_orders(app: &TestApp, first: &str) -> Vec<order::Model> {
    let resource = app.order_row(first).await.resource_id;
    let of = order::Entity::find().filter(order::Column::ResourceId.eq(resource.uuid()));
    let all = of.order_by_asc(order::Column::Created).order_by_asc(order::Column::Id).all(app.app.db.read()).await;
    all.unwrap().into_iter().filter(|row| row.id.to_string() != first).collect()
}

/// To whom mail about an order went by this template, sorted, with whether it has a link to decide by.
pub async fn letters(app: &TestApp, order: &str, template: &str) -> Vec<(String, bool)> {
    let rows = delivery::of_order(app.app.db.read(), order.parse().unwrap()).await.unwrap();
    let of = rows.iter().filter(|row| row.payload["template"] == template);
    let mut to: Vec<_> =
        of.map(|row| (row.payload["to"].as_str().unwrap().to_owned(), row.payload["link"].is_string())).collect();
    to.sort();
    to
}
