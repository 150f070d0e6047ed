//! The agents' events to RabbitMQ, for sites whose agents listen there: the same queues with the same messages as over
//! `/rmqws-stomp`, published behind one cursor in the event log and confirmed by the broker before the cursor moves.
//!
//! Of several processes on one database one publishes; the others wait for its turn to end.

mod broker;
mod settings;

use std::{convert::Infallible, time::Duration};

use mercat_app::{App, AppError, agents, events::Follower};
use tokio::time::sleep;

use broker::Broker;
pub use settings::{BadUrl, Settings};

/// The longest rest: new queues are made at the broker within it.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// The broker is tried again after so long.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Events that nobody is told of are skipped in the stored place only after so many.
const SKIPPED: i64 = 1000;

/// Why publishing stopped for now.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The broker, or the way to it.
    #[error("the broker: {0}")]
    Broker(#[from] lapin::Error),
    /// It did not answer.
    #[error("the broker does not answer")]
    Silent,
    /// A queue was deleted at the broker; it is made again.
    #[error("the queue {0} has vanished at the broker")]
    Vanished(String),
    /// The database failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Publishes until `stop` is done. An outage of the broker delays what it gets and loses nothing.
pub async fn run(app: App, settings: Settings, stop: impl Future<Output = ()>) {
    tokio::select! {
        never = publish_for_ever(&app, &settings) => match never {},
        () = stop => {}
    }
}

/// Whether the broker lets us in.
///
/// # Errors
/// [`Failure::Broker`] or [`Failure::Silent`].
pub async fn check(settings: &Settings) -> Result<(), Failure> {
    Broker::connect(settings).await.map(drop)
}

async fn publish_for_ever(app: &App, settings: &Settings) -> Infallible {
    let mut is_down = false;
    loop {
        let Err(failure) = publish(app, settings, &mut is_down).await;
        // Once for each outage.
        if !std::mem::replace(&mut is_down, true) {
            tracing::warn!(%failure, "agents get no events by RabbitMQ until this is mended; it is tried again");
        }
        sleep(AFTER_FAILURE).await;
    }
}

/// Over one connection, until something fails.
async fn publish(app: &App, settings: &Settings, is_down: &mut bool) -> Result<Infallible, Failure> {
    let mut broker = Broker::connect(settings).await?;
    let turn = format!("mercat-{}", app.installation());
    while !broker.take_turn(&turn).await? {
        sleep(LONGEST_REST).await;
    }
    tracing::info!("agents get their events by RabbitMQ too");
    *is_down = false;
    let mut follower = Follower::of(app);
    let mut read = agents::begin_broker(app).await?;
    let mut stored = read;
    loop {
        let seen = app.newest_seq();
        let shipment = agents::next_shipment(app, read).await?;
        broker.ensure(&shipment.queues).await?;
        broker.publish(&shipment.messages).await?;
        let has_news = shipment.until > read;
        read = shipment.until;
        if !shipment.messages.is_empty() || read - stored > SKIPPED {
            agents::shipped(app, read).await?;
            stored = read;
        }
        if !has_news {
            follower.wait(seen, LONGEST_REST).await;
        }
    }
}
