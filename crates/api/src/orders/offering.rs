//! The offering of an order (spec 10.17).

use axum::{extract::State, response::Response};
use mercat_app::orders;
use mercat_domain::{id::CustomerId, invalid::FieldErrors};

use super::{OrderTarget, target::invalid};
use crate::{
    answer,
    body::Caller,
    error::ApiError,
    fields::{Chosen, FieldSet},
    origin::Origin,
    query::{Query, UuidPath},
    state::Api,
    wire::PublicOfferingDetails,
};

/// The offering of an order
///
/// What was ordered, with its components and the plans that the caller may choose, also when the offering is no longer
/// offered.
#[utoipa::path(
    get, path = "/api/marketplace-orders/{uuid}/offering/", params(UuidPath),
    operation_id = "marketplace_orders_offering_retrieve", tag = "marketplace-orders",
    responses((status = 200, body = PublicOfferingDetails<'static>))
)]
pub(crate) async fn offering(
    State(api): State<Api>,
    Caller(caller): Caller,
    OrderTarget(target): OrderTarget,
    origin: Origin,
    query: Query,
) -> Result<Response, ApiError> {
    let customer = allowed_customer(&query).map_err(invalid)?;
    let view = orders::offering_of(&api.app, &caller.actor, &target, customer).await?;
    let fields = FieldSet::of(&query, PublicOfferingDetails::FIELDS);
    answer::read(&Chosen(PublicOfferingDetails::new(&view, &origin), &fields))
}

/// The organisation that plans are narrowed to.
fn allowed_customer(query: &Query) -> Result<Option<CustomerId>, FieldErrors> {
    const NAME: &str = "allowed_customer_uuid";
    let text = query.last(NAME).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| FieldErrors::single(NAME, "Enter a valid UUID."))).transpose()
}
