//! Who calls: tokens in every spelling, their life time, staff acting as others, roles that end (spec 3.3, 4.1).

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::body::Body;
use chrono::TimeDelta;
use futures_util::stream;
use http::{Method, header};
use mercat_domain::{id::UserId, permission::Scope};
use mercat_store::entity::{role, user, user_role};
use mercat_testkit::{Reply, TestApp, both};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set, Unchanged};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{ORDERS, assert_reply, at, detail};

const ME: &str = "/api/users/me/";
const NOT_PROVIDED: &str = "Authentication credentials were not provided.";

async fn with(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = app.request("", Method::GET, path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    app.send(request.body("".into()).unwrap()).await
}

async fn spellings(app: &TestApp) {
    for text in [
        "Token token-own",
        "token token-own",
        "TOKEN token-own",
        "Bearer token-own",
        "bearer token-own",
        "Bearer Token token-own",
        "BEARER tOKEN token-own",
        "Token  token-own",
    ] {
        let reply = with(app, ME, &[("authorization", text)]).await.expect(200);
        assert_eq!(reply.json()["username"], "own", "{text}");
    }
    for (text, told) in [
        ("Bearer", "Invalid token. No credentials provided."),
        ("Bearer Token", "Invalid token. No credentials provided."),
        ("Bearer a b", "Invalid token. Token string should not contain spaces."),
        ("Bearer nobody", "Invalid token."),
        ("Token TOKEN-OWN", "Invalid token."),
        ("token-own", NOT_PROVIDED),
        ("Digest token-own", NOT_PROVIDED),
    ] {
        assert_reply(&with(app, ME, &[("authorization", text)]).await, 401, &detail(told), text);
    }
}

async fn in_the_query(app: &TestApp) {
    for query in ["x-auth-token=Token%20token-own", "x-auth-token=Token+token-own", "x-auth-token=token-own"] {
        let path = format!("{ORDERS}?{query}&state=done");
        assert_reply(&with(app, &path, &[]).await, 200, &json!([]), query);
        let other = with(app, &path, &[("authorization", "Token nobody")]).await;
        assert_reply(&other, 401, &detail("Invalid token."), "the header comes first");
    }
    assert_reply(&with(app, &format!("{ORDERS}?x-auth-token="), &[]).await, 401, &detail(NOT_PROVIDED), "empty");
    let reply = with(app, &format!("{ORDERS}?x-auth-token=token-own&page_size=1"), &[]).await.expect(200);
    assert!(reply.header("link").contains("page_size=1"), "{}", reply.header("link"));
}

async fn life_times(app: &TestApp) {
    app.token(app.world.users["own"], "short", Some(600)).await;
    app.token(app.world.users["own"], "endless", None).await;
    let status = async |token: &str| with(app, ME, &[("authorization", &format!("Token {token}"))]).await;
    for _ in 0..5 {
        app.clock.advance(TimeDelta::seconds(599));
        assert_eq!(status("short").await.status, 200, "each use renews it");
    }
    app.clock.advance(TimeDelta::seconds(601));
    assert_reply(&status("short").await, 401, &detail("Token has expired."), "unused for too long");
    assert_reply(&status("short").await, 401, &detail("Token has expired."), "and it stays so");
    app.clock.advance(TimeDelta::days(4000));
    assert_eq!(status("endless").await.status, 200);
}

async fn set_active(app: &TestApp, id: UserId, is_active: bool) {
    app.save(user::ActiveModel { id: Unchanged(id), is_active: Set(is_active), ..Default::default() }).await;
}

async fn inactive_users(app: &TestApp) {
    let own = app.world.users["own"];
    let order = app.order("own", &app.offering("Marketplace.Slurm").await).await;
    set_active(app, own, false).await;
    assert_reply(&app.get("own", &at(&order, "")).await, 401, &detail("User inactive or deleted."), "inactive");
    assert_eq!(app.order_field(&order, "created_by_username").await, "own", "what they did stays");
    set_active(app, own, true).await;
    app.get("own", &at(&order, "")).await.expect(200);
}

async fn impersonation(app: &TestApp) {
    let act_as = async |who: &str, wish: &str, path: &str| {
        let token = format!("Token token-{who}");
        with(app, path, &[("authorization", &token), ("x-impersonated-user-uuid", wish)]).await
    };
    let (mgr, staff) = (app.world.users["mgr"], app.world.users["staff"]);
    for wish in [mgr.to_string(), mgr.uuid().hyphenated().to_string()] {
        let reply = act_as("staff", &wish, ME).await.expect(200);
        assert_eq!(reply.json()["username"], "mgr");
        assert_eq!(reply.header("x-impersonator-uuid"), staff.to_string());
    }
    for (who, wish) in [
        ("staff", "nonsense"),
        ("staff", "0123456789abcdef0123456789abcdef"),
        ("own", &mgr.to_string()),
        ("support", &mgr.to_string()),
    ] {
        let reply = act_as(who, wish, ME).await.expect(200);
        assert_eq!(
            (reply.json()["username"].as_str().unwrap(), reply.header("x-impersonator-uuid")),
            (who, ""),
            "{wish}"
        );
    }
    let offered = app.offering("Marketplace.Slurm").await;
    let request = app.request("staff", Method::POST, ORDERS).header("x-impersonated-user-uuid", mgr.to_string());
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let reply = app.send(request.body(app.order_body(&offered).to_string().into()).unwrap()).await.expect(201);
    assert_eq!([&reply.json()["created_by_username"], &reply.json()["state"]], ["mgr", "pending-consumer"]);
    let history = app.get("staff", &at(&reply.text("uuid"), "history")).await.expect(200).json();
    let told = [&history[0]["user_username"], &history[0]["changes"]["impersonator_uuid"]];
    assert_eq!(told, ["mgr", staff.to_string().as_str()], "what staff do in a name is told apart");
    let user = app.world.users["user"].to_string();
    let gone = act_as("staff", &user, &at(&reply.text("uuid"), "")).await;
    assert_eq!(gone.status, 404, "they see what that user sees");
    set_active(app, app.world.users["user"], false).await;
    let reply = act_as("staff", &user, ME).await.expect(200);
    let seen = (reply.text("username"), reply.header("x-impersonator-uuid").to_owned());
    assert_eq!(seen, ("staff".to_owned(), String::new()), "nobody acts for who was switched off");
    set_active(app, app.world.users["user"], true).await;
}

/// An assignment that ends, one that was taken away, and a role that an operator switched off for new assignments.
async fn roles_end(app: &TestApp) {
    let guest = app.person("guest").await;
    let order = app.order("own", &app.offering("Marketplace.Slurm").await).await;
    let path = at(&order, "");
    assert_eq!(app.get("guest", &path).await.status, 404);
    let manager =
        role::Entity::find().filter(role::Column::Name.eq("PROJECT.MANAGER")).one(app.app.db.read()).await.unwrap();
    let scope = Scope::Project(app.world.project);
    let id: Uuid = mercat_app::ids::new(app.app.now());
    let ends = app.app.now() + TimeDelta::hours(1);
    app.put(user_role::Model {
        id,
        user_id: guest,
        role_id: manager.unwrap().id,
        scope_kind: scope.kind(),
        scope_id: scope.id(),
        created: app.app.now(),
        created_by: None,
        expires: Some(ends),
        is_active: true,
    })
    .await;
    app.get("guest", &path).await.expect(200);
    let me = app.get("guest", ME).await.json();
    let held = json!({"role_name": "PROJECT.MANAGER", "scope_type": "project", "scope_uuid": app.world.project});
    for (name, value) in held.as_object().unwrap() {
        assert_eq!(&me["permissions"][0][name], value, "{name}");
    }
    app.clock.advance(TimeDelta::hours(1) + TimeDelta::seconds(1));
    assert_eq!(app.get("guest", &path).await.status, 404, "expired, though no job has run");
    app.save(user_role::ActiveModel { id: Unchanged(id), expires: Set(None), ..Default::default() }).await;
    app.get("guest", &path).await.expect(200);
    app.save(user_role::ActiveModel { id: Unchanged(id), is_active: Set(false), ..Default::default() }).await;
    assert_eq!(app.get("guest", &path).await.status, 404, "taken away");
    assert_eq!(app.get("guest", ME).await.json()["permissions"], Value::Array(Vec::new()));
}

/// An answer that is given before the request was read whole is lost when the connection closes.
async fn refused_requests_are_read(app: &TestApp) {
    for (size, expects, is_read) in [(2, false, true), (1 << 20, false, false), (2, true, false)] {
        let was_read = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&was_read);
        let body = stream::once(async move {
            seen.store(true, Ordering::SeqCst);
            Ok::<_, Infallible>(vec![b' '; size])
        });
        let mut request = app.request("", Method::POST, ORDERS).header(header::CONTENT_LENGTH, size);
        if expects {
            request = request.header(header::EXPECT, "100-continue");
        }
        app.send(request.body(Body::from_stream(body)).unwrap()).await.expect(401);
        assert_eq!(was_read.load(Ordering::SeqCst), is_read, "{size} {expects}");
    }
}

both! {
    async fn tokens(app: TestApp) {
        spellings(&app).await;
        refused_requests_are_read(&app).await;
        in_the_query(&app).await;
        inactive_users(&app).await;
        impersonation(&app).await;
        roles_end(&app).await;
        life_times(&app).await;
    }
}
