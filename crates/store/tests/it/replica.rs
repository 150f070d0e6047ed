//! A replica is read while it is new enough for whoever asks, and the database itself otherwise.

use mercat_domain::id::UserId;
use mercat_store::{
    Db,
    order::{Stretch, page},
};
use mercat_testkit::{Backend, TestApp};
use sea_orm::ConnectionTrait as _;

const ALL: Stretch<'_> = Stretch::new(&[], &[], 0, 10);

/// The number of orders where somebody's list is read.
async fn total(db: &Db, reader: UserId) -> u64 {
    page(db, reader, ALL).await.unwrap().total
}

async fn orders(app: &TestApp, number: usize) {
    let offered = app.offering("Marketplace.Basic").await;
    for _ in 0..number {
        app.order("own", &offered).await;
    }
}

#[tokio::test]
async fn whoever_changed_something_reads_it_from_the_database() {
    // Another database stands for the replica: its number of orders tells which one was read.
    let (app, other) = (TestApp::new(Backend::Postgres).await, TestApp::new(Backend::Postgres).await);
    orders(&app, 3).await;
    orders(&other, 2).await;
    let db = Db::connect(&app.url, 4).await.unwrap().with_replica(&other.url, 2).await.unwrap();
    let (writer, reader) = (app.world.users["own"], app.world.users["staff"]);
    assert_eq!(total(&db, reader).await, 2, "the replica");
    assert_eq!(total(&db, writer).await, 3, "the replica has not seen the third order");
    orders(&other, 2).await;
    assert_eq!(total(&db, writer).await, 4, "the replica is new enough");
    rename(&app).await;
    assert_eq!(total(&db, reader).await, 3, "the replica has not heard of the new name");
    rename(&other).await;
    assert_eq!(total(&db, reader).await, 4);
}

/// Changes that are no events; more than what the two have been made different by.
async fn rename(app: &TestApp) {
    for _ in 0..20 {
        app.app.db.read().execute_unprepared("UPDATE projects SET name = name || '-new'").await.unwrap();
    }
}

#[tokio::test]
async fn a_replica_that_is_away_costs_time_but_no_answer() {
    let app = TestApp::new(Backend::Postgres).await;
    orders(&app, 1).await;
    // Nobody listens there.
    let away = "postgres://nobody@127.0.0.1:9/nothing";
    let db = Db::connect(&app.url, 4).await.unwrap().with_replica(away, 2).await.unwrap();
    assert_eq!(total(&db, app.world.users["staff"]).await, 1);
}
