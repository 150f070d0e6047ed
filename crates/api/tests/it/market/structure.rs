//! Organisations, projects, groups, roles and who holds them.

use http::Method;
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::FORBIDDEN;

async fn names(app: &TestApp, who: &str, path: &str) -> Vec<String> {
    let list = app.get(who, path).await.expect(200).json();
    list.as_array().unwrap().iter().map(|object| object["name"].as_str().unwrap().to_owned()).collect()
}

async fn who_sees_what(app: &TestApp) {
    let both = ["Konsument", "Verkaeufer"];
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("staff", &both, &["Probe"]),
        ("support", &both, &["Probe"]),
        ("own", &both[..1], &["Probe"]),
        ("mem", &both[..1], &["Probe"]),
        ("vown", &both[1..], &[]),
        ("user", &[], &[]),
    ];
    for (who, customers, projects) in cases {
        assert_eq!(names(app, who, "/api/customers/").await, customers, "{who}");
        assert_eq!(names(app, who, "/api/projects/").await, projects, "{who}");
        let count = app.call(who, Method::HEAD, "/api/customers/").await.expect(200);
        assert_eq!(count.header("x-result-count"), customers.len().to_string(), "{who}");
    }
    let hidden = format!("/api/customers/{}/", app.world.provider);
    let missing = app.get("own", &hidden).await.expect(404).json();
    assert_eq!(missing["detail"], "No Customer matches the given query.");
    // A provider sees the projects that use its services.
    let offered = app.offering("Marketplace.Basic").await;
    app.order("own", &offered).await;
    assert_eq!(names(app, "vown", "/api/projects/").await, ["Probe"]);
}

async fn filters(app: &TestApp) {
    let project =
        json!({"name": "Alpha beta", "customer": customer(app, app.world.consumer), "end_date": "2099-01-01"});
    app.post_json("own", "/api/projects/", project).await.expect(201);
    let consumer = app.world.consumer;
    let cases = [
        ("name=ALPHA", 1),
        ("name_exact=Alpha", 0),
        ("name_exact=Probe", 1),
        ("query=konsu", 2),
        ("customer_name=verk", 0),
        ("conceal_finished_projects=true", 2),
        ("can_manage=true", 0),
        ("created=2099-01-01", 0),
        ("is_removed=true", 0),
    ];
    for (query, count) in cases {
        assert_eq!(names(app, "own", &format!("/api/projects/?{query}")).await.len(), count, "{query}");
    }
    assert_eq!(names(app, "mgr", "/api/projects/?can_manage=true").await, ["Probe"]);
    assert_eq!(names(app, "own", &format!("/api/projects/?customer={consumer}&customer={consumer}")).await.len(), 2);
    assert_eq!(names(app, "own", "/api/projects/?o=-name").await, ["Probe", "Alpha beta"]);
    assert_eq!(names(app, "own", "/api/projects/?o=customer_name,name").await, ["Alpha beta", "Probe"]);
    let wrong = app.get("own", "/api/projects/?customer=x&o=nothing").await.expect(400).json();
    let choice = "Select a valid choice. nothing is not one of the available choices.";
    assert_eq!(wrong, json!({"customer": ["Enter a valid UUID."], "o": [choice]}));
    let page = app.get("own", "/api/projects/?page_size=1&o=name&field=name&field=uuid").await.expect(200);
    assert_eq!(page.header("x-result-count"), "2");
    assert!(page.header("link").contains("rel=\"next\""), "{}", page.header("link"));
    assert_eq!(page.json()[0].as_object().unwrap().len(), 2);
}

fn customer(app: &TestApp, id: impl std::fmt::Display) -> String {
    let _ = app;
    format!("http://mercat.test/api/customers/{id}/")
}

async fn projects_come_and_go(app: &TestApp) {
    let consumer = customer(app, app.world.consumer);
    let body = json!({"name": "Second", "customer": consumer});
    assert_eq!(app.post_json("mgr", "/api/projects/", body.clone()).await.expect(403).json()["detail"], FORBIDDEN);
    let foreign = json!({"name": "X", "customer": customer(app, app.world.provider)});
    let hidden = json!({"customer": ["Invalid hyperlink - Object does not exist."]});
    assert_eq!(app.post_json("own", "/api/projects/", foreign).await.expect(400).json(), hidden);
    let required = json!({"name": ["This field is required."], "customer": ["This field is required."]});
    assert_eq!(app.post_json("own", "/api/projects/", json!({})).await.expect(400).json(), required);
    let made = app.post_json("own", "/api/projects/", body).await.expect(201);
    let path = format!("/api/projects/{}/", made.text("uuid"));
    assert_eq!(made.header("location"), made.text("url"));
    assert_eq!(made.json()["slug"], "second");
    let notes = app.json_request("own", Method::PATCH, &path, json!({"staff_notes": "x"})).await.expect(400).json();
    assert_eq!(notes, json!({"staff_notes": ["Only staff may change this field."]}));
    let past = app.json_request("own", Method::PATCH, &path, json!({"end_date": "2001-01-01"})).await.expect(400);
    assert_eq!(past.json(), json!({"end_date": ["Cannot be earlier than the current date."]}));
    app.call("mgr", Method::DELETE, &path).await.expect(404);
    app.call("own", Method::DELETE, &path).await.expect(204);
    app.get("own", &path).await.expect(404);
    assert_eq!(names(app, "own", "/api/projects/?include_terminated=true").await.len(), 2);
    app.post_json("own", &format!("{path}recover/"), json!({})).await.expect(200);
    app.get("own", &path).await.expect(200);
    // What is in use stays.
    let offered = app.offering("Marketplace.Basic").await;
    app.order("own", &offered).await;
    let busy = app.call("own", Method::DELETE, &format!("/api/projects/{}/", app.world.project)).await.expect(409);
    assert_eq!(busy.json()["detail"], "Cannot delete project with existing resources");
    let busy = app.call("staff", Method::DELETE, &format!("/api/customers/{}/", app.world.consumer)).await.expect(409);
    assert_eq!(busy.json()["detail"], "Cannot delete organization with existing projects");
}

async fn roles_on_a_project(app: &TestApp) {
    let path = format!("/api/projects/{}/", app.world.project);
    app.get("user", &path).await.expect(404);
    let user = app.world.users["user"];
    let grant = json!({"role": "PROJECT.MANAGER", "user": user, "expiration_time": "2099-01-01T00:00:00Z"});
    app.post_json("mem", &format!("{path}add_user/"), grant.clone()).await.expect(403);
    let given = app.post_json("own", &format!("{path}add_user/"), grant.clone()).await.expect(201).json();
    assert_eq!(given, json!({"expiration_time": "2099-01-01T00:00:00Z"}));
    let twice = app.post_json("own", &format!("{path}add_user/"), grant.clone()).await.expect(400).json();
    assert_eq!(twice, json!({"user": ["User already has this role in this scope."]}));
    app.get("user", &path).await.expect(200);
    let team = app.get("own", &format!("{path}list_users/?o=username")).await.expect(200).json();
    let held: Vec<(&str, &str)> = team
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["user_username"].as_str().unwrap(), row["role_name"].as_str().unwrap()))
        .collect();
    let expected = [("adm", "PROJECT.ADMIN"), ("mem", "PROJECT.MEMBER"), ("mgr", "PROJECT.MANAGER")];
    assert_eq!(held, [expected.as_slice(), &[("user", "PROJECT.MANAGER")]].concat());
    let never = json!({"role": "PROJECT.MANAGER", "user": user, "expiration_time": null});
    let updated = app.post_json("own", &format!("{path}update_user/"), never.clone()).await.expect(200).json();
    assert_eq!(updated, json!({"expiration_time": null}));
    app.post_json("own", &format!("{path}delete_user/"), never.clone()).await.expect(200);
    app.get("user", &path).await.expect(404);
    app.post_json("own", &format!("{path}delete_user/"), never).await.expect(400);
    let other = json!({"role": "CUSTOMER.OWNER", "user": user});
    app.post_json("own", &format!("{path}add_user/"), other).await.expect(400);
}

async fn role_definitions(app: &TestApp) {
    let anonymous = app.get("", "/api/roles/?page_size=100").await.expect(200).json();
    assert_eq!(anonymous.as_array().unwrap().len(), 8, "{anonymous}");
    let find = |name: &str| anonymous.as_array().unwrap().iter().find(|role| role["name"] == name).unwrap().clone();
    let member = find("PROJECT.MEMBER");
    assert_eq!(member["users_count"], 1);
    let path = format!("/api/roles/{}/", member["uuid"].as_str().unwrap());
    app.post("own", &format!("{path}enable/")).await.expect(403);
    app.post("staff", &format!("{path}enable/")).await.expect(200);
    assert_eq!(app.get("user", &path).await.json()["is_active"], true);
    // A change counts from the next request on.
    let project = format!("/api/projects/{}/", app.world.project);
    app.json_request("mem", Method::PATCH, &project, json!({"description": "x"})).await.expect(403);
    let permissions = json!({"permissions": ["PROJECT.UPDATE", "PROJECT.LIST"]});
    app.json_request("staff", Method::PATCH, &path, permissions).await.expect(200);
    app.json_request("mem", Method::PATCH, &project, json!({"description": "x"})).await.expect(200);
    let wrong = app.json_request("staff", Method::PATCH, &path, json!({"permissions": ["NO.SUCH"]})).await;
    assert_eq!(wrong.expect(400).json(), json!({"permissions": ["\"NO.SUCH\" is not a valid permission."]}));
    app.call("staff", Method::DELETE, &path).await.expect(403);
    let described = json!({"description_de": "Mitglied"});
    let answer = app.json_request("staff", Method::PUT, &format!("{path}update_descriptions/"), described).await;
    assert_eq!(answer.expect(200).json()["description_de"], "Mitglied");
    assert_eq!(app.get("", &path).await.json()["description_de"], "Mitglied");
    assert_eq!(app.post_json("", "/api/roles/", json!({})).await.status, 401);
}

async fn groups(app: &TestApp) {
    let group = app.post_json("staff", "/api/organization-groups/", json!({"name": "Baltic"})).await.expect(201);
    app.post_json("own", "/api/organization-groups/", json!({"name": "Mine"})).await.expect(403);
    let path = format!("/api/customers/{}/update_organization_groups/", app.world.consumer);
    let body = json!({"organization_groups": [group.text("url")]});
    app.post_json("own", &path, body.clone()).await.expect(403);
    app.post_json("staff", &path, body).await.expect(200);
    let uuid = group.text("uuid");
    assert_eq!(names(app, "staff", &format!("/api/customers/?organization_group_uuid={uuid}")).await, ["Konsument"]);
    assert_eq!(names(app, "staff", "/api/customers/?organization_group_name=balt").await, ["Konsument"]);
    let groups = app.get("own", "/api/customers/").await.json()[0]["organization_groups"].clone();
    assert_eq!((groups[0]["name"].clone(), groups[0]["customers_count"].clone()), (json!("Baltic"), json!(1)));
    let path = format!("/api/organization-groups/{uuid}/");
    let busy = app.call("staff", Method::DELETE, &path).await.expect(409).json();
    assert_eq!(busy["detail"], "Cannot delete organization group with existing organizations");
    let own = app.json_request("staff", Method::PATCH, &path, json!({"parent": group.text("url")})).await;
    assert_eq!(own.expect(400).json()["parent"], json!(["A group cannot be its own parent."]));
}

async fn countries(app: &TestApp) {
    let all = app.get("own", "/api/customers/countries/").await.expect(200).json();
    assert!(all.as_array().unwrap().contains(&json!({"label": "Estonia", "value": "EE"})), "{all}");
    let path = format!("/api/customers/{}/", app.world.consumer);
    let changed = app.json_request("own", Method::PATCH, &path, json!({"country": "EE"})).await.expect(200).json();
    assert_eq!(changed["country_name"], "Estonia");
    let wrong = app.json_request("own", Method::PATCH, &path, json!({"country": "XX", "email": "no"})).await;
    let expected = json!({"country": ["\"XX\" is not a valid choice."], "email": ["Enter a valid email address."]});
    assert_eq!(wrong.expect(400).json(), expected);
    let blocked = app.json_request("own", Method::PATCH, &path, json!({"blocked": true})).await.expect(400).json();
    assert_eq!(blocked, json!({"blocked": ["Only staff may change this field."]}));
    let same = app.get("own", &path).await.json();
    let sent: serde_json::Map<String, Value> = same
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| ["name", "blocked", "archived", "accounting_start_date"].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    app.json_request("own", Method::PUT, &path, Value::Object(sent)).await.expect(200);
}

both! {
    async fn who_sees_organisations_and_projects(app: TestApp) {
        who_sees_what(&app).await;
    }

    async fn lists_are_filtered_sorted_and_paged(app: TestApp) {
        filters(&app).await;
    }

    async fn projects_are_made_deleted_and_recovered(app: TestApp) {
        projects_come_and_go(&app).await;
    }

    async fn roles_are_given_and_taken(app: TestApp) {
        roles_on_a_project(&app).await;
    }

    async fn roles_are_data(app: TestApp) {
        role_definitions(&app).await;
    }

    async fn groups_of_organisations(app: TestApp) {
        groups(&app).await;
    }

    async fn fields_of_organisations(app: TestApp) {
        countries(&app).await;
    }
}
