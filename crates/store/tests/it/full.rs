//! SQLite ends a transaction by itself when there is no room: what comes after it is a transaction of its own again.

use mercat_store::{Db, StoreError};
use mercat_testkit::{Backend, TestApp};
use sea_orm::{ConnectionTrait as _, DbErr};

#[tokio::test]
async fn what_is_committed_after_the_disk_was_full_is_there() {
    let app = TestApp::new(Backend::Sqlite).await;
    let db = Db::connect(&app.url, 4).await.unwrap();
    let set_up = "CREATE TABLE notes (text TEXT NOT NULL)";
    let full = db.write().await.unwrap();
    full.execute_unprepared(set_up).await.unwrap();
    full.commit().await.unwrap();
    for round in 0..3 {
        let full = db.write().await.unwrap();
        // Not one page more than there are.
        full.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
        let large = format!("INSERT INTO notes VALUES ('{}')", "x".repeat(100_000));
        let refused: StoreError = full.execute_unprepared(&large).await.unwrap_err().into();
        assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
        drop(full);
        for _ in 0..round {
            drop(db.write().await.unwrap());
        }
        let room = db.write().await.unwrap();
        room.execute_unprepared("PRAGMA max_page_count = 4294967294").await.unwrap();
        room.execute_unprepared(&format!("INSERT INTO notes VALUES ('{round}')")).await.unwrap();
        room.commit().await.unwrap();
        let found = "SELECT text FROM notes ORDER BY text";
        let found = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, found);
        let found = db.read().query_all_raw(found).await.unwrap();
        let found: Result<Vec<String>, DbErr> = found.iter().map(|row| row.try_get_by_index(0)).collect();
        assert_eq!(found.unwrap().len(), round + 1, "round {round}");
    }
}
