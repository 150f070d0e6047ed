//! A request that is sent again under its key happens once (design 3).

use chrono::TimeDelta;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Either, select},
};
use http::{Method, Request, header};
use mercat_app::jobs;
use mercat_store::{entity::order, facts};
use mercat_testkit::{Backend, Offered, Reply, TestApp, both};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::support::{Ask as _, ORDERS, assert_reply, at, detail, merged};

fn request(app: &TestApp, who: &str, path: &str, key: &str, body: &Value) -> Request<axum::body::Body> {
    let request = app.request(who, Method::POST, path).header("idempotency-key", key);
    request.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into()).unwrap()
}

async fn post(app: &TestApp, who: &str, path: &str, key: &str, body: &Value) -> Reply {
    app.send(request(app, who, path, key, body)).await
}

async fn count(app: &TestApp) -> u64 {
    order::Entity::find().count(app.app.db.read()).await.unwrap()
}

async fn sent_again(app: &TestApp, offered: &Offered) {
    let body = app.order_body(offered);
    let first = post(app, "own", ORDERS, "k-1", &body).await.expect(201);
    assert_eq!(first.header("idempotent-replay"), "");
    app.clock.advance(TimeDelta::hours(3));
    app.act("vown", &first.text("uuid"), "reject_by_provider").await.expect(200);
    let again = post(app, "own", ORDERS, "k-1", &body).await.expect(201);
    assert_eq!(again.bytes, first.bytes, "byte for byte, though the order has moved on");
    for name in ["content-type", "location"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.header("idempotent-replay"), "true");
    assert_eq!(count(app).await, 1);
}

async fn another_request(app: &TestApp, offered: &Offered) {
    let body = app.order_body(offered);
    let other = merged(body.clone(), json!({"request_comment": "other"}));
    let reused = detail("This Idempotency-Key was already used for another request.");
    assert_reply(&post(app, "own", ORDERS, "k-1", &other).await, 422, &reused, "another body");
    assert_reply(&post(app, "own", &format!("{ORDERS}?field=uuid"), "k-1", &body).await, 422, &reused, "another path");
    assert_eq!(count(app).await, 1);
    post(app, "mgr", ORDERS, "k-1", &other).await.expect(201);
    post(app, "own", ORDERS, "k-2", &body).await.expect(201);
    assert_eq!(count(app).await, 3, "keys are each user's own");
    for bad in ["", " ", &"k".repeat(256)] {
        assert_eq!(post(app, "own", ORDERS, bad, &body).await.status, 400, "{bad:?}");
    }
}

async fn refused_requests_leave_nothing(app: &TestApp, offered: &Offered) {
    let before = count(app).await;
    let bad = merged(app.order_body(offered), json!({"limits": {"gpu": 1}}));
    for _ in 0..2 {
        let reply = post(app, "own", ORDERS, "k-3", &bad).await.expect(400);
        assert_eq!(reply.header("idempotent-replay"), "", "a refusal is found anew");
    }
    assert_eq!(count(app).await, before);
    post(app, "own", ORDERS, "k-3", &app.order_body(offered)).await.expect(201);
    assert_eq!(count(app).await, before + 1, "the key was not used up");
}

/// Actions: the second approval would be refused, its repetition is not.
async fn actions(app: &TestApp, offered: &Offered) {
    let order = app.order("mgr", offered).await;
    let path = at(&order, "approve_by_consumer");
    let first = post(app, "own", &path, "k-4", &json!({})).await.expect(200);
    let again = post(app, "own", &path, "k-4", &json!({})).await.expect(200);
    assert_eq!((&again.bytes, again.header("idempotent-replay")), (&first.bytes, "true"));
    assert_eq!(post(app, "own", &path, "k-5", &json!({})).await.status, 409);
    let path = at(&order, "reject_by_provider");
    for _ in 0..2 {
        assert_reply(&post(app, "vown", &path, "k-4", &json!({})).await, 200, &Value::Null, "no body");
    }
    let order = app.order("mgr", offered).await;
    let path = at(&order, "unlink");
    for _ in 0..2 {
        assert_reply(&post(app, "staff", &path, "k-4", &json!({})).await, 204, &Value::Null, "the order is gone");
    }
}

async fn forgotten_after_a_day(app: &TestApp, offered: &Offered) {
    let body = app.order_body(offered);
    let first = post(app, "own", ORDERS, "k-6", &body).await.expect(201);
    jobs::ensure_standing(&app.app).await.unwrap();
    app.pass(TimeDelta::hours(23)).await;
    assert_eq!(post(app, "own", ORDERS, "k-6", &body).await.bytes, first.bytes);
    app.pass(TimeDelta::hours(2)).await;
    let later = post(app, "own", ORDERS, "k-6", &body).await.expect(201);
    assert_ne!(later.text("uuid"), first.text("uuid"));
}

/// The answer that comes first, and the request that still waits.
async fn faster<'a>(one: BoxFuture<'a, Reply>, two: BoxFuture<'a, Reply>) -> (Reply, BoxFuture<'a, Reply>) {
    match select(one, two).await {
        Either::Left(first) | Either::Right(first) => first,
    }
}

both! {
    async fn a_key_makes_a_request_happen_once(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        sent_again(&app, &offered).await;
        another_request(&app, &offered).await;
        refused_requests_leave_nothing(&app, &offered).await;
        actions(&app, &offered).await;
        forgotten_after_a_day(&app, &offered).await;
    }

    async fn a_second_request_is_told_that_the_first_is_running(app: TestApp) {
        let offered = app.offering_with("Marketplace.Slurm", |_, plan, _| plan.max_amount = Some(10)).await;
        let body = app.order_body(&offered);
        // Whoever orders what there are so many of waits for this lock; on SQLite the transaction itself is one.
        let held = app.app.db.write().await.unwrap();
        facts::lock_offering(&held, offered.id).await.unwrap();
        let send = || post(&app, "own", ORDERS, "k", &body).boxed();
        let running = detail("A request with this Idempotency-Key is still running.");
        let (refused, mut waiting) = faster(send(), send()).await;
        assert_reply(&refused, 409, &running, "while the other waits");
        if app.backend == Backend::Postgres {
            // Both are driven: whichever process takes the key first, the other is refused.
            let sibling = app.sibling().await;
            let elsewhere = app.send_to(sibling, request(&app, "own", ORDERS, "k", &body)).boxed();
            let (refused, first) = faster(waiting, elsewhere).await;
            assert_reply(&refused, 409, &running, "in another process");
            waiting = first;
        }
        held.rollback().await.unwrap();
        let first = waiting.await.expect(201);
        assert_eq!(post(&app, "own", ORDERS, "k", &body).await.bytes, first.bytes);
        let elsewhere = app.send_to(app.sibling().await, request(&app, "own", ORDERS, "k", &body)).await;
        assert_eq!(elsewhere.bytes, first.bytes, "in another process");
        assert_eq!(count(&app).await, 1);
    }
}
