//! The event log: no gaps, no number visible before a smaller one, no forged row.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use mercat_domain::{id::OrderId, order::OrderState};
use mercat_store::{
    entity::{event as row, event_head},
    event::{self, EventScopes, NewEvent},
};
use mercat_testkit::{TestApp, both};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, IntoActiveModel as _, Set};
use serde_json::json;

const WRITERS: usize = 6;
const EACH: usize = 15;

fn new_event(app: &TestApp, order: OrderId) -> NewEvent {
    NewEvent {
        order: Some(order),
        version: 1,
        action: "submit".to_owned(),
        actor: Some(app.world.users["own"]),
        at: app.app.now(),
        from: None,
        to: Some(OrderState::Executing),
        project: Some(app.world.project),
        customer: Some(app.world.consumer),
        provider: Some(app.world.provider),
        changes: json!({"log": []}),
        message: String::new(),
    }
}

both! {
    async fn readers_miss_nothing_while_many_write(app: TestApp) {
        let done = Arc::new(AtomicBool::new(false));
        let reader = {
            let (db, done) = (app.app.db.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut cursor = 0;
                loop {
                    // Asked before reading, so that the last round sees everything.
                    let last = done.load(Ordering::SeqCst);
                    for row in event::after(db.read(), cursor, 1000).await.unwrap() {
                        assert_eq!(row.seq, cursor + 1, "a number appeared behind the reader");
                        cursor = row.seq;
                    }
                    if last {
                        return cursor;
                    }
                    tokio::task::yield_now().await;
                }
            })
        };
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..WRITERS {
            let db = app.app.db.clone();
            let events: Vec<NewEvent> = (0..EACH).map(|_| new_event(&app, uuid::Uuid::from_u128(n as u128).into())).collect();
            writers.spawn(async move {
                for event in events {
                    let tx = db.write().await.unwrap();
                    event::append(&tx, vec![event.clone(), event]).await.unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        writers.join_all().await;
        done.store(true, Ordering::SeqCst);
        assert_eq!(reader.await.unwrap(), (WRITERS * EACH * 2) as i64);
        assert_eq!(event::verify(app.app.db.read()).await.unwrap(), (WRITERS * EACH * 2) as u64);
    }

    /// While versions change, two of them append.
    async fn a_head_that_was_moved_before_its_events_stays_there(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        let insert = |seq: i64, hash: &str| {
            let hash = if db.get_database_backend() == DbBackend::Sqlite { format!("x'{hash}'") } else { format!("'\\x{hash}'") };
            format!("INSERT INTO events (seq, version, action, at, changes, message, hash)
                     SELECT {seq}, 0, 'old', created, '{{}}', '', {hash} FROM users LIMIT 1")
        };
        let head = async || {
            let head = event_head::Entity::find_by_id(1_i16).one(&db).await.unwrap().unwrap();
            (head.seq, head.hash)
        };
        let (_, before) = head().await;
        db.execute_unprepared("UPDATE event_head SET seq = seq + 2").await.unwrap();
        for (seq, hash) in [(1, "01"), (2, "02")] {
            db.execute_unprepared(&insert(seq, hash)).await.unwrap();
            assert_eq!(head().await, (2, before.clone()));
        }
        event::append(&db, vec![new_event(&app, uuid::Uuid::from_u128(1).into())]).await.unwrap();
        assert_eq!(head().await.0, 3);
    }

    async fn a_changed_row_is_found_out(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        let order: OrderId = uuid::Uuid::from_u128(1).into();
        event::append(&db, vec![new_event(&app, order), new_event(&app, order)]).await.unwrap();
        let row = row::Entity::find_by_id(1).one(&db).await.unwrap().unwrap();
        let mut forged = row.into_active_model();
        forged.actor_id = Set(Some(app.world.users["vown"]));
        forged.update(&db).await.unwrap();
        let error = event::verify(&db).await.unwrap_err();
        assert!(error.to_string().contains("number 1"), "{error}");
    }

    async fn an_event_of_a_change_that_failed_is_not_there(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        event::append(&db, vec![new_event(&app, uuid::Uuid::from_u128(1).into())]).await.unwrap();
        db.rollback().await.unwrap();
        assert_eq!(event::verify(app.app.db.read()).await.unwrap(), 0);
    }

    async fn a_tail_that_was_cut_off_is_found_out(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        let order: OrderId = uuid::Uuid::from_u128(1).into();
        event::append(&db, vec![new_event(&app, order), new_event(&app, order)]).await.unwrap();
        assert_eq!(event::verify(&db).await.unwrap(), 2);
        row::Entity::delete_by_id(2).exec(&db).await.unwrap();
        let error = event::verify(&db).await.unwrap_err();
        assert!(error.to_string().contains("ends at number 1"), "{error}");
    }

    /// Else whoever forges a row need not forge those after it.
    async fn a_hash_is_over_all_that_came_before(app: TestApp) {
        let order: OrderId = uuid::Uuid::from_u128(1).into();
        let mut hashes = Vec::new();
        for version in [1, 2] {
            let db = app.app.db.write().await.unwrap();
            let before = NewEvent { version, ..new_event(&app, order) };
            event::append(&db, vec![before, new_event(&app, order), new_event(&app, order)]).await.unwrap();
            hashes.push(row::Entity::find_by_id(3).one(&db).await.unwrap().unwrap().hash);
            db.rollback().await.unwrap();
        }
        assert_ne!(hashes[0], hashes[1]);
    }

    async fn a_row_at_hand_is_seen_by_those_who_find_it(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        let (world, nobody) = (&app.world, uuid::Uuid::from_u128(1));
        let order: OrderId = nobody.into();
        let apart = NewEvent { project: None, customer: None, provider: None, ..new_event(&app, order) };
        let whole = new_event(&app, order);
        let events = vec![
            apart.clone(),
            NewEvent { project: whole.project, ..apart.clone() },
            NewEvent { customer: whole.customer, ..apart.clone() },
            NewEvent { provider: whole.provider, ..apart },
            whole,
        ];
        event::append(&db, events).await.unwrap();
        let sights: [(&[_], &[_], &[i64]); 5] = [
            (&[], &[], &[]),
            (&[world.project], &[], &[2, 5]),
            (&[], &[world.consumer], &[3, 5]),
            (&[], &[world.provider], &[4, 5]),
            (&[nobody.into()], &[nobody.into()], &[]),
        ];
        let rows = event::after(&db, 0, 10).await.unwrap();
        for (projects, customers, seen) in sights {
            let scopes = EventScopes { projects: projects.to_vec(), customers: customers.to_vec() };
            let found = event::between(&db, 0, 10, &[event::seen_with(&scopes)], 10).await.unwrap();
            assert_eq!(found.iter().map(|row| row.seq).collect::<Vec<_>>(), seen, "{scopes:?}");
            let at_hand = rows.iter().filter(|row| scopes.see(row));
            assert_eq!(at_hand.map(|row| row.seq).collect::<Vec<_>>(), seen, "{scopes:?}");
        }
    }
}
