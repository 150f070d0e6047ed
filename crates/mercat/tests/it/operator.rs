//! The commands by which an operator looks at what leaves the service, and the doctor.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use mercat_domain::{
    delivery::HookKind,
    id::HookId,
    time::{Clock as _, SystemClock},
};
use mercat_store::{ConnectionTrait as _, entity::hook};
use mercat_testkit::{Backend, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::server::{MERCAT, Server, mercat, place};

/// Runs a command on a test's database.
fn run(app: &TestApp, command: &[&str]) -> (bool, String, String) {
    let place = place(app);
    let arguments: Vec<&str> = command.iter().copied().chain(place.iter().map(String::as_str)).collect();
    tokio::task::block_in_place(|| mercat(&arguments, ""))
}

/// As [`run`]; the command has to succeed.
fn told(app: &TestApp, command: &[&str]) -> String {
    let (ok, out, err) = run(app, command);
    assert!(ok, "{command:?}: {out}{err}");
    out
}

/// An app with the key that the first start makes.
async fn installed(backend: Backend) -> TestApp {
    let app = TestApp::new(backend).await;
    told(&app, &["migrate"]);
    app
}

/// A command that goes on until it is killed.
struct Going(Child);

impl Drop for Going {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

async fn events(backend: Backend) {
    let app = installed(backend).await;
    let offered = app.offering("Marketplace.Basic").await;
    let first = app.order("mgr", &offered).await;
    let mut command = Command::new(MERCAT);
    command.args(["events", "follow", "--after", "0", "--kind", "order.*"]).args(place(&app)).stdout(Stdio::piped());
    let mut child = Going(command.spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut next = || -> Value {
        let line = tokio::task::block_in_place(|| lines.next()).unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let seen = next();
    assert_eq!((&seen["type"], &seen["order_uuid"]), (&json!("order.submit"), &json!(first)));
    let path = format!("/api/marketplace-orders/{first}/approve_by_consumer/");
    app.post("own", &path).await.expect(200);
    let after = next();
    assert_eq!((&after["type"], &after["user_username"]), (&json!("order.approve_by_consumer"), &json!("own")));
    assert!(after["seq"].as_i64() > seen["seq"].as_i64());
    drop(child);
    let (ok, _, err) = run(&app, &["events", "follow", "--after", "-1"]);
    assert!(!ok && err.contains("-1"), "{err}");
    let (ok, _, err) = run(&app, &["events", "follow", "--after", "1000000"]);
    assert!(!ok && err.contains("beyond the end of the log"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_followed_on_sqlite() {
    events(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_followed_on_postgres() {
    events(Backend::Postgres).await;
}

/// The lines of the list behind its head that have this word.
fn listed(app: &TestApp, options: &[&str], word: &str) -> Vec<String> {
    let command: Vec<&str> = ["deliveries", "list"].iter().chain(options).copied().collect();
    told(app, &command).lines().skip(1).filter(|line| line.contains(word)).map(str::to_owned).collect()
}

/// A webhook of staff for all that happens to orders, switched off.
pub fn hook_of_staff(app: &TestApp) -> hook::Model {
    let now = app.app.now();
    hook::Model {
        id: HookId(Uuid::from_u128(7)),
        kind: HookKind::Signed,
        user_id: app.world.users["staff"],
        name: "test".to_owned(),
        destination: "http://10.0.0.1/hook".to_owned(),
        content_type: "json".to_owned(),
        is_active: false,
        event_types: json!(["order.*"]),
        event_groups: json!([]),
        secret_version: 1,
        oldest_secret: 1,
        rotated: None,
        failing_since: None,
        disabled_reason: String::new(),
        last_published: None,
        created: now,
        modified: now,
    }
}

async fn deliveries(backend: Backend) {
    let app = installed(backend).await;
    let offered = app.offering("Marketplace.Basic").await;
    let mut body = app.order_body(&offered);
    body["callback_url"] = json!("http://10.0.0.1/callback");
    let order = app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201);
    for called in [order.text("uuid"), order.text("slug")] {
        let waiting = listed(&app, &["--state", "pending", "--order", &called], "callback");
        assert!(waiting.len() == 1 && waiting[0].contains("http://10.0.0.1"), "{waiting:?}");
    }

    let server = tokio::task::block_in_place(|| Server::start(&app));
    let patience = Instant::now() + Duration::from_secs(60);
    let dead = loop {
        if let Some(line) = listed(&app, &["--state", "dead", "--limit", "10"], "callback").pop() {
            break line;
        }
        assert!(Instant::now() < patience, "the server has not tried the callback");
    };
    drop(server);
    assert!(dead.contains("(refused: "), "the reason is shown: {dead}");

    let id = dead.split_whitespace().next().unwrap();
    told(&app, &["deliveries", "redeliver", id]);
    let again = listed(&app, &["--state", "pending"], "callback");
    assert!(again.len() == 1 && again[0].starts_with(id), "{again:?}");
    let (ok, _, err) = run(&app, &["deliveries", "redeliver", id]);
    assert!(!ok && err.contains("waits"), "{err}");
    let (ok, _, err) = run(&app, &["deliveries", "redeliver", &"0".repeat(32)]);
    assert!(!ok && err.contains("mercat deliveries list"), "{err}");

    let hook = hook_of_staff(&app);
    let id = hook.id.to_string();
    app.put(hook).await;
    let (from, to) = (app.app.now() - TimeDelta::days(1), app.app.now() + TimeDelta::days(1));
    let (from, to) = (from.format("%Y-%m-%d").to_string(), to.to_rfc3339());
    let replayed = told(&app, &["deliveries", "replay", &id, "--from", &from, "--to", &to]);
    assert!(replayed.starts_with("1 messages"), "{replayed}");
    assert_eq!(listed(&app, &["--state", "pending"], "webhook").len(), 1);
    let (ok, _, err) = run(&app, &["deliveries", "replay", &id, "--from", &to, "--to", &from]);
    assert!(!ok && err.contains("--to"), "{err}");
    let (ok, _, err) = run(&app, &["deliveries", "replay", &id, "--from", "noon", "--to", &to]);
    assert!(!ok && err.contains("2025-05-19"), "the form is shown: {err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_and_sent_again_on_sqlite() {
    deliveries(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_and_sent_again_on_postgres() {
    deliveries(Backend::Postgres).await;
}

async fn explained(backend: Backend) {
    let app = installed(backend).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let order = app.order("mgr", &offered).await;
    let slug = app.order_field(&order, "slug").await;
    let text = told(&app, &["explain", slug.as_str().unwrap(), "--for", "mgr"]);
    let has = |part: &str| assert!(text.contains(part), "{part} in {text}");
    has(&order);
    has("pending-consumer\nWaits for the approval of ");
    has("\nwho may act: ");
    has("\nnext: pending-provider\n");
    has("actions for mgr:\n");
    has("approve_by_consumer      no: ");
    has("reject_by_consumer       possible, leads to rejected\n");
    has("destroy                  possible\n");
    let staff = told(&app, &["explain", &order]);
    assert!(staff.contains("approve_by_consumer      possible, leads to pending-provider\n"), "{staff}");
    for (arguments, why) in [
        (["explain", "ORD-0", "--for", "mgr"], "there is no order ORD-0"),
        (["explain", &order, "--for", "nobody"], "there is no user nobody"),
        (["explain", &order, "--for", "user"], "user does not see the order"),
    ] {
        let (ok, _, err) = run(&app, &arguments);
        assert!(!ok && err.contains(why), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_explained_on_sqlite() {
    explained(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_explained_on_postgres() {
    explained(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_the_next_step() {
    let app = TestApp::new(Backend::Sqlite).await;
    let (ok, out, _) = run(&app, &["doctor"]);
    assert!(!ok && out.contains("FAILED  secret key") && out.contains("mercat migrate"), "{out}");
    told(&app, &["migrate"]);
    let (ok, out, err) = run(&app, &["doctor"]);
    assert!(
        out.contains("ok      secret key can be read") && out.contains("ok      no message is stuck"),
        "{out}{err}"
    );
    assert!(ok && out.contains("mail.transport switches it on"), "{out}");

    let tx = app.app.db.write().await.unwrap();
    let wrong = "INSERT INTO order_counts (kind, scope, owner, provider_id, state, total) VALUES (1, '', '', '', 1, 1)";
    tx.execute_unprepared(wrong).await.unwrap();
    tx.commit().await.unwrap();
    let (ok, out, _) = run(&app, &["doctor"]);
    assert!(
        !ok && out.contains("FAILED  counts and search are right") && out.contains("run `mercat reindex`"),
        "{out}"
    );
    told(&app, &["reindex"]);
    let (ok, out, _) = run(&app, &["doctor"]);
    assert!(ok && out.contains("ok      counts and search are right"), "{out}");

    let settings = app.folder().join("mercat.toml");
    // Nobody listens on port 1.
    let mail = "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\nusername = \"m\"\npassword = \"geheim\"\n";
    std::fs::write(&settings, mail).unwrap();
    std::fs::write(app.folder().join("secret.key"), "ab").unwrap();
    // The test's clock is behind the doctor's: the mail about this order should have left long ago.
    let offered = app.offering("Marketplace.Basic").await;
    app.order("mgr", &offered).await;
    let (ok, out, err) = run(&app, &["doctor", "--config", &settings.display().to_string()]);
    for part in ["FAILED  mail server answers", "[mail]", "FAILED  secret key", "backup", "FAILED  no message is stuck"]
    {
        assert!(!ok && out.contains(part), "{part}: {out}{err}");
    }
    assert!(!out.contains("geheim") && !err.contains("geheim"));
    // An event of a moment that has not come.
    assert!(out.contains("ok      clock is right"), "{out}");
    app.clock.advance(SystemClock.now() - app.app.now() + TimeDelta::hours(2));
    app.order("mgr", &offered).await;
    let (ok, out, _) = run(&app, &["doctor"]);
    assert!(!ok && out.contains("FAILED  clock is right: it is 71"), "{out}");
    let (ok, _, err) = run(&app, &["migrate"]);
    assert!(!ok && err.contains("secret.key"), "nothing starts with half a key: {err}");
}

#[cfg(feature = "amqp")]
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_looks_at_rabbitmq() {
    let app = TestApp::new(Backend::Sqlite).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let identity = json!({"offering": offered.id, "name": "agent"});
    let path = "/api/marketplace-site-agent-identities/";
    let identity = app.post_json("vown", path, identity).await.expect(201).text("uuid");
    let types = json!({"object_types": ["order"]});
    app.post_json("vown", &format!("{path}{identity}/register_queue/"), types).await.expect(201);
    mercat_app::agents::begin_broker(&app.app).await.unwrap();
    app.order("own", &offered).await;
    let settings = app.folder().join("rabbitmq.toml");
    std::fs::write(&settings, "[amqp]\nurl = \"amqp://me:hush@127.0.0.1:9/agents\"").unwrap();
    let (ok, out, err) = run(&app, &["doctor", "--config", &settings.display().to_string()]);
    assert!(!ok);
    for said in ["FAILED  RabbitMQ lets us in: ", "check amqp.url", "FAILED  no event waits for RabbitMQ: 1 messages"] {
        assert!(out.contains(said), "{said} is missing: {out}");
    }
    assert!(!out.contains("hush") && !err.contains("hush"), "{out}{err}");
}
