//! A thousand readers of the event feed, while the server is killed under them: no gap, no repeat.

use std::time::{Duration, Instant};

use mercat_domain::time::{Clock as _, SystemClock};
use mercat_store::event;
use mercat_testkit::{Backend, TestApp};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::watch,
    task::JoinSet,
};
use uuid::Uuid;

use crate::server::{Server, call};

const FOLLOWERS: usize = 1000;
const LIVES: usize = 3;
const ORDERS_A_LIFE: usize = 4;
/// Who follows; all of them see the orders.
const PEOPLE: [&str; 4] = ["token-own", "token-mgr", "token-vown", "token-staff"];
/// How long the last of the events may take to reach the last of the readers, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Reads until the connection breaks; every number that arrives goes behind the others.
async fn read(address: &str, token: &str, got: &mut Vec<i64>, until: &watch::Receiver<i64>) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let last = got.last().copied().unwrap_or(0);
    // HTTP/1.0, so that the answer is the bare stream.
    let request = format!(
        "GET /api/event-feed/stream/ HTTP/1.0\r\nHost: {address}\r\nAuthorization: Token {token}\r\nLast-Event-ID: {last}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut lines = BufReader::new(stream).lines();
    while *until.borrow() != got.last().copied().unwrap_or(0) {
        match lines.next_line().await? {
            Some(line) => got.extend(line.strip_prefix("id: ").map(|id| id.parse::<i64>().unwrap())),
            None => break,
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_its_streams() {
    let app = TestApp::new(Backend::Sqlite).await;
    let mut server = Server::start(&app);
    let address = server.base.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let request =
        format!("GET /api/event-feed/stream/ HTTP/1.1\r\nHost: {address}\r\nAuthorization: Token token-own\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.next_line().await.unwrap().unwrap().contains("200"));
    let told = Instant::now();
    assert!(tokio::task::spawn_blocking(move || server.stop()).await.unwrap());
    while lines.next_line().await.unwrap().is_some() {}
    // What does not end by itself is cut after ten seconds.
    assert!(told.elapsed() < Duration::from_secs(9), "{:?}", told.elapsed());
}

/// One reader over all lives of the server. `until` is the last number, once it is known.
async fn follow(mut server: watch::Receiver<String>, until: watch::Receiver<i64>, token: &'static str) -> Vec<i64> {
    let mut got = Vec::new();
    loop {
        let address = server.borrow_and_update().clone();
        let ended = read(&address, token, &mut got, &until).await;
        if *until.borrow() == got.last().copied().unwrap_or(0) {
            return got;
        }
        // A stream that ended is asked for again where it was; a server that is gone comes back elsewhere.
        let is_gone = ended.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused);
        if is_gone && server.changed().await.is_err() {
            return got;
        }
    }
}

/// What happens in one life of the server: orders with two decisions each.
fn live(server: &Server, body: &Value) {
    let orders = server.url("/api/marketplace-orders/");
    for _ in 0..ORDERS_A_LIFE {
        let order = done("token-mgr", &orders, Some(body));
        let order = format!("{orders}{}", order["uuid"].as_str().unwrap());
        done("token-own", &format!("{order}/approve_by_consumer/"), None);
        done("token-vown", &format!("{order}/approve_by_provider/"), None);
    }
}

/// Calls until the crowd leaves room for the call. Whatever came of a call that broke, one with the same key is safe.
fn done(token: &str, url: &str, body: Option<&Value>) -> Value {
    let key = mercat_app::ids::new::<Uuid>(SystemClock.now()).to_string();
    loop {
        match call("POST", url, token, Some(&key), body) {
            None | Some((503, _)) => {}
            Some((409, answer)) if answer["detail"].as_str().is_some_and(|why| why.ends_with("still running.")) => {}
            Some((status, answer)) => {
                assert!(status == 200 || status == 201, "{url}: {status} {answer}");
                return answer;
            }
        }
    }
}

async fn run(backend: Backend) {
    rlimit::increase_nofile_limit(4 * FOLLOWERS as u64).unwrap();
    let app = TestApp::new(backend).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let body = app.order_body(&offered);
    let (servers, server) = watch::channel(String::new());
    let (ends, end) = watch::channel(-1);
    let mut followers = JoinSet::new();
    for number in 0..FOLLOWERS {
        followers.spawn(follow(server.clone(), end.clone(), PEOPLE[number % PEOPLE.len()]));
    }
    let address = |server: &Server| server.base.trim_start_matches("http://").to_owned();
    for _ in 0..LIVES {
        let mut this = Server::start(&app);
        servers.send_replace(address(&this));
        tokio::task::block_in_place(|| live(&this, &body));
        this.kill();
    }
    let last = event::head(app.app.db.read()).await.unwrap();
    ends.send_replace(last);
    let this = Server::start(&app);
    servers.send_replace(address(&this));
    let all: Vec<i64> = (1..=last).collect();
    assert!(all.len() >= 3 * LIVES * ORDERS_A_LIFE, "there was something to follow");
    let finished = tokio::time::timeout(PATIENCE, followers.join_all()).await.expect("every reader gets to the end");
    for got in finished {
        assert_eq!(got, all);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_followers_over_restarts_on_sqlite() {
    run(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_followers_over_restarts_on_postgres() {
    run(Backend::Postgres).await;
}
