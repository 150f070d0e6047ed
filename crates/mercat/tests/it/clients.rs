//! Waldur's own Python client and the calls of the API page, unmodified, against the real binary.

use std::process::Command;

use mercat_testkit::{Backend, TestApp};

use crate::server::Server;

/// What xtask has prepared.
#[expect(clippy::disallowed_methods, reason = "what xtask prepared comes by the environment")]
pub fn prepared(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`"))
}

/// Runs a script of `tests/clients` with the addresses and tokens that it asks for.
async fn run(backend: Backend, script: &str) {
    let app = TestApp::new(backend).await;
    let slurm = app.offering("Marketplace.Slurm").await;
    let basic = app.offering("Marketplace.Basic").await;
    let server = Server::start(&app);
    let python = prepared("MERCAT_TEST_PYTHON");
    let done = Command::new(python)
        .arg(format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR")))
        .env("MERCAT_SHARED", prepared("MERCAT_SHARED"))
        .env("WALDUR_BASE", &server.base)
        .envs([("STAFF_TOKEN", "token-staff"), ("CONSUMER_TOKEN", "token-own")])
        .envs([("MANAGER_TOKEN", "token-mgr"), ("PROVIDER_TOKEN", "token-vown")])
        .env("OFFERING_SLURM", server.url(&slurm.path()))
        .env("PLAN_SLURM", server.url(&slurm.plan_path()))
        .env("OFFERING_BASIC", server.url(&basic.path()))
        .env("PLAN_BASIC", server.url(&basic.plan_path()))
        .env("PROJECT", server.url(&format!("/api/projects/{}/", app.world.project)))
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
}

#[tokio::test]
async fn the_python_client_on_sqlite() {
    run(Backend::Sqlite, "sdk_orders.py").await;
}

#[tokio::test]
async fn the_python_client_on_postgres() {
    run(Backend::Postgres, "sdk_orders.py").await;
}

#[tokio::test]
async fn the_printed_page_on_sqlite() {
    run(Backend::Sqlite, "printed_page.py").await;
}

#[tokio::test]
async fn the_printed_page_on_postgres() {
    run(Backend::Postgres, "printed_page.py").await;
}
