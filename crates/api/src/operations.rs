//! For those who run the service: is it alive, is it ready, how is it doing.

use std::{sync::OnceLock, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use mercat_app::StoreError;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::{error, state::Api};

/// Upper bounds of the duration's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";

/// The process is up.
pub(crate) async fn live() -> Response {
    error::detail(StatusCode::OK, "live")
}

/// The database answers and its schema is this build's.
pub(crate) async fn ready(State(api): State<Api>) -> Response {
    match unready(&api).await {
        Ok(None) => error::detail(StatusCode::OK, "ready"),
        Ok(Some(reason)) => error::detail(StatusCode::SERVICE_UNAVAILABLE, &reason),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            error::detail(StatusCode::SERVICE_UNAVAILABLE, "The database is not available.")
        }
    }
}

async fn unready(api: &Api) -> Result<Option<String>, StoreError> {
    api.app.db.ping().await?;
    let missing = api.app.db.pending_migrations().await?;
    Ok((!missing.is_empty()).then(|| format!("Migrations are missing: {}.", missing.join(", "))))
}

/// All measurements, for Prometheus.
pub(crate) async fn measurements() -> Response {
    let Some(recorder) = recorder() else {
        return error::detail(StatusCode::NOT_FOUND, "This process measures elsewhere.");
    };
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render()).into_response()
}

/// The recorder of this process: installed once, however many routers there are. `None` when the program has
/// installed another one.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let installed =
                PrometheusBuilder::new().set_buckets(&BUCKETS).and_then(PrometheusBuilder::install_recorder);
            if let Err(error) = &installed {
                tracing::warn!(%error, "no measurements from here");
            } else {
                metrics::describe_counter!(REQUESTS, "Requests by route, method and status.");
                metrics::describe_histogram!(DURATION, metrics::Unit::Seconds, "Time until the answer began.");
            }
            installed.ok()
        })
        .as_ref()
}

/// Counts and times a request under its route's template: paths themselves would be without number.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |p| p.as_str().to_owned());
    let method = method(&request);
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let labels = [("route", route), ("method", method.to_owned()), ("status", status)];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(DURATION, &labels).record(begin.elapsed());
    response
}

/// Callers can invent methods; labels must stay few.
fn method(request: &Request) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == request.method().as_str()).unwrap_or("OTHER")
}
