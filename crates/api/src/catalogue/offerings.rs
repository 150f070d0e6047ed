//! `/api/marketplace-provider-offerings/` and `/api/marketplace-public-offerings/`.

use axum::{extract::RawPathParams, response::Response};
use mercat_app::{
    AppError,
    catalogue::{ProviderOfferings, PublicOfferings},
    collection::{self, Sight},
    entity::offering::{Column, Entity},
    list::Filter,
    orders::OfferingView,
};
use mercat_domain::id::OfferingId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    offering_models::{OFFERING_CREATE_REQUEST, PROVIDER_OFFERING_DETAILS, PUBLIC_OFFERING_DETAILS},
    offering_params::{PARAMS, SORTS},
    plan_models::BASE_PUBLIC_PLAN,
};
use crate::{
    answer,
    error::ApiError,
    link::{OFFERINGS, Place},
    rest::{Asked, Exposed, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, creates, deletes, reads, url},
    structure,
    wire::PublicOfferingDetails,
};

/// Offerings to those who provide them.
pub(crate) struct ShownProviderOfferings;

/// Where providers find an offering.
const PROVIDED: Place = OFFERINGS[1];

impl Exposed for ShownProviderOfferings {
    type Data = ProviderOfferings;
    const NAME: &'static str = "marketplace-provider-offerings";
    const KIND: &'static str = "Offering";
    const MODEL: &'static Model = &PROVIDER_OFFERING_DETAILS;
    const NEW: &'static Model = &OFFERING_CREATE_REQUEST;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "name";

    fn write(view: &OfferingView, out: &mut Out<'_>) {
        let row = &view.details.offering;
        let origin = out.origin();
        public(view, out);
        out.with("url", || url(origin, PROVIDED, row.id));
        out.with("secret_options", || secrets(view)).put("service_attributes", &row.service_attributes);
        out.put("integration_status", Value::Null);
    }
}

impl ShownProviderOfferings {
    /// An offering in a list of its provider's.
    pub fn write_short(view: &OfferingView, out: &mut Out<'_>) {
        public(view, out);
        out.with("secret_options", || secrets(view));
        let resources: u64 = view.details.plans.iter().map(|plan| plan.live_resources).sum();
        out.put("resources_count", resources);
    }
}

/// Offerings to those who may order them.
pub(crate) struct ShownPublicOfferings;

impl Exposed for ShownPublicOfferings {
    type Data = PublicOfferings;
    const NAME: &'static str = "marketplace-public-offerings";
    const KIND: &'static str = "Offering";
    const MODEL: &'static Model = &PUBLIC_OFFERING_DETAILS;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "name";

    fn write(view: &OfferingView, out: &mut Out<'_>) {
        public(view, out);
    }
}

/// What the backend is signed in to with; nothing for those who could not change it, support included.
fn secrets(view: &OfferingView) -> Value {
    let stored = &view.details.offering.secret_options;
    if view.sees_secrets && stored.is_object() { stored.clone() } else { json!({}) }
}

/// What is shown of an offering in every shape.
fn public(view: &OfferingView, out: &mut Out<'_>) {
    let shown = serde_json::to_value(PublicOfferingDetails::new(view, out.origin()));
    out.object(&shown.unwrap_or_default());
}

/// The plans of a public offering that the caller may order.
async fn plans(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let plans = plans_of(&asked, id).await?;
    answer::read(&plans)
}

async fn plans_of(asked: &Asked, id: Uuid) -> Result<Value, ApiError> {
    let view = collection::retrieve::<PublicOfferings>(&asked.api.app, &asked.actor, id, &[]).await;
    let view = view.map_err(|error| ApiError::from(error).about(ShownPublicOfferings::KIND))?;
    let shown = serde_json::to_value(PublicOfferingDetails::new(&view, &asked.origin)).unwrap_or_default();
    Ok(shown["plans"].clone())
}

async fn plan(asked: Asked, PathId(id): PathId, parameters: RawPathParams) -> Result<Response, ApiError> {
    let wish = parameters.iter().find(|(name, _)| *name == "plan_uuid").map(|(_, text)| text);
    let wish = wish.and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_default().simple().to_string();
    let plans = plans_of(&asked, id).await?;
    let found = plans.as_array().into_iter().flatten().find(|plan| plan["uuid"] == wish.as_str());
    answer::read(found.ok_or_else(|| ApiError::from(AppError::NotFound).about("Plan"))?)
}

/// The offering of something that the caller sees; it may no longer be public.
pub(crate) async fn shown_offering(asked: &Asked, id: OfferingId) -> Result<Response, ApiError> {
    let filters = [Filter::equals(Column::Id, id)];
    let sight = Sight::by_filters_alone(&asked.actor);
    let view = collection::list::<PublicOfferings>(&asked.api.app, sight, &filters, &[], (0, 1)).await?.pop();
    let view = view.ok_or_else(|| ApiError::from(AppError::NotFound).about(ShownPublicOfferings::KIND))?;
    let wanted = Wanted::of(&asked.query, &PUBLIC_OFFERING_DETAILS);
    let mut out = Out::new(&wanted, &asked.origin);
    public(&view, &mut out);
    answer::read(&out.done())
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownPublicOfferings::NAME;
    let mut ops = reads::<ShownProviderOfferings>();
    ops.push(creates::<ShownProviderOfferings>());
    ops.push(deletes::<ShownProviderOfferings>());
    ops.extend(structure::member_operations::<ShownProviderOfferings>());
    ops.extend(reads::<ShownPublicOfferings>());
    ops.extend([
        Op::get(tag, "{uuid}/plans/", plans)
            .id("marketplace_public_offerings_plans_list")
            .gives(200, Gives::Many(&BASE_PUBLIC_PLAN)),
        Op::get(tag, "{uuid}/plans/{plan_uuid}/", plan)
            .id("marketplace_public_offerings_plans_retrieve")
            .gives(200, Gives::One(&BASE_PUBLIC_PLAN)),
    ]);
    ops
}
