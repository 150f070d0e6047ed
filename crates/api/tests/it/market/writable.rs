//! Every writable field of the contract is stored and given back: values are made from the contract's own schemas.

use http::Method;
use mercat_testkit::{TestApp, both, contract::Document};
use serde_json::{Map, Value, json};

/// A collection: where it is, its request schema, and the fields that need a value that exists.
struct Case {
    path: &'static str,
    schema: &'static str,
    given: Value,
}

async fn cases(app: &TestApp) -> Vec<Case> {
    let (consumer, group) = (app.world.consumer, app.post_json("staff", GROUPS, json!({"name": "Partners"})).await);
    vec![
        Case { path: GROUPS, schema: "OrganizationGroupRequest", given: json!({"parent": group.text("url")}) },
        Case { path: "/api/customers/", schema: "CustomerRequest", given: json!({"country": "EE"}) },
        Case {
            path: "/api/projects/",
            schema: "ProjectRequest",
            given: json!({
                "customer": format!("http://mercat.test/api/customers/{consumer}/"),
                "type": null, "start_date": "2030-01-01", "end_date": "2031-01-01",
            }),
        },
        Case { path: "/api/marketplace-category-groups/", schema: "CategoryGroupRequest", given: json!({}) },
        Case {
            path: "/api/marketplace-categories/",
            schema: "MarketplaceCategoryRequest",
            given: json!({"group": null}),
        },
        Case {
            path: "/api/marketplace-service-providers/",
            schema: "ServiceProviderRequest",
            given: json!({"customer": format!("http://mercat.test/api/customers/{consumer}/")}),
        },
        Case {
            path: "/api/marketplace-plans/",
            schema: "ProviderPlanDetailsRequest",
            given: json!({"offering": format!(
                "http://mercat.test/api/marketplace-provider-offerings/{}/",
                app.offering("Marketplace.Basic").await.id,
            )}),
        },
        Case { path: "/api/users/", schema: "UserRequest", given: json!({"username": "new.user"}) },
        Case {
            path: "/api/roles/",
            schema: "RoleModifyRequest",
            given: json!({"permissions": ["ORDER.LIST", "PROJECT.UPDATE"], "content_type": "project"}),
        },
    ]
}

const GROUPS: &str = "/api/organization-groups/";

/// Written, but never shown.
const UNSEEN: [&str; 1] = ["agree_with_policy"];

async fn all(app: &TestApp) {
    let Some(contract) = Document::companions() else { return };
    for case in cases(app).await {
        let schemas = &contract.0["components"]["schemas"];
        let mut body = Map::new();
        for (name, schema) in schemas[case.schema]["properties"].as_object().unwrap() {
            let made = || made(contract, name, contract.follow(schema));
            let Some(value) = case.given.get(name).cloned().or_else(made) else { continue };
            body.insert(name.clone(), value);
        }
        let body = Value::Object(body);
        let created = app.post_json("staff", case.path, body.clone()).await.expect(201).json();
        let path = format!("{}{}/", case.path, created["uuid"].as_str().unwrap());
        given_back(case.path, &body, &created);
        given_back(case.path, &body, &app.get("staff", &path).await.expect(200).json());
        let again = app.json_request("staff", Method::PUT, &path, body.clone()).await.expect(200).json();
        given_back(case.path, &body, &again);
        let patched = app.json_request("staff", Method::PATCH, &path, json!({})).await.expect(200).json();
        given_back(case.path, &body, &patched);
        app.call("staff", Method::DELETE, &path).await.expect(204);
    }
}

fn given_back(path: &str, sent: &Value, answered: &Value) {
    for (name, value) in sent.as_object().unwrap().iter().filter(|(name, _)| !UNSEEN.contains(&name.as_str())) {
        assert_eq!(&answered[name], value, "{path} {name}");
    }
}

/// A value that fits a schema; none for files.
fn made(contract: &Document, name: &str, schema: &Value) -> Option<Value> {
    let choices = ["oneOf", "allOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
    let inner = choices.map(|choice| contract.follow(choice)).find_map(|choice| choice["enum"].as_array());
    if let Some(choices) = schema["enum"].as_array().or(inner) {
        return choices.last().cloned();
    }
    let max = usize::try_from(schema["maxLength"].as_u64().unwrap_or(100)).unwrap();
    Some(match (schema["type"].as_str()?, schema["format"].as_str().unwrap_or_default()) {
        ("boolean", _) => json!(true),
        ("integer", _) => json!(schema["minimum"].as_i64().unwrap_or(7).max(7)),
        ("number", _) => json!(12.5),
        ("string", "email") => json!("someone@example.org"),
        ("string", "uri") => json!("https://example.org/page"),
        ("string", "uuid") => json!("a1b2c3d4e5f67890abcdef1234567890"),
        ("string", "date") => json!("2001-02-03"),
        ("string", "date-time") => json!("2024-05-06T07:08:09Z"),
        ("string", "decimal") if schema["pattern"].as_str().is_some_and(|text| text.contains("{0,10}")) => {
            json!("7.5000000000")
        }
        ("string", "decimal") => json!("7.50"),
        ("string", "binary") => return None,
        ("string", _) if name == "slug" => json!("a-slug"),
        ("string", _) => json!(format!("{name} Ünïcode").chars().take(max).collect::<String>().trim_end()),
        _ => return None,
    })
}

both! {
    async fn every_writable_field_comes_back(app: TestApp) {
        all(&app).await;
    }
}
