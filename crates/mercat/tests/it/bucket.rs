//! Attachments in a bucket: an S3 service of others, two servers that have no folder in common.

use std::{
    io::Read as _,
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use mercat_testkit::{Backend, TestApp, free_ports};
use serde_json::Value;

use crate::server::{MERCAT, Server, call, place};

/// The S3 service; it is killed when this is dropped.
struct Store {
    child: Child,
    address: String,
}

impl Store {
    #[expect(clippy::disallowed_methods, reason = "what xtask prepared comes by the environment")]
    fn start() -> Self {
        let python = std::env::var("MERCAT_TEST_BUCKET_PYTHON")
            .expect("MERCAT_TEST_BUCKET_PYTHON is not set: run the tests with `cargo xtask test`");
        let [port] = free_ports();
        let mut command = Command::new(python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let store = Self { child, address: format!("127.0.0.1:{port}") };
        let patience = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(&store.address).is_err() {
            assert!(Instant::now() < patience, "the S3 service does not listen");
            std::thread::yield_now();
        }
        store
    }

    fn ask(&self, method: &str, path: &str) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=us/20260101/us-east-1/s3/aws4_request");
        let mut answer = agent.run(request.body(()).unwrap()).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// How many files are there.
    fn files(&self) -> usize {
        self.ask("GET", "/ours?list-type=2").1.matches("<Key>attached/").count()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn serve(app: &TestApp, store: &Store) -> Server {
    let mut command = Command::new(MERCAT);
    command.arg("serve").args(["--listen", "127.0.0.1:0"]).args(place(app));
    command.env("MERCAT__ATTACHMENTS__BUCKET", "s3://ours/attached");
    command.env("MERCAT__ATTACHMENTS__ENDPOINT", format!("http://{}", store.address));
    command.env("MERCAT__ATTACHMENTS__ACCESS_KEY", "us").env("MERCAT__ATTACHMENTS__SECRET_KEY", "ours");
    Server::run(&mut command)
}

/// Sends a file as an order's attachment.
fn attach(server: &Server, order: &str, content: &[u8]) -> (u16, Value) {
    let boundary = "edge";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent
        .post(server.url(&format!("/api/marketplace-orders/{order}/update_attachment/")))
        .header("Authorization", "Token token-mgr")
        .header("Content-Type", format!("multipart/form-data; boundary={boundary}"))
        .send(&body[..])
        .unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// The attachment as another server gives it.
fn fetch(server: &Server, order: &str) -> Vec<u8> {
    let url = server.url(&format!("/api/marketplace-orders/{order}/"));
    let (_, shown) = call("GET", &url, "token-mgr", None, None).unwrap();
    let mut answer =
        ureq::get(shown["attachment"].as_str().unwrap()).header("Authorization", "Token token-mgr").call().unwrap();
    let mut content = Vec::new();
    answer.body_mut().as_reader().read_to_end(&mut content).unwrap();
    content
}

async fn attachments(backend: Backend) {
    let app = TestApp::new(backend).await;
    let offered = app.offering("Marketplace.Basic").await;
    let order = app.order("mgr", &offered).await;
    tokio::task::block_in_place(|| {
        let store = Store::start();
        assert_eq!(store.ask("PUT", "/ours").0, 200);
        let server = serve(&app, &store);
        // More than one part, and a last one that is small.
        let pdf = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 7 * 1024 * 1024]].concat();
        let (status, answer) = attach(&server, &order, &pdf);
        assert_eq!(status, 200, "{answer}");
        assert_eq!((store.files(), fetch(&server, &order) == pdf), (1, true));
        assert!(
            !app.folder().join("files").exists() || std::fs::read_dir(app.folder().join("files")).unwrap().count() == 0
        );
        // Nothing stays of one that is refused, and the old one stays.
        let (status, answer) = attach(&server, &order, b"no pdf");
        assert_eq!(status, 400, "{answer}");
        let (status, answer) = attach(&server, &order, b"");
        assert_eq!(status, 400, "{answer}");
        assert_eq!(fetch(&server, &order), pdf);
        // Another server, later.
        drop(server);
        let server = serve(&app, &store);
        assert_eq!(fetch(&server, &order), pdf);
        let url = server.url(&format!("/api/marketplace-orders/{order}/delete_attachment/"));
        assert_eq!(call("POST", &url, "token-mgr", None, None).unwrap().0, 204);
        let patience = Instant::now() + Duration::from_secs(30);
        while store.files() > 0 {
            assert!(Instant::now() < patience, "the file of no order is there still");
            std::thread::yield_now();
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_in_a_bucket_on_sqlite() {
    attachments(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_in_a_bucket_on_postgres() {
    attachments(Backend::Postgres).await;
}
