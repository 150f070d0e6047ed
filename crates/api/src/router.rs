//! Every route of the interface, in one place.

use axum::{Router, http::StatusCode, routing::get};
use mercat_app::App;

use crate::ApiConfig;

/// The whole interface with its middleware.
pub fn router(app: App, config: ApiConfig) -> Router {
    let _ = config;
    Router::new().route("/health/live", get(|| async { StatusCode::NO_CONTENT })).with_state(app)
}

/// The OpenAPI document as pretty JSON with a newline at its end.
#[must_use]
pub fn openapi() -> String {
    "{}\n".to_owned()
}
