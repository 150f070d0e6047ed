//! Connections. `axum::serve` would let one that sends nothing stay for ever.

use std::{convert::Infallible, io::ErrorKind, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::{mpsc, watch},
};
use tokio_io_timeout::TimeoutStream;

use super::serve::until;

/// Connections that may wait to be taken: a thousand agents that come back at once are all heard.
const BACKLOG: u32 = 4_096;
/// The pause after no connection could be accepted, most often because too many files are open.
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
/// request, or takes nothing of its answer, for as long as `idle`.
pub async fn serve(listener: TcpListener, router: Router, idle: Duration, stopped: watch::Receiver<bool>) {
    let mut connections = http1::Builder::new();
    connections.timer(TokioTimer::new()).header_read_timeout(idle);
    // Made once: a router itself would be made anew for every connection, with all its routes.
    let service = TowerToHyperService::new(router.into_service());
    // Nothing is sent; it ends when every connection has let go of it.
    let (open, mut ended) = mpsc::channel::<Infallible>(1);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = until(stopped.clone()) => break,
        };
        match stream {
            Ok((stream, _)) => {
                stream.set_nodelay(true).ok();
                let mut stream = TimeoutStream::new(stream);
                stream.set_write_timeout(Some(idle));
                let stream = TokioIo::new(Box::pin(stream));
                let connection = connections.serve_connection(stream, service.clone()).with_upgrades();
                let (open, stopped) = (open.clone(), stopped.clone());
                tokio::spawn(async move {
                    let _open = open;
                    tokio::pin!(connection);
                    let result = tokio::select! {
                        result = connection.as_mut() => result,
                        () = until(stopped) => {
                            connection.as_mut().graceful_shutdown();
                            connection.await
                        }
                    };
                    if let Err(error) = result {
                        tracing::debug!(%error, "a connection broke");
                    }
                });
            }
            // It was gone before it was taken.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop((listener, open));
    ended.recv().await;
}
