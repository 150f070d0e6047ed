//! Rude clients: connections that send nothing, half a head, a body drop by drop, or read no answer. Honest ones are answered
//! meanwhile, and in the end the server is rid of the others.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use mercat_testkit::{Backend, TestApp};

use crate::server::{MERCAT, Server, call, place};

const RUDE: usize = 2_000;
const HONEST: usize = 200;
/// Longer than the server waits; only a server that never closes lets this pass.
const PATIENCE: Duration = Duration::from_secs(30);

const HEAD: &str = "POST /api/marketplace-orders/ HTTP/1.1\r\nHost: mercat\r\nAuthorization: Token token-staff\r\n";

/// What the rude ones have sent when they stop.
fn said(n: usize) -> String {
    match n % 7 {
        0 => String::new(),
        // As HTTP/2 begins.
        4 => "P".to_owned(),
        5 => "PRI * HTTP/2.0\r\n".to_owned(),
        1 => "GET /api/marketplace-orders/ HT".to_owned(),
        2 => HEAD.to_owned(),
        3 => format!("{HEAD}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"),
        // Whole, but the answer is not read.
        _ => format!("{}\r\n", HEAD.replace("POST", "GET")),
    }
}

/// The times that honest requests take, from the quickest to the slowest.
fn honest(server: &Server) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..HONEST)
        .map(|_| {
            let begin = Instant::now();
            let answer = call("GET", &server.url("/api/marketplace-orders/?page_size=10"), "token-staff", None, None);
            assert_eq!(answer.unwrap().0, 200, "an honest request is answered");
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times
}

async fn crowd(backend: Backend) {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let app = TestApp::new(backend).await;
    let offered = app.offering("Marketplace.Slurm").await;
    for _ in 0..10 {
        app.order("mgr", &offered).await;
    }
    let mut command = Command::new(MERCAT);
    command.args(["serve", "--listen", "127.0.0.1:0"]).args(place(&app));
    command.envs([("MERCAT__SERVER__IDLE_TIMEOUT_SECONDS", "5"), ("MERCAT__SERVER__BODY_TIMEOUT_SECONDS", "5")]);
    let server = Server::run(&mut command);
    let address = server.base.trim_start_matches("http://").to_owned();
    let alone = honest(&server);
    let rude: Vec<TcpStream> = (0..RUDE)
        .map(|n| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.write_all(said(n).as_bytes()).unwrap();
            stream
        })
        .collect();
    let beside = honest(&server);
    for (n, mut stream) in rude.into_iter().enumerate() {
        let mut answer = Vec::new();
        // Closed with what it had read of us, or with what it had not.
        if let Err(error) = stream.read_to_end(&mut answer) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "connection {n} ({:?}) stays", said(n));
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 5") || answer.starts_with("HTTP/1.1 503"), "{answer}");
    }
    let at = HONEST * 99 / 100;
    eprintln!("{RUDE} rude clients: 99 of 100 honest requests took up to {:?}, alone {:?}", beside[at], alone[at]);
    assert_eq!(honest(&server).len(), HONEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn rude_clients_harm_nobody_on_sqlite() {
    crowd(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rude_clients_harm_nobody_on_postgres() {
    crowd(Backend::Postgres).await;
}
