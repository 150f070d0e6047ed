//! `kill -9` in the middle of changes, and wires that are cut between a change and its answer or its commit: what was
//! acknowledged is there, nothing twice, no order stuck, and every webhook gets everything in its order.

use std::{
    collections::HashMap,
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use mercat_domain::id::OrderId;
use mercat_store::{entity::hook, event, order::Stretch};
use mercat_testkit::{Backend, Offered, TestApp, campaign::Amount};
use serde_json::{Value, json};

use crate::{
    operator::hook_of_staff,
    proxy::{Proxy, Wire},
    receiver::Receiver,
    server::{MERCAT, Server, call},
};

const KILLS: u64 = 25;
/// So many changes come between two kills.
const CHANGES: usize = 40;
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
        let answered = call("POST", &format!("{server}{path}"), token, Some(&key), body.as_ref());
        // Without an answer, or without a database, nobody knows: the same again under the same key.
        let Some((status, answer)) = answered.filter(|(status, _)| *status != 503) else { return Some(this) };
        assert!(status == 200 || status == 201, "{key}: {status} {answer}");
        acknowledged.fetch_add(1, Ordering::SeqCst);
        let order = this.order.unwrap_or_else(|| answer["uuid"].as_str().unwrap().to_owned());
        let entry = self.journal.entry(this.name.clone()).or_insert_with(|| (order.clone(), Vec::new()));
        entry.1.push(if this.step == 0 { "submit" } else { LIFE[this.step - 1].0 });
        let more = this.step < LIFE.len();
        more.then(|| Call { name: this.name, order: Some(order), step: this.step + 1 })
    }
}

/// What happens among the clients' calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    /// The server is killed.
    Kill,
    /// The clients' connections are cut, most often between a commit and its answer.
    Answers,
    /// The server's connections to the database are cut, at times between a change and its commit; on SQLite it is killed.
    Database,
}

/// Starts a server whose wire to PostgreSQL goes through the test, and which may call the receiver.
fn start(app: &TestApp) -> (Server, Option<Proxy>) {
    let mut command = Command::new(MERCAT);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(app.folder());
    command.env("MERCAT__OUTGOING__ALLOWED_RANGES", r#"["127.0.0.0/8"]"#);
    let wire = (app.backend == Backend::Postgres).then(|| {
        let (proxy, url) = Proxy::to_database(&app.url);
        command.args(["--database-url", &url]);
        proxy
    });
    (Server::run(&mut command), wire)
}

/// Lets all clients work until enough was acknowledged, then strikes among their calls.
fn round(app: &TestApp, clients: &mut [Client], body: &Value, enough: usize, blow: Blow) {
    let (mut server, database) = start(app);
    let answers = Proxy::to(server.base.trim_start_matches("http://").to_owned());
    let base = format!("http://{}", answers.address);
    let (gone, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for client in clients.iter_mut() {
            let (base, gone, acknowledged) = (base.clone(), &gone, &acknowledged);
            scope.spawn(move || client.work(&base, body, gone, acknowledged));
        }
        while acknowledged.load(Ordering::SeqCst) < enough {
            std::thread::yield_now();
        }
        // Whoever got no answer asks again in the next round.
        gone.store(true, Ordering::SeqCst);
        match (blow, &database) {
            (Blow::Database, Some(database)) => {
                database.set(Wire::Cut);
                database.set(Wire::Whole);
            }
            (Blow::Answers, _) => answers.set(Wire::Cut),
            _ => server.kill(),
        }
    });
}

async fn crash(backend: Backend) {
    let app = TestApp::new(backend).await;
    let offered: Offered = app.offering("Marketplace.Basic").await;
    let body = app.order_body(&offered);
    let client = |number| Client { number, made: 0, open: None, journal: Journal::new() };
    let mut clients: Vec<Client> = (0..CLIENTS).map(client).collect();
    let receiver = Receiver::start();
    let hook = hook::Model { destination: receiver.url.clone(), is_active: true, ..hook_of_staff(&app) };
    app.put(hook).await;
    let mut kills = 0;
    for n in Amount::asked(KILLS).cases() {
        kills += 1;
        // A different number each time moves the kill through the calls.
        let enough = CHANGES - 2 + usize::try_from(n % 5).unwrap();
        let blow = [Blow::Kill, Blow::Answers, Blow::Database][usize::try_from(n % 3).unwrap()];
        tokio::task::block_in_place(|| round(&app, &mut clients, &body, enough, blow));
    }
    let (server, _wire) = start(&app);
    settle(&server).await;
    let mut checked = 0;
    for (name, (order, promised)) in clients.iter().flat_map(|client| &client.journal) {
        check(&app, name, order, promised).await;
        checked += promised.len();
    }
    assert!(checked >= (CHANGES - 2) * kills, "{checked} changes were acknowledged between {kills} kills");
    eprintln!("{kills} kills, {checked} changes");
    check_names(&app).await;
    everything_is_told(&app, &receiver, &clients).await;
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

/// Each event of each order came to the receiver, at least once and none before an older one of its order.
async fn everything_is_told(app: &TestApp, receiver: &Receiver, clients: &[Client]) {
    let patience = Instant::now() + Duration::from_secs(60);
    for (order, _) in clients.iter().flat_map(|client| client.journal.values()) {
        let id: OrderId = order.parse().unwrap();
        let log = event::of_order(app.app.db.read(), id).await.unwrap();
        let wanted: Vec<i64> = log.iter().map(|row| row.seq).collect();
        loop {
            let mut came = receiver.received().remove(order).unwrap_or_default();
            assert!(came.is_sorted(), "order {order}: {came:?}");
            came.dedup();
            if came == wanted {
                break;
            }
            assert!(Instant::now() < patience, "order {order}: {came:?} of {wanted:?} came");
            tokio::task::yield_now().await;
        }
    }
}

/// No name was ordered twice: a call that was made again with its key had one effect.
async fn check_names(app: &TestApp) {
    let all = Stretch::new(&[], &[], 0, 1_000_000);
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
