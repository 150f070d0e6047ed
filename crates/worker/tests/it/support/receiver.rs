//! A receiver on this machine that keeps what it got and answers as it is told.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};

/// What is waited for comes by then, or never.
const PATIENCE: Duration = Duration::from_secs(120);

/// A request.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The receiver; it stops when this is dropped.
pub struct Receiver {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    count: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Answers the request of this number, counted from 0; `None` is never.
    pub async fn start(manner: impl Fn(usize) -> Option<Response> + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (announce, count) = watch::channel(0);
        let kept = Arc::clone(&seen);
        let handler = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let number = {
                let mut kept = kept.lock().unwrap();
                kept.push(Seen { method, uri, headers, body: body.to_vec() });
                announce.send_replace(kept.len());
                kept.len() - 1
            };
            match manner(number) {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        };
        let router = Router::new().fallback(handler);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, seen, count, task }
    }

    /// Answers every request with this status.
    pub async fn answering(status: u16) -> Self {
        Self::start(move |_| Some(answer(status))).await
    }

    /// Answers the first requests with these statuses, and all others with 200.
    pub async fn answering_first(statuses: &'static [u16]) -> Self {
        Self::start(move |number| Some(answer(statuses.get(number).copied().unwrap_or(200)))).await
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub async fn until(&self, number: usize) {
        let mut count = self.count.clone();
        let came = timeout(PATIENCE, count.wait_for(|count| *count >= number)).await;
        assert!(came.is_ok(), "{} of {number} requests came", self.seen().len());
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}
