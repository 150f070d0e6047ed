//! From an empty database to a terminated resource: Waldur's Python client, then the JavaScript client's plain calls.

use std::process::{Command, Output};

use mercat_testkit::Backend;
use tempfile::TempDir;

use crate::server::{MERCAT, Server, mercat, text};

const STAFF: &str = "anna";
const PASSWORD: &str = "anna-Secret-1";

#[expect(clippy::disallowed_methods, reason = "what xtask prepared comes by the environment")]
fn python() -> String {
    let name = "MERCAT_TEST_PYTHON";
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`"))
}

/// Makes the one staff user that an installation begins with; his token.
fn staff_token(place: &[&str]) -> String {
    let run = |command: &[&str], input: &str| {
        let (ok, out, err) = mercat(&[command, place].concat(), input);
        assert!(ok, "{command:?}: {err}");
        out
    };
    run(&["migrate"], "");
    run(&["user", "create", STAFF, "--staff", "--password-stdin"], &format!("{PASSWORD}\n"));
    run(&["token", "create", STAFF], "").trim().to_owned()
}

fn walk(script: &str, server: &Server, token: &str) {
    let Output { status, stdout, stderr } = Command::new(python())
        .arg(format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR")))
        .env("WALDUR_BASE", &server.base)
        .envs([("STAFF_USER", STAFF), ("STAFF_PASSWORD", PASSWORD), ("STAFF_TOKEN", token)])
        .output()
        .unwrap();
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(status.success(), "{script}: {}{}", told(&stdout), told(&stderr));
}

async fn a_whole_market(backend: Backend) {
    let folder = TempDir::new().unwrap();
    let data = text(folder.path());
    let url = backend.create_empty(folder.path()).await;
    let mut place = vec!["--data", data.as_str()];
    if backend == Backend::Postgres {
        place.extend(["--database-url", url.as_str()]);
    }
    let token = staff_token(&place);
    let server = Server::run(Command::new(MERCAT).args(["serve", "--listen", "127.0.0.1:0"]).args(&place));
    // The first needs an empty database, the second does not mind what is there.
    for script in ["sdk_market.py", "http_market.py"] {
        walk(script, &server, &token);
    }
    drop(server);
    let (ok, out, err) = mercat(&[&["doctor"], place.as_slice()].concat(), "");
    assert!(ok, "{out}{err}");
}

#[tokio::test]
async fn a_market_from_nothing_on_sqlite() {
    a_whole_market(Backend::Sqlite).await;
}

#[tokio::test]
async fn a_market_from_nothing_on_postgres() {
    a_whole_market(Backend::Postgres).await;
}
