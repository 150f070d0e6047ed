//! What runs here.

use serde::Serialize;
use utoipa::ToSchema;

/// What runs here.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    /// The version of Waldur whose interface is spoken.
    pub version: &'static str,
    /// The same: there is no newer one to look for.
    pub latest_version: &'static str,
}
