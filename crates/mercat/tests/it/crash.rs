//! `kill -9` of servers, worker and PostgreSQL in the middle of changes, and wires that are cut between a change and its answer
//! or its commit: what was acknowledged is there, nothing twice, no order stuck, and every webhook gets everything in its
//! order.

use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    time::{Duration, Instant},
};

use mercat_domain::id::OrderId;
use mercat_store::{entity::hook, event, order::Stretch};
use mercat_testkit::{Backend, TestApp, campaign::Amount};
use serde_json::{Value, json};

use crate::{
    house::{House, Standing},
    operator::hook_of_staff,
    receiver::Receiver,
    server::call,
};

const KILLS: u64 = 25;
/// So many changes come between two kills.
const CHANGES: usize = 40;
const CLIENTS: usize = 8;
/// What was struck and stands again is back by itself within this time.
const BACK: Duration = Duration::from_secs(5);
/// As long as something still happens, the rest is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a client was promised: by the name of each order, the actions that were answered with success.
type Journal = HashMap<String, (String, Vec<&'static str>)>;

/// The life that each order is led through, with the token of whoever acts.
const LIFE: &[(&str, &str)] = &[("approve_by_consumer", "token-own"), ("approve_by_provider", "token-vown")];

/// One client: leads one order after the other through its life; every call that got no answer is made again, with the
/// same key, at another server.
struct Client<'a> {
    number: usize,
    addresses: &'a [String],
    body: &'a Value,
    standing: &'a Standing,
    /// Told of each answer.
    acknowledged: Sender<()>,
    journal: Journal,
}

#[derive(Clone)]
struct Call {
    name: String,
    order: Option<String>,
    step: usize,
}

impl Client<'_> {
    fn work(mut self, stop: &AtomicBool) -> Journal {
        let mut made = 0;
        let mut next = None;
        while !stop.load(Ordering::SeqCst) {
            let this = next.take().unwrap_or_else(|| {
                made += 1;
                Call { name: format!("crash-{}-{made}", self.number), order: None, step: 0 }
            });
            next = self.make(this, made);
        }
        self.journal
    }

    /// Makes a call until it is answered; gives back the next one of the same order.
    fn make(&mut self, this: Call, made: usize) -> Option<Call> {
        let key = format!("{}-{}", this.name, this.step);
        let (path, token, body) = match &this.order {
            None => {
                let mut body = self.body.clone();
                body["attributes"]["name"] = json!(this.name);
                ("/api/marketplace-orders/".to_owned(), "token-mgr", Some(body))
            }
            Some(order) => {
                let (action, token) = LIFE[this.step - 1];
                (format!("/api/marketplace-orders/{order}/{action}/"), token, None)
            }
        };
        let mut server = self.number + made + this.step;
        let (mut begun, mut strikes) = (Instant::now(), self.standing.wait());
        let answer = loop {
            let url = format!("{}{path}", self.addresses[server % self.addresses.len()]);
            let answered = call("POST", &url, token, Some(&key), body.as_ref());
            match answered {
                Some((200 | 201, answer)) => break answer,
                // Nobody knows what became of it, or the first of the same key is still on its way.
                None | Some((503 | 409, _)) => {}
                Some((status, answer)) => panic!("{key}: {status} {answer}"),
            }
            let now = self.standing.wait();
            assert!(now > strikes || begun.elapsed() < BACK, "{key} is not taken again: {answered:?}");
            if now > strikes {
                (begun, strikes) = (Instant::now(), now);
            }
            server += 1;
        };
        let _ = self.acknowledged.send(());
        let order = this.order.unwrap_or_else(|| answer["uuid"].as_str().unwrap().to_owned());
        let entry = self.journal.entry(this.name.clone()).or_insert_with(|| (order.clone(), Vec::new()));
        entry.1.push(if this.step == 0 { "submit" } else { LIFE[this.step - 1].0 });
        let more = this.step < LIFE.len();
        more.then(|| Call { name: this.name, order: Some(order), step: this.step + 1 })
    }
}

/// Ends the clients, also when what was struck does not stand again.
struct Ending<'a>(&'a AtomicBool, &'a Standing);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
        self.1.stands();
    }
}

/// Lets all clients work, and strikes again and again among their calls; what they were promised.
fn storm(house: &mut House, body: &Value) -> Journal {
    let stop = AtomicBool::new(false);
    let (acknowledged, answers) = channel();
    let (addresses, standing) = (house.addresses(), house.standing());
    let begun = Instant::now();
    let (mut strikes, mut enough, mut stood) = (0, 0, Duration::ZERO);
    let journal = std::thread::scope(|scope| {
        let ending = Ending(&stop, &standing);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (addresses, standing, stop) = (&addresses, &standing, &stop);
                let acknowledged = acknowledged.clone();
                let client = Client { number, addresses, body, standing, acknowledged, journal: Journal::new() };
                scope.spawn(move || client.work(stop))
            })
            .collect();
        // Whoever waits for answers does not wait for clients that are gone.
        drop(acknowledged);
        for n in Amount::asked(KILLS).cases() {
            let n = usize::try_from(n).unwrap();
            // A different number each time moves the blow through the calls.
            let wanted = CHANGES - 2 + n % 5;
            let stands = Instant::now();
            enough += answers.iter().take(wanted).count();
            stood += stands.elapsed();
            if clients.iter().any(|client| client.is_finished()) {
                break;
            }
            let blows = house.blows();
            house.strike(blows[n % blows.len()]);
            strikes += 1;
        }
        drop(ending);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect::<Journal>()
    });
    let promised: usize = journal.values().map(|(_, promised)| promised.len()).sum();
    assert!(promised >= enough, "{promised} changes were acknowledged among {strikes} blows");
    let rate = |changes: usize, time: Duration| changes as f64 / time.as_secs_f64();
    let (all, between) = (rate(promised, begun.elapsed()), rate(enough, stood));
    eprintln!("{strikes} blows, {promised} changes, {all:.0} a second in all, {between:.0} between the blows");
    journal
}

async fn crash(backend: Backend) {
    let (mut house, app) = House::start(backend).await;
    let body = app.order_body(&app.offering("Marketplace.Basic").await);
    let receiver = Receiver::start();
    let hook = hook::Model { destination: receiver.url.clone(), is_active: true, ..hook_of_staff(&app) };
    app.put(hook).await;
    let journal = tokio::task::block_in_place(|| storm(&mut house, &body));
    settle(&house.addresses()[0]).await;
    for (name, (order, promised)) in &journal {
        check(&app, name, order, promised).await;
    }
    check_names(&app).await;
    everything_is_told(&app, &receiver, &journal).await;
    event::verify(app.app.db.read()).await.unwrap();
}

/// Waits until every order that is approved is done: none may be stuck.
async fn settle(server: &str) {
    let url = format!("{server}/api/marketplace-orders/?state=executing&page_size=100&field=uuid");
    let (mut left, mut begun) = (Value::Null, Instant::now());
    while left != json!([]) {
        let (_, open) = tokio::task::block_in_place(|| call("GET", &url, "token-staff", None, None)).unwrap();
        if open != left {
            (left, begun) = (open, Instant::now());
        }
        assert!(begun.elapsed() < PATIENCE, "orders are stuck in executing: {left}");
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
async fn everything_is_told(app: &TestApp, receiver: &Receiver, journal: &Journal) {
    for (order, _) in journal.values() {
        let id: OrderId = order.parse().unwrap();
        let log = event::of_order(app.app.db.read(), id).await.unwrap();
        let wanted: Vec<i64> = log.iter().map(|row| row.seq).collect();
        let (mut last, mut begun) = (0, Instant::now());
        loop {
            let mut came = receiver.received(order);
            assert!(came.is_sorted(), "order {order}: {came:?}");
            came.dedup();
            if came == wanted {
                break;
            }
            let all = receiver.count();
            if all > last {
                (last, begun) = (all, Instant::now());
            }
            assert!(begun.elapsed() < PATIENCE, "order {order}: {came:?} of {wanted:?} came");
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
