//! Links, requests and what is on a page.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, header};
use mercat_app::outgoing::link_token;
use mercat_console::{DemoPerson, OrderWriter, Setting, Surroundings};
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

/// The console.
pub fn router(app: &TestApp) -> axum::Router {
    mercat_console::router(app.app.clone(), around(vec![ada()]))
}

/// What the console is told, with these people to sign in as.
pub fn around(people: Vec<DemoPerson>) -> Surroundings {
    let setting = Setting { name: "server.strict".to_owned(), value: "false".to_owned(), from: "default".to_owned() };
    Surroundings { elsewhere: None, people, write_order: write_order(), settings: vec![setting] }
}

/// Sends a request to the console.
pub async fn send(app: &TestApp, request: Request<Body>) -> Reply {
    app.send_to(router(app), request).await
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

/// The page without its style sheet and the hash of its script.
pub fn html(reply: &Reply) -> String {
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    let (head, rest) = text.split_once("<style>").expect("a page has a style sheet");
    let (_, tail) = rest.split_once("</style>").unwrap();
    let page = format!("{head}<style></style>{tail}");
    let Some((before, script)) = page.split_once("/console-") else { return page };
    format!("{before}/console-HASH{}", script.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
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

/// In place of the API's.
fn write_order() -> OrderWriter {
    Arc::new(|view, sees_all| format!("{{\"slug\": \"{}\", \"all\": {sees_all}}}", view.row.slug))
}

/// Somebody of a demo.
fn ada() -> DemoPerson {
    DemoPerson { username: "staff".to_owned(), title: "Staff: may do everything".to_owned() }
}

/// A browser: it keeps its cookie, and goes where it is led.
pub struct Browser<'a> {
    app: &'a TestApp,
    pub cookie: String,
}

impl<'a> Browser<'a> {
    /// One that nobody has used yet.
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookie: String::new() }
    }

    /// One in which somebody has signed in.
    pub async fn of(app: &'a TestApp, who: &str) -> Self {
        let mut browser = Self::new(app);
        browser.send("/login/", &[("token", &format!("token-{who}"))]).await.expect(303);
        browser
    }

    async fn asked(&mut self, mut request: Request<Body>) -> Reply {
        if !self.cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        let reply = send(self.app, request).await;
        if let Some(value) = reply.headers.get(header::SET_COOKIE) {
            let value = value.to_str().unwrap();
            assert!(value.contains("; Path=/; HttpOnly; SameSite=Lax"), "{value}");
            let pair = value.split(';').next().unwrap();
            self.cookie = if value.contains("Max-Age=0") { String::new() } else { pair.to_owned() };
        }
        reply
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> Reply {
        let request = self.app.request("", Method::GET, path).body(Body::empty()).unwrap();
        self.asked(request).await
    }

    /// Sends a form.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.asked(form(self.app, path, body)).await
    }

    /// Uses a button of a page that was opened.
    pub async fn press(&mut self, page: &Reply, path: &str, action: &str, more: &[(&str, &str)]) -> Reply {
        let seen = seen(page, path);
        let fields = [&[("seen", seen.as_str()), ("action", action)], more].concat();
        self.send(path, &fields).await
    }

    /// Opens a page and uses a form or a button on it; what it does not fill in stays as it stands there.
    pub async fn fill(&mut self, path: &str, does: &str, id: &str, typed: &[(&str, &str)]) -> Reply {
        let page = self.open(path).await.expect(200);
        let key = key(&page, does, id);
        let mut fields = vec![("do", does), ("id", id), ("key", &key)];
        fields.extend(typed);
        self.send(path, &fields).await
    }
}

/// What a form or a button carries against being used twice.
pub fn key(page: &Reply, does: &str, id: &str) -> String {
    let (page, end) = (html(page), format!("-{does}-{id}\""));
    let (before, _) = page.split_once(&end).unwrap_or_else(|| unreachable!("nothing does {end}: {page}"));
    let (_, key) = before.rsplit_once("value=\"").unwrap();
    format!("{key}-{does}-{id}")
}

/// What is told beside a field.
pub fn told(page: &Reply, field: &str) -> String {
    let page = html(page);
    let mut wrong = page.split("id=\"wrong-").skip(1);
    let of = wrong.find(|rest| rest.split('"').next().is_some_and(|id| id.ends_with(&format!("-{field}"))));
    of.map(|rest| rest.split("</p>").next().unwrap().to_owned()).unwrap_or_default()
}

/// The value of the first field of a name.
pub fn field(page: &Reply, name: &str) -> String {
    let html = html(page);
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).expect("a field of the name");
    rest.split('"').next().unwrap().to_owned()
}

/// What the form for a path carries.
pub fn seen(page: &Reply, path: &str) -> String {
    let html = html(page);
    let form = html.split("<form ").find(|form| {
        let here = form.contains("action=\"./\"") || form.contains(&format!("action=\"{path}\""));
        here && form.contains("name=\"seen\"")
    });
    let form = form.expect("a form for the path");
    let (_, rest) = form.split_once("name=\"seen\" value=\"").unwrap();
    let value = rest.split('"').next().unwrap();
    value.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'").replace("&#38;", "&")
}
