//! From an approval to those who wait for it: the agent and the followers.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use mercat_store::event;
use mercat_testkit::{Backend, TestApp};
use serde_json::json;
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};

use crate::{
    figures::Figures,
    listen::{self, Heard},
    server::Server,
};

const ORDERS: usize = 300;
const PATIENCE: Duration = Duration::from_secs(10);

/// Approves orders one after the other, and takes the time of each step.
pub async fn measure(program: &Path, backend: Backend) -> anyhow::Result<Figures> {
    let app = TestApp::new(backend).await;
    let offered = app.offering("Marketplace.Slurm").await;
    let identity = json!({"offering": offered.id, "name": "bench"});
    let path = "/api/marketplace-site-agent-identities/";
    let identity = app.post_json("vown", path, identity).await.expect(201).text("uuid");
    let types = json!({"object_types": ["order"]});
    let queue = app.post_json("vown", &format!("{path}{identity}/register_queue/"), types).await.expect(201);
    let mut orders = Vec::new();
    for _ in 0..ORDERS {
        orders.push(app.order("own", &offered).await);
    }
    let commits = commits(&app).await?;
    let server = Server::start(program, &app.url, app.folder())?;
    let host = app.world.users["vown"].to_string();
    let mut agent = listen::agent(&server.address, &host, "token-vown", &queue.text("queue_name")).await?;
    let mut follower = listen::follower(&server.address, "token-own").await?;
    let client: ureq::Agent = ureq::Agent::new_with_defaults();
    let (mut answered, mut by_agent, mut by_follower) = (Vec::new(), Vec::new(), Vec::new());
    for order in &orders {
        let url = format!("http://{}/api/marketplace-orders/{order}/approve_by_provider/", server.address);
        let begun = Instant::now();
        let call = client.post(url).header("Authorization", "Token token-vown");
        tokio::task::block_in_place(|| call.send_empty())?;
        answered.push(begun.elapsed());
        by_agent.push(heard(&mut agent, order).await.context("the agent")? - begun);
        by_follower.push(heard(&mut follower, order).await.context("the follower")? - begun);
    }
    anyhow::ensure!(agent.try_recv().is_err() && follower.try_recv().is_err(), "something was told twice");
    Ok(Figures {
        title: format!("{backend:?}"),
        rows: vec![
            ("a commit of one row".to_owned(), commits),
            ("an approval, until it is answered".to_owned(), answered),
            ("an approval, until the agent has it".to_owned(), by_agent),
            ("an approval, until a follower has it".to_owned(), by_follower),
        ],
    })
}

/// When the next thing was heard, which has to be about this order: nothing is missed and nothing comes twice.
async fn heard(who: &mut UnboundedReceiver<Heard>, order: &str) -> anyhow::Result<Instant> {
    let (told, at) = timeout(PATIENCE, who.recv()).await.context("heard nothing")?.context("was cut off")?;
    anyhow::ensure!(told == order, "heard of {told} when {order} was due");
    Ok(at)
}

/// The database alone: a row that is written and on disk.
async fn commits(app: &TestApp) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for number in 0..ORDERS {
        let begun = Instant::now();
        let tx = app.app.db.write().await?;
        event::set_cursor(&tx, "bench", i64::try_from(number)?).await?;
        tx.commit().await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}
