//! What both sides may do with a resource, and what staff may.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    collection::{Collection, Input},
    entity::resource,
    orders::{self, OptionsChange, RenewalRequest, ResourceSide},
    resources::{self, Period, ResourceSetting, ResourceView, TeamMember, plan_periods},
};
use mercat_domain::{offering::Limits, permission::Permission};
use serde_json::{Value, json};

use super::{
    models::{
        MOVE_RESOURCE_REQUEST, ORDER_UUID, PROJECT_USER, RESOURCE, RESOURCE_DOWNSCALED_REQUEST,
        RESOURCE_END_DATE_BY_PROVIDER_REQUEST, RESOURCE_OPTIONS_REQUEST, RESOURCE_PAUSED_REQUEST, RESOURCE_PLAN_PERIOD,
        RESOURCE_RENEW_REQUEST, RESOURCE_RESTRICT_MEMBER_ACCESS_REQUEST, RESOURCE_SLUG_REQUEST,
    },
    resources::{ShownProviderResources, ShownResources},
};
use crate::{
    answer,
    body::{Call, Deferred},
    catalogue::shown_offering,
    error::ApiError,
    link::USERS,
    origin::Origin,
    rest::{Asked, Exposed, Extent, Gives, Model, Op, PathId, changes, input, reads, shown, url},
};

/// A side from which resources are looked at.
pub(super) trait Sided: Exposed<Data: Collection<Entity = resource::Entity, View = ResourceView>> {
    const SIDE: ResourceSide;
}

impl Sided for ShownResources {
    const SIDE: ResourceSide = ResourceSide::Consumer;
}

impl Sided for ShownProviderResources {
    const SIDE: ResourceSide = ResourceSide::Provider;
}

pub(super) fn about(error: ApiError) -> ApiError {
    error.about("Resource")
}

pub(super) fn status(text: &str) -> Result<mercat_app::Answer, ApiError> {
    answer::json(StatusCode::OK, &json!({ "status": text }))
}

/// An operation of staff that sets columns and answers with a status.
fn staff_sets<X: Sided>(action: &str, model: &'static Model, told: &'static str) -> Op {
    let handler = move |PathId(id): PathId, mut call: Call| async move {
        let input = input(&mut call, model, Extent::Whole).await;
        let mut tx = call.begin().await?;
        resources::set::<X::Data, ApiError>(&mut tx, id, ResourceSetting::Staff, input).await.map_err(about)?;
        answer::finish(tx, status(told)?).await
    };
    Op::post(X::NAME, &format!("{{uuid}}/{action}/"), handler).takes(model).gives(200, Gives::Json)
}

async fn set_end_date<X: Sided>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_END_DATE_BY_PROVIDER_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done = resources::set_end_date::<X::Data, ApiError>(&mut tx, id, ResourceSetting::Staff, input).await;
    done.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn set_end_date_by_provider(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_END_DATE_BY_PROVIDER_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let right = ResourceSetting::Provider(Permission::ResourceSetEndDate);
    let done = resources::set_end_date::<resources::ProviderResources, ApiError>(&mut tx, id, right, input).await;
    done.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn ordered(tx: mercat_app::Tx, status: StatusCode, id: mercat_domain::id::OrderId) -> Result<Response, ApiError> {
    let answer = answer::json(status, &json!({ "order_uuid": id, "uuid": id }))?;
    answer::finish(tx, answer).await
}

async fn renew<X: Sided>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_RENEW_REQUEST, Extent::Whole).await;
    let (input, deferred) = Deferred::split(input.map(renewal));
    let mut tx = call.begin().await?;
    let order = orders::renew(&mut tx, X::SIDE, id.into(), input).await;
    let order = order.map_err(|error| about(deferred.restore(error)))?;
    ordered(tx, StatusCode::OK, order).await
}

fn renewal(input: Input) -> RenewalRequest {
    let limits = input.get("limits").and_then(Value::as_object);
    RenewalRequest {
        months: input.get("extension_months").and_then(Value::as_i64).unwrap_or_default(),
        limits: limits
            .map(|limits| limits.iter().filter_map(|(k, v)| Some((k.clone(), v.as_i64()?))).collect::<Limits>()),
        comment: input.get("request_comment").and_then(Value::as_str).map(str::to_owned),
    }
}

async fn update_options<X: Sided>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &RESOURCE_OPTIONS_REQUEST, Extent::Whole).await;
    let options = input.map(|mut input| input.remove("options").unwrap_or_else(|| json!({})));
    let (options, deferred) = Deferred::split(options);
    let mut tx = call.begin().await?;
    let change = orders::update_options(&mut tx, X::SIDE, id.into(), options).await;
    match change.map_err(|error| about(deferred.restore(error)))? {
        OptionsChange::Done => answer::finish(tx, status("Resource options are submitted")?).await,
        OptionsChange::Ordered(order) => ordered(tx, StatusCode::CREATED, order).await,
    }
}

async fn restore<X: Sided>(PathId(id): PathId, origin: Origin, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let done = orders::restore(&mut tx, X::SIDE, id.into()).await;
    done.map_err(|error| about(error.into()))?;
    shown::<X>(tx, StatusCode::OK, id, &origin).await
}

async fn unlink<X: Sided>(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    resources::unlink::<X::Data>(&mut tx, id).await.map_err(|error| about(error.into()))?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

async fn move_resource<X: Sided>(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &MOVE_RESOURCE_REQUEST, Extent::Whole).await;
    // The project is an object with its link.
    let input = input.map(|mut input| match input.remove("project") {
        Some(Value::Object(project)) => project.into_iter().map(|(_, id)| ("project_id".to_owned(), id)).collect(),
        _ => Input::new(),
    });
    let mut tx = call.begin().await?;
    resources::move_to::<X::Data, ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<X>(tx, StatusCode::OK, id, &origin).await
}

/// There is nothing to fetch: backends report by themselves.
async fn pull<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    use axum::response::IntoResponse as _;
    seen::<X>(&asked, id).await?;
    let body = answer::read(&json!({ "detail": "Pull operation was successfully scheduled." }))?;
    Ok((StatusCode::ACCEPTED, body).into_response())
}

async fn seen<X: Sided>(asked: &Asked, id: uuid::Uuid) -> Result<ResourceView, ApiError> {
    let view = mercat_app::collection::retrieve::<X::Data>(&asked.api.app, &asked.actor, id, &[]).await;
    view.map_err(|error| about(error.into()))
}

async fn periods<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let periods = plan_periods::<X::Data>(&asked.api.app, &asked.actor, id).await;
    let periods = periods.map_err(|error| about(error.into()))?;
    answer::read(&periods.iter().map(period).collect::<Vec<Value>>())
}

fn period(period: &Period) -> Value {
    use mercat_domain::time::format;
    let usage =
        |(usage, component): &(mercat_app::entity::component_usage::Model, mercat_app::entity::component::Model)| {
            json!({
                "uuid": usage.id, "created": format(usage.created), "description": usage.description,
                "type": component.kind, "name": component.name, "measured_unit": component.measured_unit,
                "usage": two_places(usage.usage), "date": format(usage.date), "recurring": usage.recurring,
            })
        };
    json!({
        "uuid": period.row.id, "plan_name": period.plan.name, "plan_uuid": period.plan.id,
        "start": format(period.row.start), "end": period.row.end.map(format),
        "components": period.usages.iter().map(usage).collect::<Vec<Value>>(),
    })
}

/// Amounts of usage have two places.
pub(super) fn two_places(amount: mercat_domain::money::Money) -> String {
    format!("{:.2}", amount.decimal())
}

async fn team<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let team = resources::team::<X::Data>(&asked.api.app, &asked.actor, id).await;
    let team = team.map_err(|error| about(error.into()))?;
    let member = |member: &TeamMember| {
        json!({
            "url": url(&asked.origin, USERS[0], member.user.id),
            "uuid": member.user.id,
            "username": member.user.username,
            "full_name": member.user.full_name,
            "email": member.user.email,
            "role": member.role,
            "expiration_time": member.expires.map(mercat_domain::time::format),
            "offering_user_username": member.account.as_ref().and_then(|account| account.username.clone()),
            "offering_user_state": member.account.as_ref().map(|account| account.state),
        })
    };
    answer::read(&team.iter().map(member).collect::<Vec<Value>>())
}

/// The offering, as far as whoever sees the resource may know it.
async fn offering<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let view = seen::<X>(&asked, id).await?;
    shown_offering(&asked, view.row.offering_id).await
}

/// There are no backends whose objects could be shown.
async fn details<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    use axum::response::IntoResponse as _;
    seen::<X>(&asked, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn nothing<X: Sided>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    seen::<X>(&asked, id).await?;
    asked.empty_list()
}

/// What both sides have.
fn both<X: Sided<Data: mercat_app::collection::Editable>>() -> Vec<Op> {
    let tag = X::NAME;
    let at = |rest: &str| format!("{{uuid}}/{rest}/");
    let list = |rest: &str| format!("{}_{rest}_list", tag.replace('-', "_"));
    let mut ops = reads::<X>();
    ops.extend(changes::<X>());
    ops.extend([
        staff_sets::<X>("set_slug", &RESOURCE_SLUG_REQUEST, "Slug has been changed."),
        staff_sets::<X>("set_paused", &RESOURCE_PAUSED_REQUEST, "Paused flag has been changed."),
        staff_sets::<X>("set_downscaled", &RESOURCE_DOWNSCALED_REQUEST, "Downscaled flag has been changed."),
        staff_sets::<X>(
            "set_restrict_member_access",
            &RESOURCE_RESTRICT_MEMBER_ACCESS_REQUEST,
            "The access restriction has been changed.",
        ),
        Op::post(tag, &at("set_end_date_by_staff"), set_end_date::<X>).takes(&RESOURCE_END_DATE_BY_PROVIDER_REQUEST),
        Op::post(tag, &at("update_options"), update_options::<X>)
            .takes(&RESOURCE_OPTIONS_REQUEST)
            .gives(200, Gives::Json),
        Op::post(tag, &at("restore"), restore::<X>).gives(200, Gives::One(&RESOURCE)),
        Op::post(tag, &at("unlink"), unlink::<X>).gives(204, Gives::Nothing),
        Op::post(tag, &at("pull"), pull::<X>).gives(202, Gives::Json),
        Op::post(tag, &at("move_resource"), move_resource::<X>)
            .takes(&MOVE_RESOURCE_REQUEST)
            .gives(200, Gives::One(&RESOURCE)),
        Op::get(tag, &at("plan_periods"), periods::<X>)
            .id(&list("plan_periods"))
            .gives(200, Gives::Many(&RESOURCE_PLAN_PERIOD)),
        Op::get(tag, &at("team"), team::<X>).id(&list("team")).gives(200, Gives::Many(&PROJECT_USER)),
        Op::get(tag, &at("offering"), offering::<X>).gives(200, Gives::Json),
        Op::get(tag, &at("details"), details::<X>).gives(204, Gives::Nothing),
        Op::get(tag, &at("offering_for_subresources"), nothing::<X>)
            .id(&list("offering_for_subresources"))
            .gives(200, Gives::Json),
    ]);
    ops
}

async fn suggest_name(mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &super::models::RESOURCE_SUGGEST_NAME_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let name = resources::suggest_name::<ApiError>(&mut tx, input).await?;
    let answer = answer::json(StatusCode::OK, &json!({ "name": name }))?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let consumer = ShownResources::NAME;
    let mut ops = both::<ShownResources>();
    ops.extend(both::<ShownProviderResources>());
    ops.extend([
        Op::post(consumer, "{uuid}/renew/", renew::<ShownResources>)
            .takes(&RESOURCE_RENEW_REQUEST)
            .gives(200, Gives::One(&ORDER_UUID)),
        Op::post(consumer, "suggest_name/", suggest_name)
            .takes(&super::models::RESOURCE_SUGGEST_NAME_REQUEST)
            .gives(200, Gives::Json),
        Op::post(ShownProviderResources::NAME, "{uuid}/set_end_date_by_provider/", set_end_date_by_provider)
            .takes(&RESOURCE_END_DATE_BY_PROVIDER_REQUEST),
    ]);
    ops
}
