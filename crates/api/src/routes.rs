//! What every route of `/api/` promises before its handler is asked: methods, names, who may call.

use std::sync::OnceLock;

use axum::http::Method;

use crate::{options::Fields, rest::Op, router::operations, wire::OrderDetails};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever has a token.
    Token,
    /// Everybody; who has a token is known.
    Anybody,
}

/// The promises of one route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// The path with its placeholders.
    pub path: &'static str,
    /// The methods that work.
    pub works: &'static [Method],
    /// The `Allow` header; on order details it names more than works (spec 1).
    pub allow: &'static str,
    /// Who may call.
    pub access: Access,
    /// The name in the answer to `OPTIONS`.
    pub name: &'static str,
    /// The fields of a POST in the answer to `OPTIONS`.
    pub fields: Option<Fields>,
}

const READ: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const LIST: &[Method] = &[Method::GET, Method::POST, Method::HEAD];
const DETAIL: &[Method] = &[Method::GET, Method::DELETE, Method::HEAD];

const fn post(path: &'static str, name: &'static str) -> Route {
    Route { path, works: POST, allow: "POST, OPTIONS", access: Access::Token, name, fields: Some(Fields::None) }
}

const fn read(path: &'static str, access: Access, name: &'static str) -> Route {
    Route { path, works: READ, allow: "GET, HEAD, OPTIONS", access, name, fields: None }
}

impl Route {
    const fn with(self, fields: Fields) -> Self {
        Self { fields: Some(fields), ..self }
    }
}

const ATTACHMENT: Fields = Fields::Listed(&["attachment"]);
const BACKEND_ID: Fields = Fields::Listed(&["backend_id"]);
const ERROR: Fields = Fields::Listed(&["error_message", "error_traceback"]);

/// The routes whose callers get Waldur's headers, errors and order of checks.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    Route {
        path: "/api/marketplace-orders/", works: LIST, allow: "GET, POST, HEAD, OPTIONS", access: Access::Token,
        name: "Order List", fields: Some(Fields::Order(OrderDetails::FIELDS)),
    },
    Route {
        path: "/api/marketplace-orders/{uuid}/", works: DETAIL, allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        access: Access::Token, name: "Order Instance", fields: None,
    },
    post("/api/marketplace-orders/{uuid}/approve_by_consumer/", "Approve by consumer"),
    post("/api/marketplace-orders/{uuid}/approve_by_provider/", "Approve by provider"),
    post("/api/marketplace-orders/{uuid}/cancel/", "Cancel"),
    post("/api/marketplace-orders/{uuid}/delete_attachment/", "Delete attachment"),
    read("/api/marketplace-orders/{uuid}/offering/", Access::Token, "Offering"),
    post("/api/marketplace-orders/{uuid}/reject_by_consumer/", "Reject by consumer"),
    post("/api/marketplace-orders/{uuid}/reject_by_provider/", "Reject by provider"),
    post("/api/marketplace-orders/{uuid}/set_backend_id/", "Set backend id").with(BACKEND_ID),
    post("/api/marketplace-orders/{uuid}/set_state_done/", "Set state done"),
    post("/api/marketplace-orders/{uuid}/set_state_erred/", "Set state erred").with(ERROR),
    post("/api/marketplace-orders/{uuid}/set_state_executing/", "Set state executing"),
    post("/api/marketplace-orders/{uuid}/unlink/", "Unlink"),
    post("/api/marketplace-orders/{uuid}/update_attachment/", "Update attachment").with(ATTACHMENT),
    post("/api/marketplace-resources/{uuid}/terminate/", "Terminate").with(Fields::Listed(&["attributes"])),
    post("/api/marketplace-resources/{uuid}/switch_plan/", "Switch plan").with(Fields::Listed(&["plan"])),
    post("/api/marketplace-resources/{uuid}/update_limits/", "Update limits")
        .with(Fields::Listed(&["limits", "request_comment"])),
    post("/api/marketplace-provider-resources/{uuid}/terminate/", "Terminate")
        .with(Fields::Listed(&["attributes"])),
    read("/api/version/", Access::Token, "Version"),
    read("/api/configuration/", Access::Anybody, "Configuration"),
    read("/api/schema/", Access::Anybody, "Schema"),
];

/// The routes of [`ROUTES`] and those of the tabled operations.
pub(crate) fn all() -> &'static [Route] {
    static ALL: OnceLock<Vec<Route>> = OnceLock::new();
    ALL.get_or_init(|| ROUTES.iter().copied().chain(tabled(&operations())).collect())
}

/// One route for all operations of a path.
fn tabled(ops: &[Op]) -> Vec<Route> {
    let mut paths: Vec<String> = ops.iter().map(Op::route_path).collect();
    paths.dedup();
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| tabled_path(path, ops)).collect()
}

/// The texts live as long as the process does: they are made once.
fn tabled_path(path: String, ops: &[Op]) -> Route {
    let here: Vec<&Op> = ops.iter().filter(|op| op.route_path() == path).collect();
    let has = |method: &Method| here.iter().any(|op| op.method == *method);
    let mut works: Vec<Method> = METHODS.into_iter().filter(has).collect();
    if has(&Method::GET) {
        works.push(Method::HEAD);
    }
    let names: Vec<&str> = works.iter().map(Method::as_str).chain(["OPTIONS"]).collect();
    let posts = here.iter().find(|op| op.method == Method::POST);
    let first = here.first();
    Route {
        path: path.leak(),
        allow: names.join(", ").leak(),
        works: works.leak(),
        access: first.map_or(Access::Token, |op| op.access),
        name: first.map_or_else(String::new, |op| op.name.clone()).leak(),
        fields: posts.map(|op| op.takes.map_or(Fields::None, |(model, _)| Fields::Model(model))),
    }
}

/// In the order of the `Allow` header.
const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Where stored files are: signed in like the rest, but answered in the file's own type.
pub(crate) const MEDIA: Route = read("/media/{uuid}/", Access::Token, "Media");
