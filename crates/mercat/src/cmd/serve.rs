//! `mercat serve`: the API, the pages and the worker in one process.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use mercat_api::Gate;
use mercat_app::{App, jobs};
use mercat_console::{DemoPerson, Surroundings};
use tokio::sync::watch;

use super::listen;
use crate::config::Config;

/// How long requests may take to finish once the process was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop; requests that run are finished. Anybody may sign in as one of `people`:
/// those of the demo. `ready` learns the address.
pub async fn serve(
    app: App,
    config: &Config,
    people: Vec<DemoPerson>,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    // Every agent and every follower of the feed holds a connection; the usual soft limit is far below the hard one.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the number of open connections stays limited as it was");
    }
    let address = config.server.listen;
    let listener = listen::bind(address)
        .with_context(|| format!("cannot listen on {address}; choose another address with --listen"))?;
    let address = listener.local_addr()?;
    jobs::ensure_standing(&app).await?;
    let sender = config.sender()?;
    let (stop, stopped) = watch::channel(false);
    let mut worker = tokio::spawn(super::worker::work(app.clone(), sender, config.amqp.broker()?, stopped.clone()));
    tracing::info!(%address, "serving");
    ready(address);
    tokio::spawn({
        let app = app.clone();
        async move {
            told_to_stop().await;
            tracing::info!("stopping");
            app.end_streams();
            stop.send_replace(true);
        }
    });
    let api = config.api()?;
    let write_order = Arc::new(mercat_api::order_writer(&api, &app.settings.public_url));
    let elsewhere = config.oidc.elsewhere(&app.settings.public_url)?;
    let around = Surroundings { elsewhere, people, write_order, settings: config.effective.clone() };
    let console = mercat_console::router(app.clone(), around);
    let router = mercat_api::router(app.clone(), api).merge(console);
    let longest = Duration::from_secs(config.server.request_timeout_seconds);
    let pause = Duration::from_secs(config.server.body_timeout_seconds);
    let router = mercat_api::guarded(router, Gate::new(config.server.max_requests, longest, pause));
    let idle = Duration::from_secs(config.server.idle_timeout_seconds);
    let serving = async {
        tokio::select! {
            () = listen::serve(listener, router, idle, stopped.clone()) => {}
            () = patience(stopped.clone()) => tracing::warn!("some connections did not end in time and are cut"),
        }
    };
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => worker.await?,
        ended = &mut worker => {
            anyhow::ensure!(*stopped.borrow(), "the worker ended by itself: {ended:?}");
            serving.await;
        }
    }
    app.db.close().await?;
    Ok(())
}

/// Done a while after the process was told to stop: a client that never finishes its request must not hold it.
async fn patience(stopped: watch::Receiver<bool>) {
    until(stopped).await;
    tokio::time::sleep(DRAIN).await;
}

/// Done when the process was told to stop.
pub async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good a reason to stop.
    stopped.wait_for(|stop| *stop).await.ok();
}

/// Waits for Ctrl-C or, on Unix, a termination signal.
pub async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await.ok();
}
