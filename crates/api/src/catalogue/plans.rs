//! `/api/marketplace-plans/`.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    catalogue::{self, Plans, filters},
    collection::Input,
    entity::{
        offering,
        plan::{Column, Entity},
    },
    list::{Filter, Key},
    orders::PlanDetails,
};
use serde_json::json;
use uuid::Uuid;

use super::plan_models::{
    DISCOUNTS_UPDATE_REQUEST, PRICES_UPDATE_REQUEST, PROVIDER_PLAN_DETAILS, QUOTAS_UPDATE_REQUEST,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::{OFFERINGS, PLANS, Place},
    rest::{By, Exposed, Extent, Model, Op, Out, Param, PathId, SortKey, crud, input, param, url},
    structure::ORGANIZATION_GROUPS_REQUEST,
    wire::BasePublicPlan,
};

/// Plans to those who keep them.
pub(crate) struct ShownPlans;

/// Where a plan is found by itself.
const OWN: Place = PLANS[2];

impl Exposed for ShownPlans {
    type Data = Plans;
    const NAME: &'static str = "marketplace-plans";
    const KIND: &'static str = "Plan";
    const MODEL: &'static Model = &PROVIDER_PLAN_DETAILS;
    const PARAMS: &'static [Param<Entity>] = &[
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(Column::OfferingId, id))),
        param("offering_slug", By::Texts(|slugs| filters::plans_of(Filter::any_of(offering::Column::Slug, slugs)))),
        param("offering_uuid", By::Id(Column::OfferingId)),
        param("parent_offering_uuid", By::Uuid(|id| filters::plans_of(Filter::equals(offering::Column::ParentId, id)))),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &PlanDetails, out: &mut Out<'_>) {
        let plan = &view.plan;
        let origin = out.origin();
        let shown = BasePublicPlan::new(view, origin);
        out.object(&serde_json::to_value(shown).unwrap_or_default());
        out.with("url", || url(origin, OWN, plan.id));
        out.with("offering", || url(origin, OFFERINGS[1], plan.offering_id));
        // A plan whose components cost nothing is of no type.
        if out.lacks("plan_type") {
            out.put("plan_type", "");
        }
    }
}

fn about(error: ApiError) -> ApiError {
    error.about(ShownPlans::KIND)
}

async fn archive(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    catalogue::archive(&mut tx, id).await.map_err(|error| about(error.into()))?;
    let answer = answer::json(StatusCode::OK, &json!({ "detail": "Plan has been archived." }))?;
    answer::finish(tx, answer).await
}

async fn set_prices(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &PRICES_UPDATE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::set_prices::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn set_quotas(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &QUOTAS_UPDATE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::set_quotas::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn set_discounts(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &DISCOUNTS_UPDATE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::set_discounts::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn set_groups(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &ORGANIZATION_GROUPS_REQUEST, Extent::Whole).await;
    grouped(id, call, input, StatusCode::OK).await
}

async fn clear_groups(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    grouped(id, call, Ok(Input::new()), StatusCode::NO_CONTENT).await
}

async fn grouped(
    id: Uuid,
    call: Call,
    input: Result<Input, ApiError>,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    catalogue::set_plan_groups::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(status)).await
}

pub(super) fn operations() -> Vec<Op> {
    use crate::rest::Gives;
    let tag = ShownPlans::NAME;
    let mut ops = crud::<ShownPlans>();
    ops.extend([
        Op::post(tag, "{uuid}/archive/", archive),
        Op::post(tag, "{uuid}/update_prices/", set_prices).takes(&PRICES_UPDATE_REQUEST),
        Op::post(tag, "{uuid}/update_quotas/", set_quotas).takes(&QUOTAS_UPDATE_REQUEST),
        Op::post(tag, "{uuid}/update_discounts/", set_discounts).takes(&DISCOUNTS_UPDATE_REQUEST),
        Op::post(tag, "{uuid}/update_organization_groups/", set_groups).takes(&ORGANIZATION_GROUPS_REQUEST),
        Op::post(tag, "{uuid}/delete_organization_groups/", clear_groups).gives(204, Gives::Nothing),
    ]);
    ops
}
