//! Waldur's own site agent with its SLURM plugin, unmodified, against the real binary: what it made of the orders is
//! compared with the accounting of the emulated cluster.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use mercat_testkit::{Backend, TestApp};

use crate::server::Server;

#[expect(clippy::disallowed_methods, reason = "what xtask prepared comes by the environment")]
fn python() -> String {
    let name = "MERCAT_TEST_AGENT_PYTHON";
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with `cargo xtask test`"))
}

/// Four orders each.
const FIFTY_ORDERS: u32 = 13;

/// One scenario with so many resources, each with four orders.
async fn run(backend: Backend, scenario: &str, resources: u32) {
    let app = TestApp::new(backend).await;
    let server = Server::start(&app);
    drive(&app, server, scenario, resources, None).await;
}

/// Lets the agent work for a server; `stomp` is where events come from if not from there.
async fn drive(app: &TestApp, mut server: Server, scenario: &str, resources: u32, stomp: Option<String>) {
    let offered = app.offering("Marketplace.Slurm").await;
    app.second_plan(&offered).await;
    let provider = serde_json::json!({ "customer": format!("/api/customers/{}/", app.world.provider) });
    app.post_json("vown", "/api/marketplace-service-providers/", provider).await.expect(201);
    let mut script = Command::new(python())
        .arg(format!("{}/tests/clients/agent.py", env!("CARGO_MANIFEST_DIR")))
        .args([scenario, &resources.to_string()])
        .env("MERCAT_BASE", &server.base)
        .envs([("PROVIDER_TOKEN", "token-vown"), ("CONSUMER_TOKEN", "token-own")])
        .env("AGENT_PROJECT", app.world.project.to_string())
        .env("AGENT_OFFERINGS", offered.id.to_string())
        .envs(stomp.map(|place| ("AGENT_STOMP", place)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = script.stdin.take().unwrap();
    let mut last = String::new();
    for line in BufReader::new(script.stdout.take().unwrap()).lines() {
        last = line.unwrap();
        if last == "crash" {
            server.crash(app);
            writeln!(answers).unwrap();
        }
    }
    assert!(script.wait().unwrap().success(), "what went wrong stands above");
    assert!(last.starts_with(&format!("agent: {scenario} ok")), "{last}");
}

#[tokio::test]
async fn the_agent_polls_on_sqlite() {
    run(Backend::Sqlite, "polling", FIFTY_ORDERS).await;
}

#[tokio::test]
async fn the_agent_polls_on_postgres() {
    run(Backend::Postgres, "polling", 2).await;
}

#[tokio::test]
async fn events_are_pushed_to_the_agent_on_sqlite() {
    run(Backend::Sqlite, "push", FIFTY_ORDERS).await;
}

#[tokio::test]
async fn events_are_pushed_to_the_agent_on_postgres() {
    run(Backend::Postgres, "push", 2).await;
}

#[tokio::test]
async fn the_agent_is_killed_in_the_middle_on_sqlite() {
    run(Backend::Sqlite, "crash", FIFTY_ORDERS).await;
}

#[tokio::test]
async fn the_agent_is_killed_in_the_middle_on_postgres() {
    run(Backend::Postgres, "crash", 2).await;
}

#[cfg(feature = "amqp")]
mod by_rabbitmq {
    use std::process::Command;

    use mercat_testkit::{Backend, RabbitMq, TestApp, free_ports};

    use super::drive;
    use crate::server::{MERCAT, Server, place};

    /// Events come from RabbitMQ, where the agent signs in with its token.
    async fn run(backend: Backend, resources: u32) {
        let app = TestApp::new(backend).await;
        let [port] = free_ports();
        let address = format!("127.0.0.1:{port}");
        let broker = RabbitMq::start(&format!("http://{address}"));
        let mut serve = Command::new(MERCAT);
        serve.arg("serve").args(["--listen", &address]).args(place(&app)).env("MERCAT__AMQP__URL", broker.url());
        let stomp = format!("127.0.0.1:{}/ws", broker.stomp_port);
        drive(&app, Server::run(&mut serve), "push", resources, Some(stomp)).await;
    }

    #[tokio::test]
    async fn the_agent_is_told_on_sqlite() {
        run(Backend::Sqlite, 2).await;
    }

    #[tokio::test]
    async fn the_agent_is_told_on_postgres() {
        run(Backend::Postgres, 2).await;
    }
}
