//! What clients ask about the site and about themselves.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::{answer, docs, error::ApiError, origin::Origin, state::Api, wire::Version};

/// The release of Waldur whose interface this is.
const VERSION: &str = "7.9.2";

/// Version
///
/// The release of Waldur whose interface is spoken here.
#[utoipa::path(
    get, path = "/api/version/", operation_id = "version_retrieve", tag = "version",
    responses((status = 200, body = Version))
)]
pub(crate) async fn version() -> Result<Response, ApiError> {
    answer::read(&Version { version: VERSION, latest_version: VERSION })
}

/// Settings that everybody may know
///
/// What a client may know before anybody signs in.
#[utoipa::path(
    get, path = "/api/configuration/", operation_id = "configuration_retrieve", tag = "configuration",
    responses((status = 200, body = std::collections::HashMap<String, serde_json::Value>)),
    security(("tokenAuth" = []), ("waldurOIDCAuth" = []), ())
)]
pub(crate) async fn configuration(State(api): State<Api>, origin: Origin) -> Result<Response, ApiError> {
    answer::read(&json!({
        "LANGUAGES": [["en", "English"]],
        "LANGUAGE_CODE": "en",
        "FEATURES": {},
        "WALDUR_CORE": {
            "SITE_NAME": api.config.site_name,
            "SHORT_PAGE_TITLE": api.config.site_name,
            "FULL_PAGE_TITLE": api.config.site_name,
            "MASTERMIND_URL": origin.as_str(),
            "AUTHENTICATION_METHODS": ["LOCAL_SIGNIN"],
            "USER_MANDATORY_FIELDS": [],
            "USER_REGISTRATION_HIDDEN_FIELDS": [],
            "CURRENCY_NAME": "EUR",
        },
        "WALDUR_MARKETPLACE": { "ENABLE_ORDER_START_DATE": api.app.settings.rules.order_start_date },
        "WALDUR_SUPPORT": { "ENABLED": false },
        "WALDUR_FREEIPA": { "ENABLED": false },
        "WALDUR_OPENSTACK": {},
        "WALDUR_AUTH_SOCIAL": { "ENABLE_EDUTEAMS_SYNC": false },
    }))
}

/// The OpenAPI document
#[utoipa::path(
    get, path = "/api/schema/", operation_id = "schema_retrieve", tag = "schema",
    responses((status = 200, body = serde_json::Value)), security(())
)]
pub(crate) async fn schema() -> Response {
    (answer::JSON, docs::document()).into_response()
}
