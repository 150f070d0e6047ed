//! Usages of resources, by month and by account, and limits of accounts.

use axum::{http::StatusCode, response::Response};
use chrono::Datelike as _;
use mercat_app::{
    collection::Input,
    entity::{component_usage, component_user_usage, resource, usage_limit},
    list::{Filter, Key},
    resources::{self, UsageLimitView, UsageLimits, UsageView, Usages, UserUsageView, UserUsages, filters},
};
use mercat_domain::invalid::FieldErrors;
use serde_json::Value;

use super::{
    consumer::two_places,
    resources::number,
    usage_models::{
        COMPONENT_USAGE, COMPONENT_USAGE_CREATE_REQUEST, COMPONENT_USER_USAGE, COMPONENT_USER_USAGE_CREATE_REQUEST,
        COMPONENT_USER_USAGE_LIMIT,
    },
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::RESOURCES,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, crud, input, invalid, param, read, reads,
    },
};

use component_usage::Column as Usage;
use component_user_usage::Column as UserUsage;
use resource::Column as Resource;

/// Usages.
pub(crate) struct ShownUsages;

fn of(resources: Filter<resource::Entity>) -> Filter<component_usage::Entity> {
    filters::usages_of(resources)
}

/// The months of a year, or of a month of any year, are not stored: the first days are.
fn in_year(year: i64) -> Filter<component_usage::Entity> {
    let day = |year: i64| i32::try_from(year).ok().and_then(|year| chrono::NaiveDate::from_ymd_opt(year, 1, 1));
    match (day(year), day(year + 1)) {
        (Some(first), Some(next)) => Filter::both([
            Filter::from(Usage::BillingPeriod, first),
            Filter::equals(Usage::BillingPeriod, next).negated(),
            Filter::to(Usage::BillingPeriod, next),
        ]),
        _ => Filter::nothing(),
    }
}

/// That month of the last and the coming years.
fn in_month(month: i64) -> Filter<component_usage::Entity> {
    const YEARS: std::ops::RangeInclusive<i32> = 2010..=2100;
    let month = u32::try_from(month).unwrap_or_default();
    let days = YEARS.filter_map(|year| chrono::NaiveDate::from_ymd_opt(year, month, 1));
    Filter::any_of(Usage::BillingPeriod, days)
}

fn month_of(day: chrono::NaiveDate) -> Filter<component_usage::Entity> {
    Filter::equals(Usage::BillingPeriod, day.with_day(1).unwrap_or(day))
}

impl Exposed for ShownUsages {
    type Data = Usages;
    const NAME: &'static str = "marketplace-component-usages";
    const KIND: &'static str = "ComponentUsage";
    const MODEL: &'static Model = &COMPONENT_USAGE;
    const PARAMS: &'static [Param<component_usage::Entity>] = &[
        param("billing_period", By::Date(month_of)),
        param("billing_period_month", By::Number(in_month)),
        param("billing_period_year", By::Number(in_year)),
        param("customer_uuid", By::Uuid(|id| of(Filter::equals(Resource::CustomerId, id)))),
        param("date_after", By::Date(|day| Filter::from(Usage::BillingPeriod, day))),
        param("date_before", By::Date(|day| Filter::to(Usage::BillingPeriod, day))),
        param("offering_uuid", By::Uuid(|id| of(Filter::equals(Resource::OfferingId, id)))),
        param("project_uuid", By::Uuid(|id| of(Filter::equals(Resource::ProjectId, id)))),
        param("resource", By::Link(RESOURCES, |id| Filter::equals(Usage::ResourceId, id))),
        param("resource_uuid", By::Id(Usage::ResourceId)),
        param("type", By::Text(filters::usages_typed)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "billing_period", key: |down| Key::column(Usage::BillingPeriod, down) },
        SortKey { name: "usage", key: |down| Key::column(Usage::Usage, down) },
    ];
    const USUALLY: &'static str = "billing_period";

    fn write(view: &UsageView, out: &mut Out<'_>) {
        out.row(&view.row);
        names(view, out);
        out.put("type", &view.component.kind).put("name", &view.component.name);
        // A number upstream, and people have no numbers here.
        out.put("modified_by", Value::Null);
    }
}

/// What usages of either kind say about what they are of.
fn names(view: &UsageView, out: &mut Out<'_>) {
    out.put("usage", number(view.row.usage)).put("measured_unit", &view.component.measured_unit);
    out.put("resource_name", &view.resource.name).put("resource_uuid", view.resource.id);
    out.put("offering_name", &view.offering.name).put("offering_uuid", view.offering.id);
    out.put("project_name", &view.project.name).put("project_uuid", view.project.id);
    out.put("customer_name", &view.customer.name).put("customer_uuid", view.customer.id);
    out.put("date", mercat_domain::time::format(view.row.date)).put("billing_period", view.row.billing_period);
}

/// Usages by accounts.
pub(crate) struct ShownUserUsages;

fn part_of(usages: Filter<component_usage::Entity>) -> Filter<component_user_usage::Entity> {
    filters::user_usages_of(usages)
}

impl Exposed for ShownUserUsages {
    type Data = UserUsages;
    const NAME: &'static str = "marketplace-component-user-usages";
    const KIND: &'static str = "ComponentUserUsage";
    const MODEL: &'static Model = &COMPONENT_USER_USAGE;
    const PARAMS: &'static [Param<component_user_usage::Entity>] = &[
        param("billing_period_month", By::Number(|month| part_of(in_month(month)))),
        param("billing_period_year", By::Number(|year| part_of(in_year(year)))),
        param("component_usage__billing_period", By::Date(|day| part_of(month_of(day)))),
        param("customer_uuid", By::Uuid(|id| part_of(of(Filter::equals(Resource::CustomerId, id))))),
        param("date_after", By::Date(|day| part_of(Filter::from(Usage::BillingPeriod, day)))),
        param("date_before", By::Date(|day| part_of(Filter::to(Usage::BillingPeriod, day)))),
        param("offering_uuid", By::Uuid(|id| part_of(of(Filter::equals(Resource::OfferingId, id))))),
        param("project_uuid", By::Uuid(|id| part_of(of(Filter::equals(Resource::ProjectId, id))))),
        param("resource", By::Link(RESOURCES, |id| part_of(Filter::equals(Usage::ResourceId, id)))),
        param("resource_uuid", By::Uuid(|id| part_of(Filter::equals(Usage::ResourceId, id)))),
        param("type", By::Text(|kind| part_of(filters::usages_typed(kind)))),
        param("username", By::Equals(UserUsage::Username)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey {
            name: "component_usage__billing_period",
            key: |down| filters::user_usages_by(Usage::BillingPeriod, down),
        },
        SortKey { name: "usage", key: |down| Key::column(UserUsage::Usage, down) },
        SortKey { name: "username", key: |down| Key::column(UserUsage::Username, down) },
    ];
    const USUALLY: &'static str = "component_usage__billing_period";

    fn write(view: &UserUsageView, out: &mut Out<'_>) {
        out.row(&view.row);
        names(&view.usage, out);
        out.put("usage", number(view.row.usage)).put("component_type", &view.usage.component.kind);
        out.with("date", || mercat_domain::time::format(view.row.date));
    }
}

/// Limits of accounts.
pub(crate) struct ShownUsageLimits;

impl Exposed for ShownUsageLimits {
    type Data = UsageLimits;
    const NAME: &'static str = "component-user-usage-limits";
    const KIND: &'static str = "ComponentUserUsageLimit";
    const MODEL: &'static Model = &COMPONENT_USER_USAGE_LIMIT;
    const PARAMS: &'static [Param<usage_limit::Entity>] = &[
        param("component_type", By::Text(filters::usage_limits_typed)),
        param("offering_uuid", By::Uuid(|id| filters::usage_limits_of(Filter::equals(Resource::OfferingId, id)))),
        param("resource", By::Link(RESOURCES, |id| Filter::equals(usage_limit::Column::ResourceId, id))),
        param("resource_uuid", By::Id(usage_limit::Column::ResourceId)),
        param("username", By::Text(filters::usage_limits_for)),
    ];
    const SORTS: &'static [SortKey] =
        &[SortKey { name: "created", key: |down| Key::column(usage_limit::Column::Created, down) }];
    const USUALLY: &'static str = "created";

    fn write(view: &UsageLimitView, out: &mut Out<'_>) {
        out.row(&view.row);
        out.put("component_type", &view.component.kind).put("limit", two_places(view.row.limit_value));
    }
}

async fn set_usage(mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &COMPONENT_USAGE_CREATE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    resources::set_usage::<ApiError>(&mut tx, input).await?;
    answer::finish(tx, answer::empty(StatusCode::CREATED)).await
}

async fn set_user_usage(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &COMPONENT_USER_USAGE_CREATE_REQUEST, Extent::Whole).await;
    written(id, call, input.map(|one| vec![one])).await
}

/// Several accounts at once: `{"usages": […]}`.
async fn set_user_usages(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let form = call.form().await;
    let input = form.and_then(|form| {
        let list = form.get("usages").and_then(Value::as_array).cloned();
        let required = || invalid(FieldErrors::single("usages", "This field is required."));
        let one = |value: Value| {
            let form = crate::body::Form::from_value(value);
            read(&form, &COMPONENT_USER_USAGE_CREATE_REQUEST, Extent::Whole).map_err(invalid)
        };
        list.ok_or_else(required)?.into_iter().map(one).collect::<Result<Vec<Input>, ApiError>>()
    });
    written(id, call, input).await
}

async fn written(id: uuid::Uuid, call: Call, input: Result<Vec<Input>, ApiError>) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let done = resources::set_user_usage::<ApiError>(&mut tx, id, input).await;
    done.map_err(|error| error.about(ShownUsages::KIND))?;
    answer::finish(tx, answer::empty(StatusCode::CREATED)).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownUsages::NAME;
    let mut ops = reads::<ShownUsages>();
    ops.extend(reads::<ShownUserUsages>());
    ops.extend(crud::<ShownUsageLimits>());
    ops.extend([
        Op::post(tag, "set_usage/", set_usage).takes(&COMPONENT_USAGE_CREATE_REQUEST).gives(201, Gives::Nothing),
        Op::post(tag, "{uuid}/set_user_usage/", set_user_usage)
            .takes(&COMPONENT_USER_USAGE_CREATE_REQUEST)
            .gives(201, Gives::Nothing),
        Op::post(tag, "{uuid}/set_user_usages/", set_user_usages).gives(201, Gives::Nothing),
    ]);
    ops
}
