//! What is around the service fails: the answer says so and when to come again, nothing is damaged, and the service is back
//! by itself.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use mercat_store::event;
use mercat_testkit::{Backend, TestApp};
use serde_json::Value;

use crate::{
    proxy::{Proxy, Wire},
    server::{MERCAT, Server, call, mercat},
};

/// Back by itself within this time.
const BACK: Duration = Duration::from_secs(5);
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

/// A server whose data lie on a disk of some megabytes, in a mount namespace of its own.
struct SmallDisk {
    server: Server,
    /// The disk, as the server sees it.
    seen: PathBuf,
}

impl SmallDisk {
    fn start(app: &TestApp) -> Self {
        let script = r#"
            mkdir "$1/disk" && mount -t tmpfs -o size=24m,mode=0700 tmpfs "$1/disk" &&
            find "$1" -mindepth 1 -maxdepth 1 ! -name disk -exec cp -a {} "$1/disk/" ';' &&
            exec "$2" serve --listen 127.0.0.1:0 --data "$1/disk""#;
        let mut command = Command::new("unshare");
        // Whoever is not root is so in a namespace of their own.
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]).arg(app.folder()).arg(MERCAT);
        let server = Server::run(&mut command);
        let seen =
            Path::new("/proc").join(server.id().to_string()).join("root").join(app.folder().strip_prefix("/").unwrap());
        Self { server, seen: seen.join("disk") }
    }

    /// Writes until there is no room.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.seen.join("ballast")).unwrap();
        let block = vec![1; 4096];
        while std::io::Write::write_all(&mut file, &block).is_ok() {}
    }

    fn make_room(&self) {
        std::fs::remove_file(self.seen.join("ballast")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_full_and_gets_room() {
    let app = TestApp::new(Backend::Sqlite).await;
    let body = app.order_body(&app.offering("Marketplace.Basic").await);
    app.app.db.clone().close().await.unwrap();
    let disk = SmallDisk::start(&app);
    let order = |key: &str| call("POST", &disk.server.url(ORDERS), "token-own", Some(key), Some(&body)).unwrap();
    let shown = || call("GET", &disk.server.url(ORDERS), "token-own", None, None).unwrap();
    assert_eq!(order("before").0, 201);
    disk.fill();
    // What was allocated before may still be written to.
    let refused = (0..1_000).map(|n| order(&format!("full-{n}"))).find(|(status, _)| *status != 201);
    let (status, answer) = refused.expect("at some time there is no room");
    assert_eq!(status, 507, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("no room"), "{answer}");
    let (status, before) = shown();
    assert_eq!(status, 200, "what is there can be read");
    disk.make_room();
    assert_eq!(order("after").0, 201, "it goes on by itself");
    let found = shown().1.as_array().unwrap().len();
    assert!(found > before.as_array().unwrap().len() || found == 10, "{found}");
    // Nobody writes now.
    let place = app.folder().join("copy").display().to_string();
    assert!(Command::new("cp").arg("-r").args([disk.seen.as_os_str(), place.as_ref()]).status().unwrap().success());
    let (whole, told, _) = tokio::task::block_in_place(|| mercat(&["doctor", "--data", &place], ""));
    assert!(told.contains("ok      event log is whole"), "{whole} {told}");
}
