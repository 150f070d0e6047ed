//! `mercat worker`.

use mercat_app::{App, jobs};
use mercat_worker::Sender;
use tokio::sync::watch;

use super::serve::{told_to_stop, until};
use crate::{broker::Broker, config::Config, wire};

/// Works until it is told to stop.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let (app, sender) = (wire::prepare(config).await?, config.sender()?);
    anyhow::ensure!(
        app.db.is_shared(),
        "a worker of its own needs PostgreSQL (--database-url): on SQLite `mercat serve` does the work"
    );
    jobs::ensure_standing(&app).await?;
    tracing::info!("working");
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(work(app, sender, config.amqp.broker()?, stopped));
    told_to_stop().await;
    stop.send_replace(true);
    Ok(work.await?)
}

/// Everything that happens without a request, until it is told to stop.
pub async fn work(app: App, sender: Sender, broker: Option<Broker>, stopped: watch::Receiver<bool>) {
    let publish = async {
        if let Some(broker) = broker {
            broker.publish(app.clone(), until(stopped.clone())).await;
        }
    };
    tokio::join!(mercat_worker::run(app.clone(), sender, until(stopped.clone())), publish);
}
