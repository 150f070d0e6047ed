//! `/api/customers/`: organisations.

use axum::{extract::State, response::Response};
use mercat_app::{
    collection,
    entity::customer::{Column, Entity},
    list::{Filter, Key},
    structure::{self, CustomerView, Customers, filters},
};
use mercat_domain::permission::{OWNER_ROLE, ScopeKind};
use serde_json::{Value, json};

use super::{
    groups::group,
    members,
    models::{COUNTRY, CUSTOMER, ORGANIZATION_GROUPS_REQUEST},
    people,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::{PROVIDERS, Place},
    query::Query,
    rest::{
        Asked, By, Exposed, Extent, Gives, Model, Op, Out, Param, ParamKind, PathId, QueryParam, SortKey, Viewer, crud,
        input, no_estimate, param, url,
    },
    state::Api,
};

/// Organisations.
pub(crate) struct ShownCustomers;

impl Exposed for ShownCustomers {
    type Data = Customers;
    const NAME: &'static str = "customers";
    const KIND: &'static str = "Customer";
    const MODEL: &'static Model = &CUSTOMER;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
        SortKey { name: "abbreviation", key: |down| Key::column(Column::Abbreviation, down) },
        SortKey { name: "native_name", key: |down| Key::column(Column::NativeName, down) },
        SortKey { name: "contact_details", key: |down| Key::column(Column::ContactDetails, down) },
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    ];
    const USUALLY: &'static str = "name";

    fn write(view: &CustomerView, out: &mut Out<'_>) {
        let row = &view.row;
        let origin = out.origin();
        out.row(row);
        let abbreviated = !row.abbreviation.is_empty();
        out.with("display_name", || if abbreviated { row.abbreviation.clone() } else { row.name.clone() });
        out.with("accounting_start_date", || {
            mercat_domain::time::format(row.accounting_start_date.unwrap_or(row.created))
        });
        out.with("organization_groups", || view.groups.iter().map(|g| group(g, origin)).collect::<Vec<Value>>());
        out.put("projects_count", view.projects).put("users_count", view.users);
        out.with("country_name", || country_name(&row.country));
        let provider = view.provider.as_ref();
        out.put("is_service_provider", provider.is_some());
        out.with("service_provider", || provider.map(|provider| url(origin, PROVIDER, provider.id)));
        out.put("service_provider_uuid", provider.map(|provider| provider.id));
        // Nobody is billed here: these belong to the accounting that reads the orders.
        out.put("payment_profiles", json!([])).put("billing_price_estimate", no_estimate());
        for none in ["customer_credit", "customer_unallocated_credit", "call_managing_organization_uuid"] {
            out.put(none, Value::Null);
        }
    }
}

const PROVIDER: Place = PROVIDERS[0];

const PARAMS: &[Param<Entity>] = &[
    param("abbreviation", By::Contains(Column::Abbreviation)),
    param("agreement_number", By::Equals(Column::AgreementNumber)),
    param("archived", By::Is(Column::Archived)),
    param("backend_id", By::Equals(Column::BackendId)),
    param("contact_details", By::Contains(Column::ContactDetails)),
    param("name", By::Contains(Column::Name)),
    param("name_exact", By::Equals(Column::Name)),
    param("native_name", By::Contains(Column::NativeName)),
    param("organization_group_name", By::Text(filters::customers_in_group_named)),
    param("organization_group_uuid", By::Uuids(filters::customers_in_groups)),
    param(
        "owned_by_current_user",
        By::Bool(|wanted, asker| {
            wanted.then(|| Filter::any_of(Column::Id, asker.actor.ids_as(OWNER_ROLE, ScopeKind::Customer)))
        }),
    ),
    param("query", By::Text(filters::customers_called)),
    param("registration_code", By::Contains(Column::RegistrationCode)),
];

fn country_name(code: &str) -> &'static str {
    rust_iso3166::from_alpha2(code).map_or("", |country| country.name)
}

async fn countries(asked: Asked) -> Result<Response, ApiError> {
    let mut all: Vec<_> = rust_iso3166::ALL.iter().map(|c| json!({ "label": c.name, "value": c.alpha2 })).collect();
    all.sort_by(|a, b| a["label"].as_str().cmp(&b["label"].as_str()));
    asked.whole(&all)
}

async fn set_groups(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &ORGANIZATION_GROUPS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done: Result<(), ApiError> = structure::set_groups(&mut tx, id, input).await;
    done.map_err(|error| error.about("Customer"))?;
    let answer = answer::json(axum::http::StatusCode::OK, &json!({ "status": "Organization groups are updated" }))?;
    answer::finish(tx, answer).await
}

/// What resources of the organisation use: summed up by the accounting, not here.
async fn stats(
    State(api): State<Api>,
    Viewer(actor): Viewer,
    PathId(id): PathId,
    _: Query,
) -> Result<Response, ApiError> {
    let seen = collection::retrieve::<Customers>(&api.app, &actor, id, &[]).await;
    seen.map_err(|error| ApiError::from(error).about("Customer"))?;
    answer::read(&json!({ "components": [] }))
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownCustomers::NAME;
    let month = vec![QueryParam { name: "for_current_month", kind: ParamKind::Bool }];
    let mut ops = crud::<ShownCustomers>();
    ops.extend(members::operations::<ShownCustomers>());
    ops.extend([
        Op::get(tag, "countries/", countries).id("customers_countries_list").gives(200, Gives::Many(&COUNTRY)),
        Op::get(tag, "{uuid}/stats/", stats).asks(month).gives(200, Gives::Json),
        Op::post(tag, "{uuid}/update_organization_groups/", set_groups).takes(&ORGANIZATION_GROUPS_REQUEST),
        people::of_customer(),
    ]);
    ops
}
