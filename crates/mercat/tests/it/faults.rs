//! What is around the service fails: the answer says so and when to come again, nothing is damaged, and the service is back
//! by itself.

use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use mercat_store::event;
use mercat_testkit::{Backend, Cluster, TestApp};
use serde_json::Value;

use crate::{
    disk::SmallDisk,
    proxy::{Proxy, Wire},
    server::{MERCAT, Server, call, mercat, text},
};

/// Back by itself within this time.
const BACK: Duration = Duration::from_secs(5);
/// So many orders are made when all is well again.
const AFTER: usize = 3;
const ORDERS: &str = "/api/marketplace-orders/";

/// A server whose wire to PostgreSQL is in the test's hand.
struct Wired {
    app: TestApp,
    proxy: Proxy,
    server: Server,
    body: Value,
}

impl Wired {
    async fn start() -> Self {
        let app = TestApp::new(Backend::Postgres).await;
        let body = app.order_body(&app.offering("Marketplace.Basic").await);
        let (proxy, url) = Proxy::to_database(&app.url);
        let mut command = Command::new(MERCAT);
        command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &url, "--data"]).arg(app.folder());
        command.env("MERCAT__SERVER__REQUEST_TIMEOUT_SECONDS", "2");
        let server = Server::run(&mut command);
        Self { app, proxy, server, body }
    }

    fn ask(&self, method: &str, path: &str, key: Option<&str>) -> (u16, Value) {
        let body = (method == "POST").then_some(&self.body);
        call(method, &self.server.url(path), "token-own", key, body).expect("the server answers")
    }

    /// Waits until orders are shown and made again.
    fn comes_back(&self, key: &str) {
        let begin = Instant::now();
        while self.ask("GET", ORDERS, None).0 != 200 || self.ask("POST", ORDERS, Some(key)).0 != 201 {
            assert!(begin.elapsed() < BACK, "it does not come back");
        }
    }

    /// How many orders there are, and whether the log is whole.
    async fn orders(&self) -> usize {
        event::verify(self.app.app.db.read()).await.unwrap();
        self.ask("GET", ORDERS, None).1.as_array().map_or(0, Vec::len)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_gone_and_comes_back() {
    let wired = Wired::start().await;
    assert_eq!(wired.ask("POST", ORDERS, Some("first")).0, 201);
    for round in 0..3 {
        let key = format!("round-{round}");
        wired.proxy.set(Wire::Cut);
        for (method, path) in [("GET", ORDERS), ("GET", "/api/users/me/"), ("POST", ORDERS), ("GET", "/health/ready")] {
            let (status, answer) = wired.ask(method, path, Some(&key));
            assert_eq!(status, 503, "{method} {path}: {answer}");
            let text = answer.to_string();
            assert!(!text.contains("sql") && !text.contains("onnection"), "no word of what is inside: {text}");
        }
        assert_eq!(wired.ask("GET", "/health/live", None).0, 200);
        wired.proxy.set(Wire::Whole);
        // What was refused is asked for again.
        wired.comes_back(&key);
    }
    assert_eq!(wired.orders().await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_paused_and_goes_on() {
    let wired = Wired::start().await;
    wired.proxy.set(Wire::Dead);
    for (method, key) in [("GET", None), ("POST", Some("while-paused"))] {
        let (status, answer) = wired.ask(method, ORDERS, key);
        assert_eq!(status, 503, "{answer}");
    }
    wired.proxy.set(Wire::Whole);
    // Whatever became of it, asking again tells.
    wired.comes_back("while-paused");
    assert_eq!(wired.orders().await, 1, "it happened once");
}

/// What there is of a service while its disk is full.
struct Full<'a> {
    disk: &'a SmallDisk,
    server: &'a Server,
    body: &'a Value,
}

impl Full<'_> {
    fn order(&self, key: &str) -> (u16, Value) {
        call("POST", &self.server.url(ORDERS), "token-own", Some(key), Some(self.body)).unwrap()
    }

    /// All that was acknowledged is there.
    fn are_shown(&self, acknowledged: &[Value]) {
        for order in acknowledged {
            let url = self.server.url(&format!("{ORDERS}{}/", order["uuid"].as_str().unwrap()));
            let (status, shown) = call("GET", &url, "token-own", None, None).unwrap();
            assert_eq!(status, 200, "{order} was acknowledged: {shown}");
        }
    }

    /// Fills the disk until an order is refused, and makes room.
    fn is_told_and_ends(&self, meanwhile: impl FnOnce()) {
        let (status, before) = self.order("before");
        assert_eq!(status, 201, "{before}");
        let mut acknowledged = vec![before];
        self.disk.fill();
        // What was allocated before may still be written to.
        let (status, answer) = loop {
            match self.order(&format!("full-{}", acknowledged.len())) {
                (201, order) if acknowledged.len() < 1_000 => acknowledged.push(order),
                refused => break refused,
            }
        };
        assert_eq!(status, 507, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("no room"), "{answer}");
        self.are_shown(&acknowledged);
        meanwhile();
        self.disk.make_room();
        let begin = Instant::now();
        for n in 0..AFTER {
            let order = loop {
                match self.order(&format!("after-{n}")) {
                    (201, order) => break order,
                    (status, answer) => assert!(begin.elapsed() < BACK, "it does not go on: {status} {answer}"),
                }
            };
            acknowledged.push(order);
        }
        self.are_shown(&acknowledged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_full_and_gets_room() {
    let app = TestApp::new(Backend::Sqlite).await;
    let body = app.order_body(&app.offering("Marketplace.Basic").await);
    app.app.db.clone().close().await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let disk = SmallDisk::new(place.path(), 24);
    let copy = |from: &Path, to: &Path| {
        let status = Command::new("cp").arg("-r").arg(from.join(".")).arg(to).status();
        assert!(status.unwrap().success());
    };
    copy(app.folder(), &disk.seen());
    let mut command = disk.command(MERCAT);
    let server = Server::run(command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&disk.place));
    let full = Full { disk: &disk, server: &server, body: &body };
    let (_, order) = full.order("with-a-file");
    let upload = || attach(&server, order["uuid"].as_str().unwrap());
    assert_eq!(upload(), 200);
    full.is_told_and_ends(|| assert_eq!(upload(), 507, "a file has no room either"));
    assert_eq!(upload(), 200);
    // Nobody writes now.
    let last = tempfile::tempdir().unwrap();
    copy(&disk.seen(), last.path());
    let (whole, told, _) = mercat(&["doctor", "--data", &text(last.path())], "");
    assert!(told.contains("ok      event log is whole"), "{whole} {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_of_postgres_is_full_and_gets_room() {
    let place = tempfile::tempdir().unwrap();
    let disk = Arc::new(SmallDisk::new(place.path(), 160));
    let inside = Arc::clone(&disk);
    let run = Box::new(move |program: &Path| inside.command_of_nobody(program));
    let cluster = Cluster::start_in(disk.place.join("data"), run);
    let app = TestApp::on(&cluster).await;
    let body = app.order_body(&app.offering("Marketplace.Basic").await);
    let server = Server::start(&app);
    Full { disk: &disk, server: &server, body: &body }.is_told_and_ends(|| {});
    event::verify(app.app.db.read()).await.unwrap();
}

/// The status by which a file of some size is answered.
fn attach(server: &Server, order: &str) -> u16 {
    let content = format!("%PDF-1.4\n{}", "x".repeat(100_000));
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n{content}\r\n--b--\r\n"
    );
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent
        .post(server.url(&format!("{ORDERS}{order}/update_attachment/")))
        .header("Authorization", "Token token-own")
        .header("Content-Type", "multipart/form-data; boundary=b");
    request.send(body).unwrap().status().as_u16()
}
