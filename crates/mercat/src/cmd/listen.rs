//! Connections. `axum::serve` would let one that sends nothing stay for ever.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    time::timeout,
};

use super::serve::until;

/// Connections that may wait to be taken: a thousand agents that come back at once are all heard.
const BACKLOG: u32 = 4_096;
/// The pause after a connection could not be accepted, most often because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens at an address.
///
/// # Errors
/// It is taken, or not ours.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that is started again at once finds its port, as with the standard library.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers requests until `stopped`, and then what has begun. A connection is closed that brings no whole head of a
/// request for as long as `idle`.
pub async fn serve(listener: TcpListener, router: Router, idle: Duration, stopped: watch::Receiver<bool>) {
    let mut connections = auto::Builder::new(TokioExecutor::new()).http1_only();
    connections.http1().timer(TokioTimer::new()).header_read_timeout(idle);
    let open = GracefulShutdown::new();
    // Made once: a router itself would be made anew for every connection, with all its routes.
    let service = TowerToHyperService::new(router.into_service());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = until(stopped.clone()) => break,
        };
        match stream {
            Ok((stream, _)) => {
                stream.set_nodelay(true).ok();
                let (connections, service) = (connections.clone(), service.clone());
                let (watcher, stopped) = (open.watcher(), stopped.clone());
                tokio::spawn(async move {
                    // The time for a head begins with its first byte.
                    let mut first = [0];
                    let speaks = tokio::select! {
                        first = timeout(idle, stream.peek(&mut first)) => matches!(first, Ok(Ok(1))),
                        () = until(stopped) => false,
                    };
                    if !speaks {
                        return;
                    }
                    let connection = connections.serve_connection_with_upgrades(TokioIo::new(stream), service);
                    if let Err(error) = watcher.watch(connection.into_owned()).await {
                        tracing::debug!(%error, "a connection broke");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}
