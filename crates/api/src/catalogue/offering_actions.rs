//! What providers do to their offerings: most of it sets columns, some of it moves the offering through its life.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    catalogue::{self, OfferingColumns, ProviderOfferings, filters},
    collection,
    entity::{project, resource},
    list::Filter,
    structure::CustomerView,
};
use mercat_domain::{invalid::FieldErrors, offering::OfferingAction, permission::Permission};
use serde_json::{Value, json};

use super::{
    offering_models::{
        CHECK_UNIQUE_BACKEND_ID_REQUEST, CHECK_UNIQUE_BACKEND_ID_RESPONSE, DETAIL_STATE, ENDPOINT_UUID,
        MOVE_OFFERING_REQUEST, NESTED_ENDPOINT_REQUEST, OFFERING_BACKEND_METADATA_REQUEST, OFFERING_COMPONENT_REQUEST,
        OFFERING_DESCRIPTION_UPDATE_REQUEST, OFFERING_GROUPS, OFFERING_IMAGE_REQUEST,
        OFFERING_INTEGRATION_UPDATE_REQUEST, OFFERING_LOCATION_UPDATE_REQUEST, OFFERING_OPTIONS_UPDATE_REQUEST,
        OFFERING_OVERVIEW_UPDATE_REQUEST, OFFERING_PAUSE_REQUEST, OFFERING_RESOURCE_OPTIONS_UPDATE_REQUEST,
        OFFERING_THUMBNAIL_REQUEST, PROVIDER_OFFERING_CUSTOMER, PUBLIC_OFFERING_DETAILS,
        REMOVE_OFFERING_COMPONENT_REQUEST, UPDATE_OFFERING_COMPONENT_REQUEST,
    },
    offerings::{ShownProviderOfferings, ShownPublicOfferings},
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    origin::Origin,
    rest::{Asked, Exposed, Extent, Gives, Model, Op, Out, PathId, input, invalid, listed, listed_as, params, shown},
    structure::{self, ORGANIZATION_GROUPS_REQUEST, ShownCustomers, ShownPeople, ShownProjects, USER},
};

const TAG: &str = ShownProviderOfferings::NAME;

fn about(error: ApiError) -> ApiError {
    error.about(ShownProviderOfferings::KIND)
}

/// An operation that sets columns.
fn sets(action: &str, model: &'static Model, columns: OfferingColumns) -> Op {
    let handler = move |PathId(id): PathId, mut call: Call| async move {
        let input = input(&mut call, model, Extent::Whole).await;
        let mut tx = call.begin().await?;
        catalogue::set_columns::<ApiError>(&mut tx, id, columns, input).await.map_err(about)?;
        answer::finish(tx, answer::empty(StatusCode::OK)).await
    };
    Op::post(TAG, &format!("{{uuid}}/{action}/"), handler).takes(model)
}

/// An operation that takes a picture away.
fn clears(action: &str, column: &'static str, columns: OfferingColumns) -> Op {
    let handler = move |PathId(id): PathId, call: Call| async move {
        let input = [(column.to_owned(), Value::Null)].into_iter().collect();
        let mut tx = call.begin().await?;
        catalogue::set_columns::<ApiError>(&mut tx, id, columns, Ok(input)).await.map_err(about)?;
        answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
    };
    Op::post(TAG, &format!("{{uuid}}/{action}/"), handler).gives(204, Gives::Nothing)
}

const fn plain(permission: Permission) -> OfferingColumns {
    OfferingColumns { permission, joined: &[] }
}

/// An operation that moves the offering through its life.
fn moves(action: OfferingAction) -> Op {
    let handler = move |PathId(id): PathId, mut call: Call| async move {
        let input = input(&mut call, &OFFERING_PAUSE_REQUEST, Extent::Whole).await;
        let mut tx = call.begin().await?;
        let state = catalogue::act::<ApiError>(&mut tx, id, action, input).await.map_err(about)?;
        let body = json!({ "detail": "Offering state updated.", "state": state });
        let answer = answer::json(StatusCode::OK, &body)?;
        answer::finish(tx, answer).await
    };
    let op = Op::post(TAG, &format!("{{uuid}}/{action}/"), handler).gives(200, Gives::One(&DETAIL_STATE));
    if action == OfferingAction::Pause { op.takes(&OFFERING_PAUSE_REQUEST) } else { op }
}

async fn set_groups(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &ORGANIZATION_GROUPS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::set_groups::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn clear_groups(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    catalogue::set_groups::<ApiError>(&mut tx, id, Ok(collection::Input::new())).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

async fn add_endpoint(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &NESTED_ENDPOINT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let endpoint = catalogue::add_endpoint::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    let answer = answer::json(StatusCode::CREATED, &json!({ "uuid": endpoint }))?;
    answer::finish(tx, answer).await
}

async fn remove_endpoint(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &ENDPOINT_UUID, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::remove_endpoint::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

async fn add_component(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &OFFERING_COMPONENT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::add_component::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::CREATED)).await
}

async fn change_component(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &UPDATE_OFFERING_COMPONENT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::change_component::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn remove_component(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &REMOVE_OFFERING_COMPONENT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::remove_component::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn is_unique(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &CHECK_UNIQUE_BACKEND_ID_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let is_unique = catalogue::is_unique_backend_id::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    let answer = answer::json(StatusCode::OK, &json!({ "is_unique": is_unique }))?;
    answer::finish(tx, answer).await
}

async fn move_offering(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &MOVE_OFFERING_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    catalogue::move_to::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<ShownPublicOfferings>(tx, StatusCode::OK, id, &origin).await
}

/// Stops whoever does not provide the offering.
async fn provided(asked: &Asked, id: uuid::Uuid) -> Result<mercat_app::orders::OfferingView, ApiError> {
    let view = collection::retrieve::<ProviderOfferings>(&asked.api.app, &asked.actor, id, &[]).await;
    view.map_err(|error| about(error.into()))
}

fn used(id: uuid::Uuid) -> Filter<resource::Entity> {
    Filter::equals(resource::Column::OfferingId, id)
}

async fn customers(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    provided(&asked, id).await?;
    let asked = asked.by_filters_alone();
    let here = vec![filters::customers_using(used(id))];
    let write = |view: &CustomerView, out: &mut Out<'_>| {
        out.row(&view.row);
    };
    listed_as::<ShownCustomers>(&asked, here, &PROVIDER_OFFERING_CUSTOMER, write).await
}

async fn customer_projects(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    provided(&asked, id).await?;
    let here: Vec<Filter<project::Entity>> = vec![filters::projects_using(used(id))];
    listed::<ShownProjects>(&asked.by_filters_alone(), here).await
}

async fn customer_users(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    provided(&asked, id).await?;
    listed::<ShownPeople>(&asked.by_filters_alone(), vec![filters::people_using(used(id))]).await
}

/// Lists of things that are not kept here: service and course accounts, invoices, what a backend could import.
async fn nothing(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    provided(&asked, id).await?;
    asked.empty_list()
}

async fn stats(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    provided(&asked, id).await?;
    let (resources, customers) = catalogue::offering_statistics(&asked.api.app, id).await?;
    answer::read(&json!({ "resources_count": resources, "customers_count": customers }))
}

/// The offerings that the caller provides, by organisation.
async fn groups(asked: Asked) -> Result<Response, ApiError> {
    let mut groups: Vec<Value> = Vec::new();
    for (offering, provider) in catalogue::offerings_by_provider(&asked.api.app, &asked.actor).await? {
        let entry = json!({ "offering_name": offering.name, "offering_uuid": offering.id });
        let uuid = json!(provider.id);
        match groups.iter_mut().find(|group| group["customer_uuid"] == uuid) {
            Some(group) => group["offerings"].as_array_mut().into_iter().for_each(|list| list.push(entry.clone())),
            None => groups.push(json!({
                "customer_name": provider.name, "customer_uuid": uuid, "offerings": [entry],
            })),
        }
    }
    asked.whole(&groups)
}

/// What a provider learns of people.
pub(super) const EXPOSED: [&str; 3] = ["username", "full_name", "email"];

/// Which facts about people are passed on to the provider: those that an account needs, and no choice is kept.
async fn attribute_config(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let view = provided(&asked, id).await?;
    let row = &view.details.offering;
    answer::read(&json!({
        "uuid": row.id,
        "created": mercat_domain::time::format(row.created),
        "modified": mercat_domain::time::format(row.modified),
        "exposed_fields": EXPOSED,
        "is_default": true,
        "offering_uuid": row.id,
        "offering_name": row.name,
    }))
}

/// Everything that is columns, and what it takes.
fn setters() -> Vec<Op> {
    use Permission as P;
    let integration = OfferingColumns {
        permission: P::OfferingUpdateIntegration,
        joined: &["secret_options", "plugin_options", "service_attributes"],
    };
    vec![
        sets("update_description", &OFFERING_DESCRIPTION_UPDATE_REQUEST, plain(P::OfferingUpdateDescription)),
        sets("update_overview", &OFFERING_OVERVIEW_UPDATE_REQUEST, plain(P::OfferingUpdate)),
        sets("update_location", &OFFERING_LOCATION_UPDATE_REQUEST, plain(P::OfferingUpdateLocation)),
        sets("update_options", &OFFERING_OPTIONS_UPDATE_REQUEST, plain(P::OfferingUpdateOptions)),
        sets("update_resource_options", &OFFERING_RESOURCE_OPTIONS_UPDATE_REQUEST, plain(P::OfferingUpdateOptions)),
        sets("update_integration", &OFFERING_INTEGRATION_UPDATE_REQUEST, integration),
        sets("update_image", &OFFERING_IMAGE_REQUEST, plain(P::OfferingUpdate)),
        sets("update_thumbnail", &OFFERING_THUMBNAIL_REQUEST, plain(P::OfferingUpdateThumbnail)),
        clears("delete_image", "image", plain(P::OfferingUpdate)),
        clears("delete_thumbnail", "thumbnail", plain(P::OfferingUpdateThumbnail)),
        sets("set_backend_metadata", &OFFERING_BACKEND_METADATA_REQUEST, plain(P::OfferingUpdate)),
    ]
}

/// The attributes of an offering are the whole body.
async fn update_attributes(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = call.form().await.and_then(|form| {
        let attributes = Value::Object(form.into_fields());
        if crate::body::has_nul(&attributes) {
            let errors = FieldErrors::single("attributes", "Null characters are not allowed.");
            return Err(invalid(errors));
        }
        Ok([("attributes".to_owned(), attributes)].into_iter().collect())
    });
    let mut tx = call.begin().await?;
    let columns = plain(Permission::OfferingUpdateAttributes);
    catalogue::set_columns::<ApiError>(&mut tx, id, columns, input).await.map_err(about)?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

pub(super) fn operations() -> Vec<Op> {
    let at = |rest: &str| format!("{{uuid}}/{rest}/");
    let list = |rest: &str, op: Op| op.id(&format!("marketplace_provider_offerings_{rest}_list"));
    let mut ops = setters();
    ops.extend(OfferingAction::ALL.iter().map(|action| moves(*action)));
    ops.extend([
        Op::post(TAG, &at("update_attributes"), update_attributes).gives(200, Gives::Nothing),
        Op::post(TAG, &at("update_organization_groups"), set_groups).takes(&ORGANIZATION_GROUPS_REQUEST),
        Op::post(TAG, &at("delete_organization_groups"), clear_groups).gives(204, Gives::Nothing),
        Op::post(TAG, &at("add_endpoint"), add_endpoint)
            .takes(&NESTED_ENDPOINT_REQUEST)
            .gives(201, Gives::One(&ENDPOINT_UUID)),
        Op::post(TAG, &at("delete_endpoint"), remove_endpoint).takes(&ENDPOINT_UUID).gives(204, Gives::Nothing),
        Op::post(TAG, &at("create_offering_component"), add_component)
            .takes(&OFFERING_COMPONENT_REQUEST)
            .gives(201, Gives::Nothing),
        Op::post(TAG, &at("update_offering_component"), change_component).takes(&UPDATE_OFFERING_COMPONENT_REQUEST),
        Op::post(TAG, &at("remove_offering_component"), remove_component).takes(&REMOVE_OFFERING_COMPONENT_REQUEST),
        Op::post(TAG, &at("check_unique_backend_id"), is_unique)
            .takes(&CHECK_UNIQUE_BACKEND_ID_REQUEST)
            .gives(200, Gives::One(&CHECK_UNIQUE_BACKEND_ID_RESPONSE)),
        Op::post(TAG, &at("move_offering"), move_offering)
            .takes(&MOVE_OFFERING_REQUEST)
            .gives(200, Gives::One(&PUBLIC_OFFERING_DETAILS)),
    ]);
    ops.extend([
        list("customers", Op::get(TAG, &at("customers"), customers))
            .gives(200, Gives::Many(&PROVIDER_OFFERING_CUSTOMER)),
        list("list_customer_projects", Op::get(TAG, &at("list_customer_projects"), customer_projects))
            .gives(200, Gives::Many(&structure::PROJECT)),
        list("list_customer_users", Op::get(TAG, &at("list_customer_users"), customer_users))
            .asks(params::<ShownPeople>())
            .gives(200, Gives::Many(&USER)),
        list("list_course_accounts", Op::get(TAG, &at("list_course_accounts"), nothing)).gives(200, Gives::Json),
        list("list_project_service_accounts", Op::get(TAG, &at("list_project_service_accounts"), nothing))
            .gives(200, Gives::Json),
        list("list_customer_service_accounts", Op::get(TAG, &at("list_customer_service_accounts"), nothing))
            .gives(200, Gives::Json),
        list("importable_resources", Op::get(TAG, &at("importable_resources"), nothing)).gives(200, Gives::Json),
        list("component_stats", Op::get(TAG, &at("component_stats"), nothing)).gives(200, Gives::Json),
        list("costs", Op::get(TAG, &at("costs"), nothing)).gives(200, Gives::Json),
        list("groups", Op::get(TAG, "groups/", groups)).gives(200, Gives::Many(&OFFERING_GROUPS)),
        Op::get(TAG, &at("stats"), stats).gives(200, Gives::Json),
        Op::get(TAG, &at("user-attribute-config"), attribute_config)
            .id("marketplace_provider_offerings_user_attribute_config_retrieve")
            .gives(200, Gives::Json),
    ]);
    ops
}
