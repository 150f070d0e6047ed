//! `kill -9` in the middle of changes: what was acknowledged is there, nothing twice, no order stuck.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use mercat_domain::id::OrderId;
use mercat_store::{event, order::Stretch};
use mercat_testkit::{Backend, Offered, TestApp};
use serde_json::{Value, json};

use crate::server::{Server, call};

const KILLS: usize = 25;
const CHANGES: usize = 1000;
const CLIENTS: usize = 4;

/// What a client was promised: by the name of each order, the actions that were answered with success.
type Journal = HashMap<String, (String, Vec<&'static str>)>;

/// The life that each order is led through, with the token of whoever acts.
const LIFE: &[(&str, &str)] = &[("approve_by_consumer", "token-own"), ("approve_by_provider", "token-vown")];

/// One client: works through orders of its own until the server is gone; every call that got no answer is made again,
/// with the same key, in the next round.
struct Client {
    number: usize,
    made: usize,
    /// The call that got no answer.
    open: Option<Call>,
    journal: Journal,
}

#[derive(Clone)]
struct Call {
    name: String,
    order: Option<String>,
    step: usize,
}

impl Client {
    fn work(&mut self, server: &str, body: &Value, gone: &AtomicBool, acknowledged: &AtomicUsize) {
        while !gone.load(Ordering::SeqCst) {
            let next = self.open.take().unwrap_or_else(|| {
                self.made += 1;
                Call { name: format!("crash-{}-{}", self.number, self.made), order: None, step: 0 }
            });
            self.open = self.make(server, body, next, acknowledged);
        }
    }

    /// Makes a call; gives back the call to make next, the same one when it got no answer.
    fn make(&mut self, server: &str, body: &Value, this: Call, acknowledged: &AtomicUsize) -> Option<Call> {
        let key = format!("{}-{}", this.name, this.step);
        let (path, token, body) = match &this.order {
            None => {
                let mut body = body.clone();
                body["attributes"]["name"] = json!(this.name);
                ("/api/marketplace-orders/".to_owned(), "token-mgr", Some(body))
            }
            Some(order) => {
                let (action, token) = LIFE[this.step - 1];
                (format!("/api/marketplace-orders/{order}/{action}/"), token, None)
            }
        };
        let Some((status, answer)) = call("POST", &format!("{server}{path}"), token, Some(&key), body.as_ref()) else {
            return Some(this);
        };
        assert!(status == 200 || status == 201, "{key}: {status} {answer}");
        acknowledged.fetch_add(1, Ordering::SeqCst);
        let order = this.order.unwrap_or_else(|| answer["uuid"].as_str().unwrap().to_owned());
        let entry = self.journal.entry(this.name.clone()).or_insert_with(|| (order.clone(), Vec::new()));
        entry.1.push(if this.step == 0 { "submit" } else { LIFE[this.step - 1].0 });
        let more = this.step < LIFE.len();
        more.then(|| Call { name: this.name, order: Some(order), step: this.step + 1 })
    }
}

/// Lets all clients work until enough was acknowledged, then kills the server among their calls.
fn round(app: &TestApp, clients: &mut [Client], body: &Value, enough: usize) {
    let mut server = Server::start(app);
    let (gone, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for client in clients.iter_mut() {
            let (base, gone, acknowledged) = (server.base.clone(), &gone, &acknowledged);
            scope.spawn(move || client.work(&base, body, gone, acknowledged));
        }
        while acknowledged.load(Ordering::SeqCst) < enough {
            std::thread::yield_now();
        }
        server.kill();
        gone.store(true, Ordering::SeqCst);
    });
}

async fn crash(backend: Backend) {
    let app = TestApp::new(backend).await;
    let offered: Offered = app.offering("Marketplace.Basic").await;
    let body = app.order_body(&offered);
    let client = |number| Client { number, made: 0, open: None, journal: Journal::new() };
    let mut clients: Vec<Client> = (0..CLIENTS).map(client).collect();
    for n in 0..KILLS {
        // A different number each time moves the kill through the calls.
        let enough = CHANGES / KILLS + n % 5 - 2;
        tokio::task::block_in_place(|| round(&app, &mut clients, &body, enough));
    }
    let server = Server::start(&app);
    settle(&server).await;
    let mut checked = 0;
    for (name, (order, promised)) in clients.iter().flat_map(|client| &client.journal) {
        check(&app, name, order, promised).await;
        checked += promised.len();
    }
    assert!(checked >= CHANGES - 2 * KILLS, "{checked} changes were acknowledged");
    check_names(&app).await;
    event::verify(app.app.db.read()).await.unwrap();
}

/// Waits until every order that is approved is done: none may be stuck.
async fn settle(server: &Server) {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let url = server.url("/api/marketplace-orders/?state=executing&page_size=1&field=uuid");
        let (_, open) = tokio::task::block_in_place(|| call("GET", &url, "token-staff", None, None)).unwrap();
        if open == json!([]) {
            return;
        }
        assert!(Instant::now() < patience, "orders are stuck in executing: {open}");
        tokio::task::yield_now().await;
    }
}

/// An order has exactly the events that were promised, each once; at most the unanswered next one more.
async fn check(app: &TestApp, name: &str, order: &str, promised: &[&str]) {
    let id: OrderId = order.parse().unwrap();
    let log = event::of_order(app.app.db.read(), id).await.unwrap();
    let actions: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
    let life = ["submit", "approve_by_consumer", "approve_by_provider", "complete"];
    assert_eq!(actions, life[..actions.len()], "{name}: every step once and in order");
    assert!(actions.len() >= promised.len(), "{name}: {promised:?} were acknowledged, {actions:?} are there");
}

/// No name was ordered twice: a call that was made again with its key had one effect.
async fn check_names(app: &TestApp) {
    let all = Stretch::new(&[], &[], 0, 10_000);
    let mut seen = HashMap::new();
    for row in mercat_store::order::list(&app.app.db, app.world.users["staff"], all).await.unwrap() {
        *seen.entry(row.resource_name.clone()).or_insert(0) += 1;
    }
    seen.retain(|_, times| *times > 1);
    assert!(seen.is_empty(), "ordered twice: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_among_a_thousand_changes_on_sqlite() {
    crash(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_among_a_thousand_changes_on_postgres() {
    crash(Backend::Postgres).await;
}
