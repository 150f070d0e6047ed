//! What every answer of the order operations has to be, whichever test asked for it.

mod schema;
mod table;

use http::{Method, StatusCode, header};
use serde_json::Value;

pub use schema::{Document, Violation};
pub use table::{Field, fields};

use crate::Reply;

/// How the list and its operations begin.
const ORDERS: &str = "/api/marketplace-orders/";

/// An answer of one of the order operations.
struct Known {
    /// The operation's path as the contract writes it.
    path: &'static str,
    /// The object in the answer, by its name in the table of fields.
    object: &'static str,
}

/// The folder with the contract, the API page and recorded answers; absent outside the project's own machines.
///
/// # Panics
/// In CI when the folder is not named: there all tests run or none.
#[must_use]
pub fn shared() -> Option<std::path::PathBuf> {
    let folder = variable("MERCAT_SHARED");
    let in_ci = variable("CI").is_some_and(|value| value != "false" && value != "0");
    assert!(folder.is_some() || !in_ci, "CI has to set MERCAT_SHARED to the folder with contract and samples");
    folder.map(Into::into)
}

#[expect(clippy::disallowed_methods, reason = "what the tests are given comes from xtask by the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Stops the test when an answer is not what the contract says, or is a fault of ours.
pub(crate) fn check(method: &Method, target: &str, reply: &Reply) {
    assert_ne!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{method} {target}");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if !reply.status.is_success() {
        return;
    }
    let Some(known) = known(method, path) else { return check_companion(method, target, reply) };
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json", "{method} {target}");
    let partial = query.split('&').any(|pair| pair.starts_with("field="));
    let wrong = wrong(&known, method, &reply.json(), reply.status, partial);
    assert!(wrong.is_empty(), "{method} {target} answers against the contract:\n{}", wrong.join("\n"));
}

/// The contract gives these the schema of one event beside examples that are none: the examples hold.
const OTHERWISE: [&str; 3] = ["/api/events/count/", "/api/events/event_groups/", "/api/events/scope_types/"];

/// Stops the test when an answer around the orders is not what the contract says.
fn check_companion(method: &Method, target: &str, reply: &Reply) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if OTHERWISE.contains(&path) {
        return;
    }
    let Some(document) = Document::companions() else { return };
    let schema = document.template(path).and_then(|template| document.answer(template, method, reply.status));
    let Some(schema) = schema else { return };
    let body = reply.json();
    let mut found = schema.violations(schema.name(), &body);
    if !query.split('&').any(|pair| pair.starts_with("field=")) {
        let objects = body.as_array().map_or_else(|| std::slice::from_ref(&body), Vec::as_slice);
        found.extend(objects.iter().flat_map(|object| schema.missing(object)));
    }
    let wrong: Vec<String> = found.iter().filter(|found| !found.is_accepted()).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{method} {target} answers against the contract:\n{}", wrong.join("\n"));
}

fn wrong(known: &Known, method: &Method, body: &Value, status: StatusCode, partial: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let objects = body.as_array().map_or_else(|| std::slice::from_ref(body), Vec::as_slice);
    for object in objects {
        wrong.extend(table::violations(known.object, object, partial));
    }
    let schema = Document::contract().and_then(|document| document.answer(known.path, method, status));
    if let Some(schema) = schema.filter(|_| known.object != "Detail") {
        let found = schema.violations(known.object, body);
        wrong.extend(found.iter().filter(|found| !found.is_accepted()).map(ToString::to_string));
    }
    wrong
}

fn known(method: &Method, path: &str) -> Option<Known> {
    let rest = path.strip_prefix(ORDERS)?;
    let action = match rest.split('/').collect::<Vec<_>>()[..] {
        [""] => "",
        [_, ""] => "{uuid}",
        [_, action, ""] => action,
        _ => return None,
    };
    let (path, object) = match (method.as_str(), action) {
        ("GET" | "POST", "") => (ORDERS, "OrderDetails"),
        ("GET", "{uuid}") => ("/api/marketplace-orders/{uuid}/", "OrderDetails"),
        ("GET", "offering") => ("/api/marketplace-orders/{uuid}/offering/", "PublicOfferingDetails"),
        ("POST", "approve_by_consumer") => ("/api/marketplace-orders/{uuid}/approve_by_consumer/", "Detail"),
        ("POST", "approve_by_provider") => ("/api/marketplace-orders/{uuid}/approve_by_provider/", "Detail"),
        ("POST", "set_backend_id") => ("/api/marketplace-orders/{uuid}/set_backend_id/", "Status"),
        ("POST", "update_attachment") => ("/api/marketplace-orders/{uuid}/update_attachment/", "OrderAttachment"),
        _ => return None,
    };
    Some(Known { path, object })
}
