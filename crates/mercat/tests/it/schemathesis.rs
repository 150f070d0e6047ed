//! schemathesis, which knows nothing of the service but its document: no answer is a fault, takes long, or is other than the
//! document says.

use std::process::Command;

use mercat_testkit::{
    Backend, TestApp,
    campaign::{Amount, Until},
};
use serde_json::{Value, json};

use crate::{
    clients::prepared,
    server::{Server, call},
};

/// Requests to each operation, beside those that schemathesis makes of every edge in the document.
const EXAMPLES: u64 = 20;
/// Of these operations in the short form.
const ORDERS: &str = "marketplace-(orders|resources|provider-resources)";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";
/// In seconds.
const LONGEST: u32 = if cfg!(debug_assertions) { 10 } else { 1 };

/// The document, by which orders can be made. In answers ids are written without dashes, and addresses may be empty, as with
/// Waldur: its document calls them by the names of forms that do not allow that.
fn document(app: &TestApp, server: &Server, offering: &mercat_testkit::Offered) -> Value {
    let (_, mut document) = call("GET", &server.url("/api/schema/"), "token-staff", None, None).unwrap();
    let answers = document["components"]["schemas"].as_object_mut().unwrap().iter_mut();
    answers.filter(|(name, _)| !name.ends_with("Request")).for_each(|(_, schema)| forget_forms(schema));
    let order = &mut document["components"]["schemas"]["OrderCreateRequest"];
    let there = [
        ("offering", offering.path()),
        ("plan", offering.plan_path()),
        ("project", format!("/api/projects/{}/", app.world.project)),
    ];
    for (field, path) in there {
        order["properties"][field] = json!({ "enum": [server.url(&path)] });
    }
    order["required"] = json!(["offering", "plan", "project", "attributes", "limits"]);
    order["properties"]["limits"] = json!({ "enum": [{ "cpu": 1 }] });
    document
}

fn forget_forms(schema: &mut Value) {
    if matches!(schema["format"].as_str(), Some("uuid" | "email" | "uri"))
        && let Some(schema) = schema.as_object_mut()
    {
        schema.remove("format");
    }
    match schema {
        Value::Object(parts) => parts.values_mut().for_each(forget_forms),
        Value::Array(parts) => parts.iter_mut().for_each(forget_forms),
        _ => {}
    }
}

async fn ask(backend: Backend) {
    let app = TestApp::new(backend).await;
    let offering = app.offering("Marketplace.Basic").await;
    let server = Server::start(&app);
    let document = tokio::task::block_in_place(|| document(&app, &server, &offering));
    let file = app.folder().join("document.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let amount = Amount::asked(EXAMPLES);
    let mut command = Command::new(prepared("MERCAT_TEST_SCHEMATHESIS_PYTHON"));
    command.current_dir(app.folder()).args(["-m", "schemathesis.cli", "run"]).arg(file).args(["--url", &server.base]);
    command.args(["--header", "Authorization: Token token-staff", "--checks", CHECKS, "--no-color", "--no-shrink"]);
    command.args(["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"]);
    command.args(["--phases", "coverage,fuzzing,stateful", "--generation-database", "none"]);
    command.args(["--seed", &amount.seed.to_string(), "--max-response-time", &LONGEST.to_string()]);
    match amount.until {
        Until::Cases(cases) => command.args(["--max-examples", &cases.to_string()]),
        Until::Time(time) => command.args(["--max-examples", "1000000", "--max-time", &time.as_secs().to_string()]),
    };
    if amount.is_short {
        command.args(["--include-path-regex", ORDERS]);
    }
    let done = tokio::task::block_in_place(|| command.output()).unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    eprintln!("{told}");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_the_document_says_on_sqlite() {
    ask(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_the_document_says_on_postgres() {
    ask(Backend::Postgres).await;
}
