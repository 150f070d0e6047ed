//! The pages, for whatever is true of all of them: a new page is a line here.

use serde_json::Value;

use crate::Demo;

/// A page: its name, who looks at it, and where it is. `{order}` and so on stand for something of the demo.
pub const PAGES: [(&str, &str, &str); 30] = [
    ("sign-in", "", "/login/"),
    ("inbox", "lena", "/"),
    ("orders", "lena", "/orders/?q="),
    ("orders-wrong", "lena", "/orders/?q=is%3Aodd"),
    ("saved", "lena", "/orders/saved/?query=q%3Dis%253Aopen"),
    ("order", "lena", "/orders/{waiting}/"),
    ("order-done", "ada", "/orders/{done}/"),
    ("resources", "lena", "/resources/"),
    ("resource", "marc", "/resources/{resource}/"),
    ("catalogue", "marc", "/catalogue/"),
    ("order-form", "marc", "/catalogue/{offering}/"),
    ("numbers", "ada", "/numbers/"),
    ("provider", "nora", "/provider/offerings/"),
    ("provider-new", "nora", "/provider/offerings/new/"),
    ("provider-offering", "nora", "/provider/offerings/{offering}/"),
    ("provider-resources", "nora", "/provider/resources/"),
    ("organisations", "ada", "/admin/organisations/"),
    ("organisation-new", "ada", "/admin/organisations/new/"),
    ("organisation", "ada", "/admin/organisations/{customer}/"),
    ("projects", "ada", "/admin/projects/"),
    ("project", "ada", "/admin/projects/{project}/"),
    ("people", "ada", "/admin/people/"),
    ("person", "ada", "/admin/people/{person}/"),
    ("roles", "ada", "/admin/roles/"),
    ("tokens", "ada", "/admin/tokens/"),
    ("jobs", "ada", "/admin/jobs/"),
    ("messages", "ada", "/admin/messages/"),
    ("webhooks", "ada", "/admin/webhooks/"),
    ("health", "ada", "/admin/health/"),
    ("account", "marc", "/account/"),
];

/// Fills in what of the demo a path is about.
#[must_use]
pub fn path(demo: &Demo, path: &str) -> String {
    let first = |who: &str, list: &str, field: &str| {
        let found: Value = demo.get(who, list);
        found[0][field].as_str().unwrap_or_else(|| panic!("{list} has no {field}: {found}")).to_owned()
    };
    let found = |name: &str| match name {
        "{waiting}" => first("lena", "/api/marketplace-orders/?state=pending-consumer", "uuid"),
        "{done}" => first("ada", "/api/marketplace-orders/?state=done&type=Create", "uuid"),
        "{resource}" => first("marc", "/api/marketplace-resources/?state=OK", "uuid"),
        "{offering}" => first("marc", "/api/marketplace-public-offerings/?name=Aurora", "uuid"),
        "{customer}" => first("ada", "/api/customers/", "uuid"),
        "{project}" => first("ada", "/api/projects/", "uuid"),
        "{person}" => first("ada", "/api/users/?username=marc", "uuid"),
        other => panic!("{other} is nothing of the demo"),
    };
    let Some((before, rest)) = path.split_once('{') else { return path.to_owned() };
    let (name, after) = rest.split_once('}').unwrap();
    format!("{before}{}{after}", found(&format!("{{{name}}}")))
}
