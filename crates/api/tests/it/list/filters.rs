//! Every filter with good, bad and empty values (spec 11.1).

use mercat_testkit::{TestApp, both};
use serde_json::json;
use uuid::Uuid;

use super::town::Town;
use crate::support::{Ask as _, ORDERS, assert_reply, field};

const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

async fn expect(app: &TestApp, town: &Town, who: &str, query: &str, names: &str) {
    assert_eq!(town.found(app, who, query).await, names, "{who}: {query}");
}

/// Filters by a UUID, one object that each finds, and what it finds.
async fn uuids(app: &TestApp, town: &Town) {
    let resource = app.resource_row(town.uuid("b")).await.id;
    let cases: &[(&str, Uuid, &str)] = &[
        ("category_uuid", town.storage.uuid(), "c"),
        ("customer_uuid", app.world.consumer.uuid(), "abcd"),
        ("customer_uuid", town.stranger.uuid(), "e"),
        ("offering_uuid", town.slurm.id.uuid(), "abe"),
        ("parent_offering_uuid", town.slurm.id.uuid(), "c"),
        ("project_uuid", town.second.uuid(), "d"),
        ("provider_uuid", app.world.provider.uuid(), "abce"),
        ("provider_uuid", app.world.consumer.uuid(), "d"),
        ("resource_uuid", resource.uuid(), "b"),
        ("service_manager_uuid", app.world.users["omgr"].uuid(), "abcde"),
        ("service_manager_uuid", app.world.users["own"].uuid(), ""),
    ];
    for (name, id, names) in cases {
        let (hex, dashed) = (id.simple().to_string(), id.hyphenated().to_string());
        for form in
            [hex.clone(), dashed.clone(), hex.to_uppercase(), format!("%7B{dashed}%7D"), format!("urn:uuid:{dashed}")]
        {
            expect(app, town, "staff", &format!("{name}={form}"), names).await;
        }
        expect(app, town, "staff", &format!("{name}={UNKNOWN}"), "").await;
        expect(app, town, "staff", &format!("{name}="), "abcde").await;
        expect(app, town, "staff", &format!("{name}={UNKNOWN}&{name}={hex}"), names).await;
        for bad in ["zzz", "123", &hex[1..]] {
            let reply = app.get("staff", &format!("{ORDERS}?{name}={bad}")).await;
            assert_reply(&reply, 400, &field(name, "Enter a valid UUID."), &format!("{name}={bad}"));
        }
    }
}

/// Filters by a link, which counts by its route and its last part.
async fn links(app: &TestApp, town: &Town) {
    let resource = app.resource_row(town.uuid("b")).await.id;
    let dashed = town.slurm.id.uuid().hyphenated();
    let id = town.slurm.id;
    let cases = [
        (format!("offering=/api/marketplace-provider-offerings/{id}/"), "abe"),
        (format!("offering=/api/marketplace-public-offerings/{id}/"), "abe"),
        (format!("offering=https://any.example/api/marketplace-public-offerings/{dashed}/"), "abe"),
        (format!("offering=http%3A%2F%2Fa%2Fapi%2Fmarketplace-provider-offerings%2F{id}%2F"), "abe"),
        (format!("offering=/api/projects/{id}/"), ""),
        ("offering=/api/marketplace-public-offerings/zzz/".to_owned(), ""),
        ("offering=nonsense".to_owned(), ""),
        ("offering=".to_owned(), "abcde"),
        (format!("resource=/api/marketplace-resources/{resource}/"), "b"),
        (format!("resource=https://h/api/marketplace-resources/{}/", resource.uuid().hyphenated()), "b"),
        (format!("resource=/api/marketplace-public-offerings/{resource}/"), ""),
        ("resource=".to_owned(), "abcde"),
    ];
    for (query, names) in cases {
        expect(app, town, "staff", &query, names).await;
    }
    for path in ["/api/nothing/here/", "/", "http://["] {
        let reply = app.get("staff", &format!("{ORDERS}?offering={path}")).await;
        let is_empty = reply.status == 200 && reply.json() == json!([]);
        assert!(is_empty || reply.status == 404, "{path}: {}", reply.status);
    }
}

/// Texts, lists and names.
async fn words(app: &TestApp, town: &Town) {
    let offering_slug = "marketplaceslurm";
    let cases = [
        (format!("offering_slug={offering_slug}"), "abe"),
        (format!("offering_slug=child,{offering_slug}"), "abce"),
        ("offering_slug=child%2Cnone".to_owned(), "c"),
        (format!("offering_slug={}", offering_slug.to_uppercase()), ""),
        ("offering_slug=".to_owned(), "abcde"),
        ("offering_type=Marketplace.Basic".to_owned(), "c"),
        ("offering_type=Marketplace.Basic&offering_type=Support.OfferingTemplate".to_owned(), "cd"),
        ("offering_type=nothing".to_owned(), ""),
        ("offering_type=".to_owned(), ""),
        ("offering_type=Marketplace.Basic,Support.OfferingTemplate".to_owned(), ""),
        ("state=done".to_owned(), "c"),
        ("state=done&state=pending-consumer".to_owned(), "ac"),
        ("state=rejected".to_owned(), ""),
        ("type=Terminate".to_owned(), "d"),
        ("type=Terminate&type=Create".to_owned(), "abcde"),
        ("resource_name=alpha".to_owned(), "a"),
        ("resource_name=".to_owned(), "abcde"),
        ("nonsense=1&x=y&sate=done".to_owned(), "abcde"),
        ("state=done&type=Terminate".to_owned(), ""),
        ("state=done&type=Create&offering_slug=child".to_owned(), "c"),
    ];
    for (query, names) in cases {
        expect(app, town, "staff", &query, names).await;
    }
    for (name, value, shown) in [
        ("state", "Done", "Done"),
        ("state", "done,erred", "done,erred"),
        ("state", "done&state=", ""),
        ("state", "", ""),
        ("type", "create", "create"),
        ("type", "", ""),
        ("type", "Create&type=X", "X"),
    ] {
        let reply = app.get("staff", &format!("{ORDERS}?{name}={value}")).await;
        let message = format!("Select a valid choice. {shown} is not one of the available choices.");
        assert_reply(&reply, 400, &field(name, &message), &format!("{name}={value}"));
    }
    let both = app.get("staff", &format!("{ORDERS}?state=x&offering_uuid=x&o=x")).await.expect(400).json();
    assert_eq!(both.as_object().unwrap().len(), 3, "all at once: {both}");
}

/// The search (spec 11.1 `query`).
async fn search(app: &TestApp, town: &Town) {
    let slug = app.order_field(town.uuid("b"), "slug").await.as_str().unwrap().to_owned();
    let dashed = Uuid::parse_str(town.uuid("e")).unwrap().hyphenated().to_string();
    let cases = [
        ("query=alpha".to_owned(), "a"),
        ("query=ALPHA+100%25".to_owned(), "a"),
        ("query=%25".to_owned(), "a"),
        ("query=_".to_owned(), "d"),
        ("query=zweit".to_owned(), "d"),
        ("query=Probe".to_owned(), "abc"),
        (format!("query={slug}"), "b"),
        (format!("query={}", town.uuid("e")), "e"),
        (format!("query={dashed}"), "e"),
        (format!("query={UNKNOWN}"), ""),
        (format!("query={}&state=done", town.uuid("e")), ""),
        ("query=nothing+like+this".to_owned(), ""),
        ("query='%3B+DROP+TABLE+orders".to_owned(), ""),
        ("query=".to_owned(), "abcde"),
    ];
    for (query, names) in cases {
        expect(app, town, "staff", &query, names).await;
    }
    expect(app, town, "own", &format!("query={}", town.uuid("e")), "").await;
}

/// Orders that wait for somebody (spec 11.1, 18 traps 3 and 4).
async fn approvable(app: &TestApp, town: &Town) {
    let (consumer, provider) = ("can_approve_as_consumer", "can_approve_as_provider");
    let cases = [
        ("own", consumer, "true", "a"),
        ("own", consumer, "True", "a"),
        ("own", consumer, "2", "a"),
        ("mgr", consumer, "true", ""),
        ("mgr", consumer, "false", "a"),
        ("mgr", consumer, "False", "a"),
        ("mgr", consumer, "3", "a"),
        ("vown", consumer, "true", ""),
        ("vown", consumer, "false", "a"),
        ("staff", consumer, "true", "a"),
        ("support", consumer, "true", ""),
        ("support", consumer, "false", "a"),
        ("vown", provider, "true", "be"),
        ("own", provider, "true", ""),
        ("own", provider, "false", "b"),
        ("staff", provider, "true", "be"),
        ("support", provider, "true", ""),
        ("support", provider, "false", "be"),
        ("staff", provider, "", "abcde"),
        ("staff", provider, "maybe", "abcde"),
        ("staff", provider, "1", "abcde"),
        ("staff", provider, "TRUE", "abcde"),
    ];
    for (who, name, value, names) in cases {
        expect(app, town, who, &format!("{name}={value}"), names).await;
        let head = app.call(who, http::Method::HEAD, &format!("{ORDERS}?{name}={value}")).await.expect(200);
        assert_eq!(head.header("x-result-count"), names.len().to_string(), "{who}: {name}={value}");
    }
    expect(app, town, "staff", "can_approve_as_consumer=true&can_approve_as_provider=true", "").await;
}

async fn who_sees_what(app: &TestApp, town: &Town) {
    for (who, names) in [
        ("staff", "abcde"),
        ("support", "abcde"),
        ("own", "abcd"),
        ("mgr", "abc"),
        ("adm", "abc"),
        ("vown", "abce"),
        ("mem", ""),
        ("omgr", ""),
        ("user", ""),
    ] {
        assert_eq!(town.seen(app, who).await, names, "{who}");
    }
    app.owner_of_both().await;
    expect(app, town, "dual", "", "abcde").await;
}

both! {
    async fn filters(app: TestApp) {
        let town = Town::build(&app).await;
        uuids(&app, &town).await;
        links(&app, &town).await;
        words(&app, &town).await;
        search(&app, &town).await;
        approvable(&app, &town).await;
        who_sees_what(&app, &town).await;
    }
}
