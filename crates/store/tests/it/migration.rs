//! Migrations run up on an empty and on a filled database, once, also when several start together.

use mercat_store::{Db, event};
use mercat_testkit::{Backend, both};

async fn from_empty(backend: Backend) {
    let folder = tempfile::TempDir::new().unwrap();
    let url = backend.create_empty(folder.path()).await;
    let mut starters = tokio::task::JoinSet::new();
    // SQLite serves one process, so only one starts there.
    for _ in 0..if backend == Backend::Postgres { 3 } else { 1 } {
        let url = url.clone();
        starters.spawn(async move { Db::migrate(&url).await });
    }
    for result in starters.join_all().await {
        result.unwrap();
    }
    let db = Db::connect(&url, 2).await.unwrap();
    assert_eq!(db.pending_migrations().await.unwrap(), Vec::<String>::new());
    assert_eq!(event::verify(db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_empty_sqlite_file() {
    from_empty(Backend::Sqlite).await;
}

#[tokio::test]
async fn an_empty_postgres_database_and_three_servers_starting() {
    from_empty(Backend::Postgres).await;
}

both! {
    async fn a_filled_database_keeps_its_rows(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("mgr", &offered).await;
        Db::migrate(&app.url).await.unwrap();
        assert_eq!(app.order_field(&order, "state").await, "pending-consumer");
    }
}
