//! Rude clients: connections that send nothing, half a head, a body drop by drop, or read no answer. Honest ones are answered
//! meanwhile, and in the end the server is rid of the others.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use mercat_testkit::{Backend, TestApp};
use serde_json::Value;

use crate::server::{MERCAT, Server, call, place};

const RUDE: usize = 2_000;
/// Of these, so many ask for more than fits into what lies between, and read nothing.
const DEAF: usize = 20;
const ASKED_BY_DEAF: usize = 64;
const HONEST: usize = 200;
/// Fewer than there are of those who send a body slowly, of each kind, and more than of those who ask at once.
const PLACES: &str = "200";
/// Longer than the server waits; only a server that never closes lets this pass.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many times an honest request may take beside rude ones what it takes alone; a build for debugging has much more to do
/// for each connection.
const FACTOR: u32 = if cfg!(debug_assertions) { 5 } else { 2 };
/// What nobody notices is not compared.
const UNNOTICED: Duration = Duration::from_millis(10);
/// The best of so many rounds counts: other programs of the machine take their turns too.
const ROUNDS: usize = 3;

const ORDERS: &str = "/api/marketplace-orders/";
const HEAD: &str = "POST /api/marketplace-orders/ HTTP/1.1\r\nHost: mercat\r\nAuthorization: Token token-staff\r\n";
const STRANGER: &str = "POST /api-auth/password/ HTTP/1.1\r\nHost: mercat\r\nContent-Type: application/json\r\n";
const LARGE: &str =
    "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: mercat\r\nAuthorization: Token token-staff\r\n\r\n";

/// What the rude ones have sent when they stop.
fn said(n: usize) -> String {
    if n < DEAF {
        return LARGE.repeat(ASKED_BY_DEAF);
    }
    match n % 12 {
        0 => String::new(),
        1 => "GET /api/marketplace-orders/ HT".to_owned(),
        2 => HEAD.to_owned(),
        3 | 9 => format!("{HEAD}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"),
        // As HTTP/2 begins.
        4 => "P".to_owned(),
        5 => "PRI * HTTP/2.0\r\n".to_owned(),
        6 | 10 => format!("{STRANGER}Content-Length: 100\r\n\r\n{{"),
        7 | 11 => format!("{STRANGER}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"),
        // Whole, but the answer is not read.
        _ => format!("{}\r\n", HEAD.replace("POST", "GET")),
    }
}

/// The time that 99 of 100 honest requests take at most: every second one orders.
fn honest(server: &Server, order: &Value) -> Duration {
    let mut times: Vec<Duration> = (0..HONEST)
        .map(|n| {
            let begin = Instant::now();
            let (method, token, body) =
                if n % 2 == 0 { ("GET", "token-staff", None) } else { ("POST", "token-mgr", Some(order)) };
            let (status, answer) = call(method, &server.url(ORDERS), token, None, body).unwrap();
            assert!(matches!(status, 200 | 201), "an honest request is answered: {status} {answer}");
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[HONEST * 99 / 100]
}

/// Opens a rude connection.
fn rude(address: &str, n: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(said(n).as_bytes()).unwrap();
    stream
}

/// Waits until the server has closed a connection.
fn is_closed(n: usize, mut stream: TcpStream) {
    if n < DEAF {
        // To read would be to listen: it asks on, until nobody is there.
        let error = std::iter::repeat_with(|| stream.write(LARGE.as_bytes())).find_map(Result::err).unwrap();
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "who reads nothing is waited for");
        return;
    }
    let mut answer = Vec::new();
    // Closed with what it had read of us, or with what it had not.
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "connection {n} ({:?}) stays", said(n));
    }
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.starts_with("HTTP/1.1 5") || answer.starts_with("HTTP/1.1 503"), "{answer}");
}

fn is_fair(beside: Duration, alone: Duration) -> bool {
    beside <= (alone * FACTOR).max(UNNOTICED)
}

async fn crowd(backend: Backend) {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let app = TestApp::new(backend).await;
    let order = app.order_body(&app.offering("Marketplace.Slurm").await);
    let mut command = Command::new(MERCAT);
    command.args(["serve", "--listen", "127.0.0.1:0"]).args(place(&app));
    command.env("MERCAT__SERVER__IDLE_TIMEOUT_SECONDS", "5").env("MERCAT__SERVER__BODY_TIMEOUT_SECONDS", "5");
    command.env("MERCAT__SERVER__REQUEST_TIMEOUT_SECONDS", "5").env("MERCAT__SERVER__MAX_REQUESTS", PLACES);
    let server = Server::run(&mut command);
    let address = server.base.trim_start_matches("http://").to_owned();
    let (mut alone, mut beside) = (Duration::ZERO, Duration::MAX);
    for _ in 0..ROUNDS {
        alone = honest(&server, &order);
        let crowd: Vec<TcpStream> = (0..RUDE).map(|n| rude(&address, n)).collect();
        beside = honest(&server, &order);
        crowd.into_iter().enumerate().for_each(|(n, stream)| is_closed(n, stream));
        if is_fair(beside, alone) {
            break;
        }
    }
    eprintln!("{RUDE} rude clients: 99 of 100 honest requests took up to {beside:?}, alone {alone:?}");
    assert!(is_fair(beside, alone), "{beside:?} beside rude clients, {alone:?} alone");
    honest(&server, &order);
}

#[tokio::test(flavor = "multi_thread")]
async fn rude_clients_harm_nobody_on_sqlite() {
    crowd(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rude_clients_harm_nobody_on_postgres() {
    crowd(Backend::Postgres).await;
}
