//! Messages leave in the order of their lane, are held by one sender at a time, and each try is noted once.

use std::sync::Arc;

use chrono::TimeDelta;
use mercat_app::ids;
use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    time::Timestamp,
};
use mercat_store::{
    DatabaseTransaction,
    delivery::{Message, Outcome, claim, finish, forget_before, insert, release},
    entity::{
        delivery::{Column, Entity, Model},
        delivery_attempt,
    },
};
use mercat_testkit::{TestApp, both};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::json;

/// For how long a sender holds what it claims.
const LEASE: TimeDelta = TimeDelta::seconds(60);

fn message(app: &TestApp, lane: &str) -> Message {
    Message {
        id: ids::new(app.app.now()),
        kind: DeliveryKind::Signed,
        lane: lane.to_owned(),
        target: format!("target of {lane}"),
        order: None,
        hook: None,
        event: None,
        payload: json!({}),
    }
}

async fn claimed(db: &DatabaseTransaction, now: Timestamp, busy: &[String]) -> Vec<Model> {
    claim(db, now, now + LEASE, busy, 10).await.unwrap()
}

fn lanes(rows: &[Model]) -> Vec<&str> {
    rows.iter().map(|row| row.lane.as_str()).collect()
}

/// Notes a try; whether nobody had noted it before.
async fn tried(db: &DatabaseTransaction, row: &Model, at: Timestamp, state: DeliveryState) -> bool {
    let attempt = delivery_attempt::Model {
        id: ids::new(at),
        delivery_id: row.id,
        at,
        milliseconds: 1,
        status: Some(200),
        error: None,
        response: None,
    };
    finish(db, row, attempt, Outcome { state, due: at, error: None }).await.unwrap()
}

both! {
    async fn a_lane_goes_one_by_one(app: TestApp) {
        let (db, now) = (app.app.db.write().await.unwrap(), app.app.now());
        insert(&db, vec![message(&app, "a"), message(&app, "a"), message(&app, "b")], now).await.unwrap();
        insert(&db, vec![message(&app, "a"), message(&app, "b")], now).await.unwrap();
        let first = claimed(&db, now, &["target of b".to_owned()]).await;
        assert_eq!(lanes(&first), ["a"], "the other's target is busy");
        assert_eq!(lanes(&claimed(&db, now, &[]).await), ["b"]);
        assert_eq!(lanes(&claimed(&db, now, &[]).await), [""; 0], "they are claimed");
        assert!(tried(&db, &first[0], now, DeliveryState::Delivered).await);
        let second = claimed(&db, now, &[]).await;
        assert_eq!(lanes(&second), ["a"]);
        assert!(second[0].number > first[0].number);
        assert_eq!(lanes(&claimed(&db, now + LEASE, &[]).await), ["a", "b"], "a sender that died holds nothing");
    }

    async fn a_try_is_noted_once(app: TestApp) {
        let (db, now) = (app.app.db.write().await.unwrap(), app.app.now());
        insert(&db, vec![message(&app, "a")], now).await.unwrap();
        let row = claimed(&db, now, &[]).await.remove(0);
        assert!(tried(&db, &row, now, DeliveryState::Pending).await);
        assert!(!tried(&db, &row, now, DeliveryState::Pending).await, "another sender has noted this one");
        let row = claimed(&db, now, &[]).await.remove(0);
        assert_eq!(row.attempts, 1);
        assert!(tried(&db, &row, now, DeliveryState::Delivered).await);
        assert!(!tried(&db, &row, now, DeliveryState::Dead).await);
        let tries = delivery_attempt::Entity::find().all(&db).await.unwrap();
        assert_eq!(tries.len(), 2);
    }

    async fn only_what_was_not_tried_is_given_back(app: TestApp) {
        let (db, now) = (app.app.db.write().await.unwrap(), app.app.now());
        insert(&db, vec![message(&app, "again"), message(&app, "over"), message(&app, "untried")], now).await.unwrap();
        let rows: Vec<Arc<Model>> = claimed(&db, now, &[]).await.into_iter().map(Arc::new).collect();
        let later = now + TimeDelta::hours(1);
        assert!(tried(&db, &rows[0], later, DeliveryState::Pending).await);
        assert!(tried(&db, &rows[1], later, DeliveryState::Delivered).await);
        release(&db, &rows, now).await.unwrap();
        assert_eq!(lanes(&claimed(&db, now, &[]).await), ["untried"]);
    }

    async fn what_waits_is_never_forgotten(app: TestApp) {
        let (db, now) = (app.app.db.write().await.unwrap(), app.app.now());
        insert(&db, vec![message(&app, "late"), message(&app, "early"), message(&app, "waits")], now).await.unwrap();
        let rows = claimed(&db, now, &[]).await;
        let day = TimeDelta::days(1);
        assert!(tried(&db, &rows[0], now + day * 2, DeliveryState::Dead).await);
        assert!(tried(&db, &rows[1], now + day, DeliveryState::Delivered).await);
        forget_before(&db, now + day * 2).await.unwrap();
        let left = Entity::find().order_by_asc(Column::Number).all(&db).await.unwrap();
        assert_eq!(lanes(&left), ["late", "waits"]);
    }
}
