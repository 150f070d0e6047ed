//! Links, requests and what is on a page.

use axum::body::Body;
use http::{Method, Request, header};
use mercat_app::outgoing::link_token;
use mercat_domain::id::OrderId;
use mercat_store::entity::decision_link::{Column, Entity, Model};
use mercat_testkit::{Offered, Reply, TestApp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

/// An order of `mgr` that waits for `own`, with the path of `own`'s link.
pub async fn asked(app: &TestApp) -> (String, String) {
    let offered = app.offering("Marketplace.Slurm").await;
    asked_for(app, &offered).await
}

/// The same for an offering.
pub async fn asked_for(app: &TestApp, offered: &Offered) -> (String, String) {
    let order = app.order("mgr", offered).await;
    let path = link(app, &order, "own").await;
    (order, path)
}

/// The row of somebody's newest link.
pub async fn link_row(app: &TestApp, order: &str, who: &str) -> Model {
    let order: OrderId = order.parse().unwrap();
    let of = Entity::find().filter(Column::OrderId.eq(order)).filter(Column::UserId.eq(app.world.users[who]));
    of.order_by_desc(Column::Id).one(app.app.db.read()).await.unwrap().expect("a mail with a link was queued")
}

/// The path of somebody's newest link.
pub async fn link(app: &TestApp, order: &str, who: &str) -> String {
    let id = link_row(app, order, who).await.id;
    format!("/decide/{}/", link_token(app.app.settings.key, id))
}

/// Sends a request to the console.
pub async fn send(app: &TestApp, request: Request<Body>) -> Reply {
    app.send_to(mercat_console::router(app.app.clone()), request).await
}

/// A request with a method of choice and no body.
pub async fn call(app: &TestApp, method: Method, path: &str) -> Reply {
    send(app, app.request("", method, path).body(Body::empty()).unwrap()).await
}

/// Opens a page.
pub async fn open(app: &TestApp, path: &str) -> Reply {
    call(app, Method::GET, path).await
}

/// A form, to be sent.
pub fn form(app: &TestApp, path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = app.request("", Method::POST, path);
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

/// Uses a button.
pub async fn press(app: &TestApp, path: &str, decision: &str) -> Reply {
    send(app, form(app, path, format!("decision={decision}"))).await
}

/// The page without its style sheet.
pub fn html(reply: &Reply) -> String {
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    let (head, rest) = text.split_once("<style>").expect("a page has a style sheet");
    let (_, tail) = rest.split_once("</style>").unwrap();
    format!("{head}<style></style>{tail}")
}

/// Whether the page has buttons.
pub fn has_buttons(reply: &Reply) -> bool {
    html(reply).contains("<button")
}

/// An order's state and version, and how many events it has.
pub async fn standing(app: &TestApp, order: &str) -> (String, i64, usize) {
    let row = app.order_row(order).await;
    let events = mercat_store::event::of_order(app.app.db.read(), row.id).await.unwrap().len();
    (row.state.to_string(), row.version, events)
}
