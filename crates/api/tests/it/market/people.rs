//! Signing in, passwords, tokens, and people's records.

use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::json;

const SIGN_IN: &str = "/api-auth/password/";

async fn passwords(app: &TestApp) {
    let body = json!({"username": "newbie", "email": "newbie@example.org", "first_name": "New", "last_name": "Bie"});
    app.post_json("own", "/api/users/", body.clone()).await.expect(403);
    let made = app.post_json("staff", "/api/users/", body.clone()).await.expect(201);
    assert_eq!(made.json()["full_name"], "New Bie");
    let taken = app.post_json("staff", "/api/users/", body).await.expect(400).json();
    assert_eq!(taken, json!({"username": ["A user with that username already exists."]}));
    let path = format!("/api/users/{}/", made.text("uuid"));
    let try_in = |password: &str| json!({"username": "newbie", "password": password});
    let refused = app.post_json("", SIGN_IN, try_in("correct horse")).await.expect(401).json();
    assert_eq!(refused["detail"], "Unable to log in with provided credentials.");
    let short = app.post_json("staff", &format!("{path}change_password/"), json!({"new_password": "short"})).await;
    assert!(short.expect(400).json()["new_password"][0].as_str().unwrap().contains("too short"));
    let set = json!({"new_password": "correct horse"});
    app.post_json("own", &format!("{path}change_password/"), set.clone()).await.expect(404);
    app.post_json("staff", &format!("{path}change_password/"), set).await.expect(200);
    app.post_json("", SIGN_IN, try_in("wrong horse")).await.expect(401);
    app.post_json("", SIGN_IN, json!({"username": "nobody", "password": "x"})).await.expect(401);
    let token = app.post_json("", SIGN_IN, try_in("correct horse")).await.expect(200).text("token");
    for spelling in [format!("Token {token}"), format!("bearer {token}"), format!("BEARER token {token}")] {
        assert_eq!(app.get_as(&spelling, "/api/users/me/").await.expect(200).json()["username"], "newbie");
    }
    let missing = app.post_json("", SIGN_IN, json!({"username": "newbie"})).await.expect(400).json();
    assert_eq!(missing, json!({"password": ["This field is required."]}));
    // A new token ends the one of the sign-in.
    let spelled = format!("Token {token}");
    let fresh = app.post_as(&spelled, &format!("{path}refresh_token/")).await.expect(200).text("token");
    app.get_as(&spelled, "/api/users/me/").await.expect(401);
    let spelled = format!("Token {fresh}");
    assert_eq!(app.get_as(&spelled, &format!("{path}token/")).await.expect(200).json()["token"], "");
    // Whoever is switched off is out at once.
    app.json_request("staff", Method::PATCH, &path, json!({"is_active": false})).await.expect(200);
    assert_eq!(app.get_as(&spelled, "/api/users/me/").await.expect(401).json()["detail"], "User inactive or deleted.");
    app.post_json("", SIGN_IN, try_in("correct horse")).await.expect(401);
}

async fn records(app: &TestApp) {
    let own = format!("/api/users/{}/", app.world.users["own"]);
    let changes = json!({"first_name": "Olga", "last_name": "Owner", "job_title": "Head", "birth_date": "1980-01-02"});
    let changed = app.json_request("own", Method::PATCH, &own, changes).await.expect(200).json();
    assert_eq!((changed["full_name"].as_str(), changed["job_title"].as_str()), (Some("Olga Owner"), Some("Head")));
    for (field, value) in [("is_staff", json!(true)), ("email", json!("x@example.org")), ("username", json!("root"))] {
        let refused = app.json_request("own", Method::PATCH, &own, json!({ field: value })).await.expect(400).json();
        assert_eq!(refused, json!({ field: ["Only staff may change this field."] }));
    }
    // People of one's own projects are seen, but not what is private.
    let seen = app.get("mgr", &own).await.expect(404);
    drop(seen);
    let manager = format!("/api/users/{}/", app.world.users["mgr"]);
    let seen = app.get("own", &manager).await.expect(200).json();
    assert_eq!(seen["permissions"][0]["scope_name"], "Probe");
    assert_eq!(seen["permissions"][0]["customer_name"], "Konsument");
    app.json_request("own", Method::PATCH, &manager, json!({"first_name": "X"})).await.expect(403);
    let own_view = app.get("own", &own).await.json();
    assert_eq!(own_view["birth_date"], "1980-01-02");
    assert_eq!(app.get("support", &own).await.expect(200).json()["birth_date"], "1980-01-02");
    let listed = app.get("own", "/api/users/?query=olga&field=username").await.expect(200).json();
    assert_eq!(listed, json!([{"username": "own"}]));
    let path = format!("/api/customers/{}/users/?o=username", app.world.consumer);
    let team = app.get("own", &path).await.expect(200).json();
    let names: Vec<&str> = team.as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["adm", "mem", "mgr", "own"]);
    assert_eq!(team[3]["role_name"], "CUSTOMER.OWNER");
    assert_eq!(team[0]["projects"][0]["role_name"], "PROJECT.ADMIN");
    let others = app.get("own", &format!("/api/projects/{}/other_users/", app.world.project)).await.expect(200).json();
    assert_eq!(others.as_array().unwrap().len(), 1, "{others}");
    let busy = app.call("staff", Method::DELETE, "/api/users/00000000000000000000000000000000/").await.expect(404);
    assert_eq!(busy.json()["detail"], "No User matches the given query.");
}

both! {
    async fn people_sign_in_by_password(app: TestApp) {
        passwords(&app).await;
    }

    async fn people_have_records(app: TestApp) {
        records(&app).await;
    }
}
