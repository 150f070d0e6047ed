//! `/api/marketplace-plugins/`: the types of offerings.

use axum::response::Response;
use mercat_domain::offering::OFFERING_TYPES;
use serde_json::{Value, json};

use super::models::PLUGIN_OFFERING_TYPE;
use crate::{
    answer,
    error::ApiError,
    rest::{Gives, Op},
};

/// No type brings components of its own: providers define them. `available_limits` has to be there, even if empty,
/// or portals do not show an order (clients 7.3).
async fn list() -> Result<Response, ApiError> {
    let show = |name: &str| json!({ "offering_type": name, "components": [], "available_limits": [] });
    let types: Vec<Value> = OFFERING_TYPES.iter().map(|rules| show(rules.name)).collect();
    answer::read(&types)
}

pub(super) fn operations() -> Vec<Op> {
    let list = Op::get("marketplace-plugins", "", list).id("marketplace_plugins_list");
    vec![list.gives(200, Gives::Many(&PLUGIN_OFFERING_TYPE))]
}
