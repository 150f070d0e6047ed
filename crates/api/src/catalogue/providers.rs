//! `/api/marketplace-service-providers/`: who offers services, and whom they serve.

use axum::{extract::State, http::StatusCode, response::Response};
use mercat_app::{
    AppError,
    catalogue::{self, ProviderView, Providers, filters},
    collection,
    entity::{
        customer, offering, project,
        service_provider::{Column, Entity},
        user,
    },
    list::{Filter, Key},
    structure::{CustomerView, ProjectView, UserView},
};
use mercat_domain::{id::CustomerId, permission::Actor};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    models::{
        MARKETPLACE_PROVIDER_CUSTOMER, MARKETPLACE_PROVIDER_CUSTOMER_PROJECT, MARKETPLACE_SERVICE_PROVIDER_USER,
        NAME_UUID, SERVICE_PROVIDER, SERVICE_PROVIDER_API_SECRET_CODE, SERVICE_PROVIDER_REVENUES,
        SERVICE_PROVIDER_STATISTICS, SSH_KEY,
    },
    offering_models::PROVIDER_OFFERING,
    offerings::ShownProviderOfferings,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::{CUSTOMERS, To},
    rest::{
        Asked, By, Exposed, Gives, Model, Op, Out, Param, PathId, SortKey, Viewer, crud, listed, listed_as,
        no_estimate, param, params,
    },
    state::Api,
    structure::{self, ShownCustomers, ShownPeople, ShownProjects},
};

/// Providers.
pub(crate) struct ShownProviders;

impl Exposed for ShownProviders {
    type Data = Providers;
    const NAME: &'static str = "marketplace-service-providers";
    const KIND: &'static str = "ServiceProvider";
    const MODEL: &'static Model = &SERVICE_PROVIDER;
    const PARAMS: &'static [Param<Entity>] = &[
        param("customer", By::Link(CUSTOMERS, |id| Filter::equals(Column::CustomerId, id))),
        param(
            "customer_keyword",
            By::Text(|text| filters::providers_of(mercat_app::structure::filters::customers_called(text))),
        ),
        param("customer_uuid", By::Id(Column::CustomerId)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "customer_name", key: |down| filters::providers_by(customer::Column::Name, down) },
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    ];
    const USUALLY: &'static str = "customer_name";

    fn write(view: &ProviderView, out: &mut Out<'_>) {
        let customer = &view.customer;
        let origin = out.origin();
        out.row(&view.row);
        out.put("customer_name", &customer.name).put("customer_slug", &customer.slug);
        out.put("customer_native_name", &customer.native_name).put("customer_country", &customer.country);
        out.put("customer_abbreviation", &customer.abbreviation);
        out.link("customer_image", customer.image.map(To::Media));
        out.put("offering_count", view.offerings);
        let group = |group| structure::group(group, origin);
        out.with("organization_groups", || view.groups.iter().map(group).collect::<Vec<Value>>());
    }
}

/// The organisation of the provider in the path; only those of its own side may see whom it serves.
async fn own_side(api: &Api, actor: &Actor, id: Uuid) -> Result<CustomerId, ApiError> {
    let view = collection::retrieve::<Providers>(&api.app, actor, id, &[]).await;
    let row = view.map_err(|error| ApiError::from(error).about(ShownProviders::KIND))?.row;
    let scopes = actor.scopes();
    if actor.sees_all() || scopes.customers.contains(&row.customer_id) || scopes.providers.contains(&row.id) {
        return Ok(row.customer_id);
    }
    Err(AppError::Forbidden.into())
}

fn served_customer(view: &CustomerView, out: &mut Out<'_>) {
    out.row(&view.row);
    out.put("payment_profiles", json!([])).put("billing_price_estimate", no_estimate());
    out.put("projects_count", view.projects).put("users_count", view.users);
    out.put("projects", json!([])).put("users", json!([]));
}

fn served_project(view: &ProjectView, out: &mut Out<'_>) {
    out.row(&view.row);
    out.put("resources_count", view.resources).put("users_count", 0).put("billing_price_estimate", no_estimate());
}

fn served_person(view: &UserView, out: &mut Out<'_>) {
    out.row(&view.row);
    let projects = view.permissions.iter().filter(|held| held.row.scope_kind.as_str() == "project").count();
    out.put("projects_count", projects).put("affiliations", json!([]));
}

async fn customers(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let asked = asked.by_filters_alone();
    let here = vec![filters::customers_served_by(provider)];
    listed_as::<ShownCustomers>(&asked, here, &MARKETPLACE_PROVIDER_CUSTOMER, served_customer).await
}

/// Of the organisations that it serves, those that somebody belongs to.
async fn user_customers(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let asked = asked.by_filters_alone();
    let user = asked.uuid("user_uuid")?;
    let here = vec![filters::customers_served_by(provider), filters::customers_with(user)];
    listed_as::<ShownCustomers>(&asked, here, &MARKETPLACE_PROVIDER_CUSTOMER, served_customer).await
}

async fn projects(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let here = vec![filters::projects_served_by(provider)];
    listed::<ShownProjects>(&asked, here).await
}

async fn customer_projects(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let asked = asked.by_filters_alone();
    let customer = asked.uuid("project_customer_uuid")?;
    let here = vec![filters::projects_served_by(provider), Filter::equals(project::Column::CustomerId, customer)];
    listed_as::<ShownProjects>(&asked, here, &MARKETPLACE_PROVIDER_CUSTOMER_PROJECT, served_project).await
}

async fn users(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let here: Vec<Filter<user::Entity>> = vec![filters::people_served_by(provider)];
    let asked = asked.by_filters_alone();
    listed_as::<ShownPeople>(&asked, here, &MARKETPLACE_SERVICE_PROVIDER_USER, served_person).await
}

async fn offerings(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let provider = own_side(&asked.api, &asked.actor, id).await?;
    let here = vec![Filter::equals(offering::Column::CustomerId, provider)];
    listed_as::<ShownProviderOfferings>(&asked, here, &PROVIDER_OFFERING, |view, out| {
        ShownProviderOfferings::write_short(view, out);
        out.put("billing_price_estimate", no_estimate());
    })
    .await
}

/// Lists of things that are not kept here: keys, service and course accounts, invoices, robots.
async fn nothing(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    own_side(&asked.api, &asked.actor, id).await?;
    asked.empty_list()
}

async fn statistics(State(api): State<Api>, Viewer(actor): Viewer, PathId(id): PathId) -> Result<Response, ApiError> {
    let counts = catalogue::provider_statistics(&api.app, &actor, id).await;
    let counts = counts.map_err(|error| ApiError::from(error).about(ShownProviders::KIND))?;
    let body: serde_json::Map<String, Value> =
        counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect();
    answer::read(&body)
}

/// The code is shown once, when it is made: only its hash is kept.
async fn secret_code(State(api): State<Api>, Viewer(actor): Viewer, PathId(id): PathId) -> Result<Response, ApiError> {
    own_side(&api, &actor, id).await?;
    answer::read(&json!({ "api_secret_code": "" }))
}

async fn new_secret_code(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let made = catalogue::new_secret_code(&mut tx, id).await;
    let secret = made.map_err(|error| ApiError::from(error).about(ShownProviders::KIND))?;
    let answer = answer::json(StatusCode::OK, &json!({ "api_secret_code": secret }))?;
    answer::finish_secret(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownProviders::NAME;
    let list = |rest: &str, op: Op, model: &'static Model| {
        op.id(&format!("marketplace_service_providers_{rest}_list")).gives(200, Gives::Many(model))
    };
    let at = |rest: &str| format!("{{service_provider_uuid}}/{rest}/");
    let mut ops = crud::<ShownProviders>();
    ops.extend(structure::member_operations::<ShownProviders>());
    ops.extend([
        list("customers", Op::get(tag, &at("customers"), customers), &MARKETPLACE_PROVIDER_CUSTOMER)
            .asks(params::<ShownCustomers>()),
        list("user_customers", Op::get(tag, &at("user_customers"), user_customers), &MARKETPLACE_PROVIDER_CUSTOMER)
            .asks(params::<ShownCustomers>()),
        list("projects", Op::get(tag, &at("projects"), projects), &structure::PROJECT).asks(params::<ShownProjects>()),
        list(
            "customer_projects",
            Op::get(tag, &at("customer_projects"), customer_projects),
            &MARKETPLACE_PROVIDER_CUSTOMER_PROJECT,
        )
        .asks(params::<ShownProjects>()),
        list("users", Op::get(tag, &at("users"), users), &MARKETPLACE_SERVICE_PROVIDER_USER)
            .asks(params::<ShownPeople>()),
        list("offerings", Op::get(tag, &at("offerings"), offerings), &PROVIDER_OFFERING)
            .asks(params::<ShownProviderOfferings>()),
        list("keys", Op::get(tag, &at("keys"), nothing), &SSH_KEY),
        list("course_accounts", Op::get(tag, &at("course_accounts"), nothing), &SSH_KEY).gives(200, Gives::Json),
        list("project_service_accounts", Op::get(tag, &at("project_service_accounts"), nothing), &SSH_KEY)
            .gives(200, Gives::Json),
        list("project_permissions", Op::get(tag, &at("project_permissions"), nothing), &SSH_KEY)
            .gives(200, Gives::Json),
        list("revenue", Op::get(tag, "{uuid}/revenue/", nothing), &SERVICE_PROVIDER_REVENUES),
        list("robot_account_customers", Op::get(tag, "{uuid}/robot_account_customers/", nothing), &NAME_UUID),
        list("robot_account_projects", Op::get(tag, "{uuid}/robot_account_projects/", nothing), &NAME_UUID),
        Op::get(tag, "{uuid}/stat/", statistics).gives(200, Gives::One(&SERVICE_PROVIDER_STATISTICS)),
        Op::get(tag, "{uuid}/api_secret_code/", secret_code)
            .id("service_provider_api_secret_code_retrieve")
            .gives(200, Gives::One(&SERVICE_PROVIDER_API_SECRET_CODE)),
        Op::post(tag, "{uuid}/api_secret_code/", new_secret_code)
            .id("service_provider_api_secret_code_generate")
            .gives(200, Gives::One(&SERVICE_PROVIDER_API_SECRET_CODE)),
    ]);
    ops
}
