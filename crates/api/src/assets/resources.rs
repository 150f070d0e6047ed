//! `/api/marketplace-resources/` and `/api/marketplace-provider-resources/`.

use axum::response::Response;
use mercat_app::{
    collection::{self, Sight},
    entity::{
        category, offering, project,
        resource::{Column, Entity},
    },
    list::{Filter, Key},
    resources::{ProviderResources, ResourceView, Resources, filters},
};
use mercat_domain::{
    id::ResourceId,
    offering::{BillingType, rules_of},
    order::OrderState,
};
use serde_json::{Map, Value, json};

use super::models::RESOURCE;
use crate::{
    answer,
    error::ApiError,
    link::{CUSTOMERS, OFFERINGS, Place, RESOURCES, To, USERS},
    rest::{Asked, By, Exposed, Model, Out, Param, SortKey, Wanted, param, url, written},
    wire::{OfferingComponent, OrderDetails, OrderOptions},
};

/// Resources to those who consume them.
pub(crate) struct ShownResources;

/// Resources to those who provide them.
pub(crate) struct ShownProviderResources;

impl Exposed for ShownResources {
    type Data = Resources;
    const NAME: &'static str = "marketplace-resources";
    const KIND: &'static str = "Resource";
    const MODEL: &'static Model = &RESOURCE;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "created";

    fn write(view: &ResourceView, out: &mut Out<'_>) {
        resource(view, RESOURCES[0], out);
    }
}

impl Exposed for ShownProviderResources {
    type Data = ProviderResources;
    const NAME: &'static str = "marketplace-provider-resources";
    const KIND: &'static str = "Resource";
    const MODEL: &'static Model = &RESOURCE;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = SORTS;
    const USUALLY: &'static str = "created";

    fn write(view: &ResourceView, out: &mut Out<'_>) {
        resource(view, RESOURCES[1], out);
    }
}

/// The resource of something that the caller sees.
pub(crate) async fn shown_resource(asked: &Asked, id: ResourceId) -> Result<Response, ApiError> {
    let sight = Sight::by_filters_alone(&asked.actor);
    let view = collection::retrieve::<Resources>(&asked.api.app, sight, id.uuid(), &[]).await?;
    answer::read(&written::<ShownResources>(&view, &Wanted::of(&asked.query, &RESOURCE), &asked.origin))
}

/// A resource found at `place`.
fn resource(view: &ResourceView, place: Place, out: &mut Out<'_>) {
    let (row, origin) = (&view.row, out.origin());
    out.row(row);
    out.with("url", || url(origin, place, row.id));
    surroundings(view, out);
    let parent = view.parent_offering.as_ref();
    out.put("parent_offering_uuid", parent.map(|parent| parent.id));
    out.put("parent_offering_name", parent.map(|parent| &parent.name));
    out.put("parent_offering_slug", parent.map(|parent| &parent.slug));
    out.put("parent_name", view.parent.as_ref().map(|parent| &parent.name));
    let plan = view.plan.as_ref();
    out.link("plan", plan.map(|plan| To::Plan(plan.offering_id, plan.id)));
    out.put("plan_unit", plan.map(|plan| plan.unit)).put("plan_name", plan.map(|plan| &plan.name));
    out.put("plan_description", plan.map(|plan| &plan.description));
    // What an importer stored as null is shown as an empty object: clients crash on null.
    out.with("attributes", || rules_of(&view.offering.offering_type).shown(&row.attributes));
    for (name, value) in [("limits", &row.limits), ("options", &row.options)] {
        out.with(name, || if value.is_object() { value.clone() } else { json!({}) });
    }
    out.put("resource_uuid", row.backend_uuid.map(|id| id.simple().to_string()));
    let billed = |kind: BillingType| view.components.iter().any(|component| component.billing_type == kind);
    out.put("is_usage_based", billed(BillingType::Usage)).put("is_limit_based", billed(BillingType::Limit));
    out.with("current_usages", || used(view));
    out.with("limit_usage", || used(view));
    out.put("can_terminate", view.can_terminate).put("username", &view.username);
    let endpoint = |row: &mercat_app::entity::resource_endpoint::Model| json!({ "uuid": row.id, "name": row.name, "url": row.url });
    out.with("endpoints", || view.endpoints.iter().map(endpoint).collect::<Vec<Value>>());
    out.put("available_actions", json!([])).put("renewal_date", Value::Null).put("user_requires_reconsent", false);
    out.with("order_in_progress", || view.order_in_progress.as_ref().map(|order| shown_order(order, origin)));
    out.with("creation_order", || view.creation_order.as_ref().map(|order| shown_order(order, origin)));
    let component = |row| serde_json::to_value(OfferingComponent::from(row)).unwrap_or_default();
    out.with("offering_components", || view.components.iter().map(component).collect::<Vec<Value>>());
}

/// Offering, category, project and organisations of a resource.
fn surroundings(view: &ResourceView, out: &mut Out<'_>) {
    let (offering, origin) = (&view.offering, out.origin());
    out.put("offering_name", &offering.name).put("offering_slug", &offering.slug);
    out.put("offering_description", &offering.description).put("offering_type", &offering.offering_type);
    out.put("offering_shared", offering.shared).put("offering_billable", offering.billable);
    out.put("offering_state", offering.state);
    out.with("offering_plugin_options", || {
        if offering.plugin_options.is_object() { offering.plugin_options.clone() } else { json!({}) }
    });
    out.link("offering_image", offering.image.map(To::Media));
    out.link("offering_thumbnail", offering.thumbnail.map(To::Media));
    out.put("provider_name", &view.provider.name).put("provider_slug", &view.provider.slug);
    out.put("category_title", &view.category.title).put("category_uuid", view.category.id);
    out.link("category_icon", view.category.icon.map(To::Media));
    let project = &view.project;
    out.put("project_name", &project.name).put("project_slug", &project.slug);
    out.put("project_description", &project.description).put("project_end_date", project.end_date);
    out.with("project_end_date_requested_by", || project.end_date_requested_by.map(|id| url(origin, USERS[0], id)));
    out.put("customer_name", &view.customer.name).put("customer_slug", &view.customer.slug);
}

fn used(view: &ResourceView) -> Map<String, Value> {
    view.usages.iter().map(|(kind, usage)| (kind.clone(), number(*usage))).collect()
}

/// Whole amounts are whole numbers.
pub(super) fn number(amount: mercat_domain::money::Money) -> Value {
    let amount = amount.to_f64();
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    let whole = (amount.fract() == 0.0 && amount.abs() < 9e15).then_some(amount as i64);
    whole.map_or_else(|| json!(amount), |whole| json!(whole))
}

fn shown_order(order: &mercat_app::orders::OrderView, origin: &crate::origin::Origin) -> Value {
    let options = OrderOptions { sees_tracebacks: false, show_civil_number: false, show_secrets: false };
    serde_json::to_value(OrderDetails::new(order, origin, options)).unwrap_or_default()
}

const STATES: &[&str] = &["Creating", "Erred", "OK", "Terminated", "Terminating", "Updating"];

const SORTS: &[SortKey] = &[
    SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
    SortKey { name: "end_date", key: |down| Key::column(Column::EndDate, down) },
    SortKey { name: "project_name", key: filters::resources_by_project },
    SortKey { name: "state", key: |down| Key::column(Column::State, down) },
];

fn wanted(filter: Filter<Entity>, wanted: bool) -> Filter<Entity> {
    if wanted { filter } else { filter.negated() }
}

/// Resources whose offering has components of one kind and of no other.
fn only(kind: BillingType) -> Filter<Entity> {
    let others = BillingType::ALL.iter().copied().filter(|other| *other != kind);
    Filter::both([filters::resources_billed([kind]), filters::resources_billed(others).negated()])
}

const PARAMS: &[Param<Entity>] = &[
    param("backend_id", By::Equals(Column::BackendId)),
    param("category_uuid", By::Uuid(|id| filters::resources_in_categories(Filter::equals(category::Column::Id, id)))),
    param("created", By::Since(Column::Created)),
    param("customer", By::Link(CUSTOMERS, |id| Filter::equals(Column::CustomerId, id))),
    param("customer_uuid", By::Id(Column::CustomerId)),
    param("downscaled", By::Is(Column::Downscaled)),
    param("has_terminate_date", By::Bool(|yes, _| Some(Filter::is_set(Column::EndDate, yes)))),
    param("only_limit_based", By::Bool(|yes, _| Some(wanted(only(BillingType::Limit), yes)))),
    param("only_usage_based", By::Bool(|yes, _| Some(wanted(only(BillingType::Usage), yes)))),
    param("limit_based", By::Bool(|yes, _| Some(wanted(filters::resources_billed([BillingType::Limit]), yes)))),
    param("modified", By::Since(Column::Modified)),
    param("name", By::Contains(Column::Name)),
    param("name_exact", By::Equals(Column::Name)),
    param("offering", By::Link(OFFERINGS, |id| Filter::equals(Column::OfferingId, id))),
    param(
        "offering_billable",
        By::Bool(|yes, _| Some(filters::resources_of(Filter::equals(offering::Column::Billable, yes)))),
    ),
    param(
        "offering_shared",
        By::Bool(|yes, _| Some(filters::resources_of(Filter::equals(offering::Column::Shared, yes)))),
    ),
    param("offering_slug", By::Texts(|slugs| filters::resources_of(Filter::any_of(offering::Column::Slug, slugs)))),
    param(
        "offering_type",
        By::Text(|kind| filters::resources_of(Filter::equals(offering::Column::OfferingType, kind))),
    ),
    param("offering_uuid", By::Ids(Column::OfferingId)),
    param(
        "order_state",
        By::Texts(|states| {
            filters::resources_with_orders(states.iter().filter_map(|state| state.parse::<OrderState>().ok()))
        }),
    ),
    param("parent_offering_uuid", By::Uuid(|id| filters::resources_of(Filter::equals(offering::Column::ParentId, id)))),
    param("paused", By::Is(Column::Paused)),
    param("plan_uuid", By::Id(Column::PlanId)),
    param("project_name", By::Text(|text| filters::resources_in(Filter::contains(project::Column::Name, text)))),
    param("project_uuid", By::Id(Column::ProjectId)),
    param("provider_uuid", By::Id(Column::ProviderId)),
    param("query", By::Text(filters::resources_called)),
    param("restrict_member_access", By::Is(Column::RestrictMemberAccess)),
    param(
        "service_manager_uuid",
        By::Uuid(|id| filters::resources_of(mercat_app::catalogue::filters::offerings_managed_by(id))),
    ),
    param("state", By::Names(STATES, Column::State)),
    param("usage_based", By::Bool(|yes, _| Some(wanted(filters::resources_billed([BillingType::Usage]), yes)))),
    param("visible_to_username", By::Text(filters::resources_visible_to)),
];
