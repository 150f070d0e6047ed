//! The real loop, and waiting for what it does.

use std::time::Duration;

use mercat_app::App;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

use super::Post;

/// What is waited for comes by then, or never.
const PATIENCE: Duration = Duration::from_secs(60);

/// The real loop until it is stopped.
pub struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub fn start(app: &App, post: &Post) -> Self {
        let (stop, stopped) = oneshot::channel();
        let work = mercat_worker::run(app.clone(), post.sender.clone(), async {
            stopped.await.ok();
        });
        Self { stop, task: tokio::spawn(work) }
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// Asks until the answer is yes.
pub async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let asking = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(timeout(PATIENCE, asking).await.is_ok(), "never came: {what}");
}
