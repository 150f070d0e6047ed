//! Connections that the database closed, as when it is started again, are replaced.

use mercat_store::Db;
use mercat_testkit::{Backend, TestApp};
use sea_orm::ConnectionTrait as _;

const CONNECTIONS: u32 = 3;

#[tokio::test]
async fn what_the_database_closed_costs_an_answer_each_at_most() {
    let app = TestApp::new(Backend::Postgres).await;
    let db = Db::connect(&app.url, CONNECTIONS).await.unwrap();
    let ask = || db.read().execute_unprepared("SELECT pg_sleep(0.1)");
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    one.and(two).and(three).unwrap();
    close_all(&app).await;
    let mut lost = 0;
    while ask().await.is_err() {
        lost += 1;
        assert!(lost <= CONNECTIONS, "a connection that is closed is asked again");
    }
}

/// All connections to the database but the one that asks for it.
async fn close_all(app: &TestApp) {
    let others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    app.app.db.read().execute_unprepared(others).await.unwrap();
}
