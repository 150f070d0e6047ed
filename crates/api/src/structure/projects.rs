//! `/api/projects/`.

use axum::{extract::State, http::StatusCode, response::Response};
use mercat_app::{
    collection,
    entity::{
        customer,
        project::{Column, Entity},
    },
    list::{Filter, Key},
    structure::{self, ProjectView, Projects, filters},
};
use mercat_domain::permission::ScopeKind;
use serde_json::{Map, Value, json};

use super::{
    members,
    models::{MOVE_PROJECT_REQUEST, PROJECT, PROJECT_RECOVERY_REQUEST},
    people,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::USERS,
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, ParamKind, PathId, QueryParam, SortKey, Viewer, crud, input,
        no_estimate, param, shown, url,
    },
    state::Api,
};

/// Projects.
pub(crate) struct ShownProjects;

impl Exposed for ShownProjects {
    type Data = Projects;
    const NAME: &'static str = "projects";
    const KIND: &'static str = "Project";
    const MODEL: &'static Model = &PROJECT;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "start_date", key: |down| Key::column(Column::StartDate, down) },
        SortKey { name: "end_date", key: |down| Key::column(Column::EndDate, down) },
        // Nothing is billed here: estimates are all alike.
        SortKey { name: "estimated_cost", key: |down| Key::column(Column::Id, down) },
        SortKey { name: "customer_name", key: |down| filters::by_customer(customer::Column::Name, down) },
        SortKey { name: "customer_native_name", key: |down| filters::by_customer(customer::Column::NativeName, down) },
        SortKey {
            name: "customer_abbreviation",
            key: |down| filters::by_customer(customer::Column::Abbreviation, down),
        },
    ];
    const USUALLY: &'static str = "name";

    fn write(view: &ProjectView, out: &mut Out<'_>) {
        let (row, customer) = (&view.row, &view.customer);
        let origin = out.origin();
        out.row(row);
        if !view.shows_notes {
            out.put("staff_notes", "");
        }
        out.put("customer_name", &customer.name).put("customer_slug", &customer.slug);
        out.put("customer_native_name", &customer.native_name).put("customer_abbreviation", &customer.abbreviation);
        out.put("customer_display_billing_info_in_projects", customer.display_billing_info_in_projects);
        out.with("end_date_requested_by", || row.end_date_requested_by.map(|id| url(origin, USERS[0], id)));
        out.put("oecd_fos_2007_label", row.oecd_fos_2007_code.as_deref().unwrap_or_default());
        out.put("resources_count", view.resources).put("billing_price_estimate", no_estimate());
        out.with("marketplace_resource_count", || {
            let counts = view.by_category.iter().map(|(id, count)| (id.simple().to_string(), json!(count)));
            counts.collect::<Map<String, Value>>()
        });
        for none in ["type", "type_name", "type_uuid", "max_service_accounts", "project_credit"] {
            out.put(none, Value::Null);
        }
    }
}

const PARAMS: &[Param<Entity>] = &[
    param("backend_id", By::Equals(Column::BackendId)),
    param("can_admin", By::Bool(|wanted, asker| wanted.then(|| as_role(asker.actor, "PROJECT.ADMIN")))),
    param("can_manage", By::Bool(|wanted, asker| wanted.then(|| as_role(asker.actor, "PROJECT.MANAGER")))),
    param(
        "conceal_finished_projects",
        By::Bool(|wanted, asker| {
            let open = Filter::either([
                Filter::is_set(Column::EndDate, false),
                Filter::from(Column::EndDate, asker.now.date_naive()),
            ]);
            wanted.then_some(open)
        }),
    ),
    param("created", By::Since(Column::Created)),
    param("customer", By::Ids(Column::CustomerId)),
    param("customer_abbreviation", By::Text(|text| of_customers(customer::Column::Abbreviation, text))),
    param("customer_name", By::Text(|text| of_customers(customer::Column::Name, text))),
    param("customer_native_name", By::Text(|text| of_customers(customer::Column::NativeName, text))),
    param("description", By::Contains(Column::Description)),
    param(
        "include_terminated",
        By::Otherwise(|query| {
            // Deleted projects only for those who ask for them.
            let asked = ["include_terminated", "is_removed"].iter().filter_map(|name| query.last(name));
            let asked = asked.into_iter().any(|value| matches!(value, "true" | "True" | "1"));
            (!asked).then(|| Filter::equals(Column::IsRemoved, false))
        }),
    ),
    param("is_removed", By::Is(Column::IsRemoved)),
    param("modified", By::Since(Column::Modified)),
    param("name", By::Contains(Column::Name)),
    param("name_exact", By::Equals(Column::Name)),
    param(
        "query",
        By::Text(|text| {
            Filter::either([Filter::contains(Column::Name, text), of_customers(customer::Column::Name, text)])
        }),
    ),
    param("slug", By::Equals(Column::Slug)),
];

fn of_customers(column: customer::Column, text: &str) -> Filter<Entity> {
    filters::projects_of(Filter::contains(column, text))
}

fn as_role(actor: &mercat_domain::permission::Actor, role: &str) -> Filter<Entity> {
    Filter::any_of(Column::Id, actor.ids_as(role, ScopeKind::Project))
}

async fn stats(State(api): State<Api>, Viewer(actor): Viewer, PathId(id): PathId) -> Result<Response, ApiError> {
    let seen = collection::retrieve::<Projects>(&api.app, &actor, id, &[]).await;
    seen.map_err(|error| ApiError::from(error).about("Project"))?;
    answer::read(&json!({ "components": [] }))
}

async fn move_project(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &MOVE_PROJECT_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done: Result<(), ApiError> = structure::move_to(&mut tx, id, input).await;
    done.map_err(|error| error.about("Project"))?;
    shown::<ShownProjects>(tx, StatusCode::OK, id, &origin).await
}

async fn recover(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &PROJECT_RECOVERY_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done: Result<(), ApiError> = structure::recover(&mut tx, id, input).await;
    done.map_err(|error| error.about("Project"))?;
    shown::<ShownProjects>(tx, StatusCode::OK, id, &origin).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownProjects::NAME;
    let month = vec![QueryParam { name: "for_current_month", kind: ParamKind::Bool }];
    let mut ops = crud::<ShownProjects>();
    ops.extend(members::operations::<ShownProjects>());
    ops.extend([
        Op::get(tag, "{uuid}/stats/", stats).asks(month).gives(200, Gives::Json),
        Op::post(tag, "{uuid}/move_project/", move_project)
            .takes(&MOVE_PROJECT_REQUEST)
            .gives(200, Gives::One(&PROJECT)),
        Op::post(tag, "{uuid}/recover/", recover).takes(&PROJECT_RECOVERY_REQUEST).gives(200, Gives::One(&PROJECT)),
        people::of_project(),
    ]);
    ops
}
