//! `/api/users/`: people, their tokens and passwords; sign-in by password.

use axum::{extract::State, http::StatusCode, response::Response};
use mercat_app::{
    AppError, collection,
    entity::user::{Column, Entity},
    list::{Filter, Key},
    structure::{self, Customers, People, PermissionView, Projects, UserView, filters},
};
use serde_json::{Value, json};

use super::people_models::{
    BASIC_USER, CORE_AUTH_TOKEN, CUSTOMER_USER, OBTAIN_AUTH_TOKEN_REQUEST, PASSWORD_CHANGE_REQUEST, PERMISSION, USER,
    USER_AUTH_TOKEN,
};
use crate::{
    answer,
    body::{Call, Caller},
    error::ApiError,
    link::PROJECTS,
    origin::Origin,
    query::Query,
    rest::{
        Asked, By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Viewer, Wanted, crud, input,
        invalid, listed_as, param, params, url, written,
    },
    state::Api,
};

/// People.
pub(crate) struct ShownPeople;

impl Exposed for ShownPeople {
    type Data = People;
    const NAME: &'static str = "users";
    const KIND: &'static str = "User";
    const MODEL: &'static Model = &USER;
    const PARAMS: &'static [Param<Entity>] = PARAMS;
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "username", key: |down| Key::column(Column::Username, down) },
        SortKey { name: "full_name", key: |down| Key::column(Column::FullName, down) },
        SortKey { name: "concatenated_name", key: |down| Key::column(Column::FullName, down) },
        SortKey { name: "native_name", key: |down| Key::column(Column::NativeName, down) },
        SortKey { name: "email", key: |down| Key::column(Column::Email, down) },
        SortKey { name: "description", key: |down| Key::column(Column::Description, down) },
        SortKey { name: "organization", key: |down| Key::column(Column::Organization, down) },
        SortKey { name: "job_title", key: |down| Key::column(Column::JobTitle, down) },
        SortKey { name: "phone_number", key: |down| Key::column(Column::PhoneNumber, down) },
        SortKey { name: "registration_method", key: |down| Key::column(Column::RegistrationMethod, down) },
        SortKey { name: "is_active", key: |down| Key::column(Column::IsActive, down) },
        SortKey { name: "is_staff", key: |down| Key::column(Column::IsStaff, down) },
        SortKey { name: "is_support", key: |down| Key::column(Column::IsSupport, down) },
    ];
    const USUALLY: &'static str = "username";

    fn write(view: &UserView, out: &mut Out<'_>) {
        let row = &view.row;
        let origin = out.origin();
        out.row(row);
        if !view.is_private {
            out.put("civil_number", Value::Null).put("birth_date", Value::Null).put("token_lifetime", Value::Null);
        }
        // People may work before they have agreed to anything; clients take null for an unfinished profile.
        let agreed = row.agreement_date.unwrap_or(row.created);
        out.with("agreement_date", || mercat_domain::time::format(agreed));
        out.with("permissions", || {
            view.permissions.iter().map(|held| permission(row, held, origin)).collect::<Vec<_>>()
        });
        let ends = view.token_expires.filter(|_| view.is_private);
        out.with("token_expires_at", || ends.map(mercat_domain::time::format));
        // A token is shown once, when it is made: only its hash is kept.
        out.put("token", "");
        out.put("affiliations", json!([])).put("identity_provider_fields", json!([])).put("ip_address", Value::Null);
        out.put("has_active_session", view.token_expires.is_some());
        for empty in
            ["identity_provider_name", "identity_provider_label", "identity_provider_management_url", "identity_source"]
        {
            out.put(empty, "");
        }
    }
}

const PARAMS: &[Param<Entity>] = &[
    param("agreement_date", By::Since(Column::AgreementDate)),
    param("civil_number", By::Hidden(Column::CivilNumber)),
    param("customer_uuid", By::Uuid(filters::people_of_customer)),
    param("date_joined", By::Since(Column::Created)),
    param("description", By::Contains(Column::Description)),
    param("email", By::Contains(Column::Email)),
    param("full_name", By::Contains(Column::FullName)),
    param("is_active", By::Is(Column::IsActive)),
    param("is_staff", By::Is(Column::IsStaff)),
    param("is_support", By::Is(Column::IsSupport)),
    param("job_title", By::Contains(Column::JobTitle)),
    param("modified", By::Since(Column::Modified)),
    param("native_name", By::Contains(Column::NativeName)),
    param("organization", By::Contains(Column::Organization)),
    param("organization_role", By::Texts(filters::people_as)),
    param("organization_roles", By::Texts(filters::people_as)),
    param("phone_number", By::Contains(Column::PhoneNumber)),
    param("project_role", By::Texts(filters::people_as)),
    param("project_roles", By::Texts(filters::people_as)),
    param("project_uuid", By::Uuid(filters::people_on)),
    param("query", By::Text(filters::people_called)),
    param("registration_method", By::Equals(Column::RegistrationMethod)),
    param("user_keyword", By::Text(filters::people_called)),
    param("username", By::Contains(Column::Username)),
    param("username_list", By::Texts(|names| Filter::any_of(Column::Username, names))),
];

fn permission(user: &mercat_app::entity::user::Model, held: &PermissionView, origin: &Origin) -> Value {
    let wanted = Wanted::all(&PERMISSION);
    let mut out = Out::new(&wanted, origin);
    out.row(&held.row);
    out.put("user_name", &user.full_name).put("user_slug", &user.slug);
    let giver = held.created_by.as_ref();
    out.put("created_by_full_name", giver.map(|user| &user.full_name));
    out.put("created_by_username", giver.map(|user| &user.username));
    out.put("role_name", &held.role.name).put("role_description", &held.role.description);
    out.put("scope_name", held.scope.as_ref().map(|scope| &scope.name));
    let customer = held.scope.as_ref().and_then(|scope| scope.customer.as_ref());
    out.put("customer_uuid", customer.map(|(id, _)| id)).put("customer_name", customer.map(|(_, name)| name));
    out.done()
}

/// Who is calling.
async fn me(
    State(api): State<Api>,
    Caller(caller): Caller,
    origin: Origin,
    query: Query,
) -> Result<Response, ApiError> {
    let id = caller.user.id.uuid();
    let view = collection::retrieve::<People>(&api.app, &caller.actor, id, &[]).await?;
    answer::read(&written::<ShownPeople>(&view, &Wanted::of(&query, &USER), &origin))
}

async fn change_password(PathId(id): PathId, Caller(caller): Caller, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &PASSWORD_CHANGE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done: Result<(), ApiError> = structure::change_password(&mut tx, id, caller.token, input).await;
    done.map_err(|error| error.about("User"))?;
    let answer = answer::json(StatusCode::OK, &json!({ "detail": "Password has been successfully updated." }))?;
    answer::finish(tx, answer).await
}

async fn refresh_token(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let made = structure::refresh_token(&mut tx, id).await;
    let (user, secret) = made.map_err(|error| ApiError::from(error).about("User"))?;
    let body = token_body(&user, tx.now(), &secret);
    let answer = answer::json(StatusCode::OK, &body)?;
    answer::finish_secret(tx, answer).await
}

/// All that can be told of a token later: when it was made, not what it is.
async fn token(State(api): State<Api>, Viewer(actor): Viewer, PathId(id): PathId) -> Result<Response, ApiError> {
    let view = collection::retrieve::<People>(&api.app, &actor, id, &[]).await;
    let view = view.map_err(|error| ApiError::from(error).about("User"))?;
    if !(actor.is_staff || view.row.id == actor.id) {
        return Err(AppError::Forbidden.into());
    }
    answer::read(&token_body(&view.row, view.row.created, ""))
}

fn token_body(user: &mercat_app::entity::user::Model, at: mercat_domain::time::Timestamp, secret: &str) -> Value {
    json!({
        "created": mercat_domain::time::format(at),
        "user_first_name": user.first_name,
        "user_last_name": user.last_name,
        "user_username": user.username,
        "user_is_active": user.is_active,
        "user_token_lifetime": user.token_lifetime,
        "token": secret,
    })
}

/// A token for a name and a password.
async fn sign_in(State(api): State<Api>, request: axum::extract::Request) -> Result<Response, ApiError> {
    let form = crate::body::read_form(request, api.config.max_body_bytes).await?;
    let input = crate::rest::read(&form, &OBTAIN_AUTH_TOKEN_REQUEST, Extent::Whole).map_err(invalid)?;
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let secret = structure::sign_in(&api.app, &text("username"), text("password")).await?;
    answer::read(&json!({ "token": secret }))
}

/// People with a role in an organisation or its projects.
async fn customer_users(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let seen = collection::retrieve::<Customers>(&asked.api.app, &asked.actor, id, &[]).await;
    seen.map_err(|error| ApiError::from(error).about("Customer"))?;
    let write = |view: &UserView, out: &mut Out<'_>| {
        out.row(&view.row);
        let own = view.permissions.iter().find(|held| held.row.scope_id == id);
        out.put("role_name", own.map(|held| &held.role.name));
        out.with("expiration_time", || own.and_then(|held| held.row.expires).map(mercat_domain::time::format));
        let origin = out.origin();
        out.with("projects", || {
            let within = |held: &&PermissionView| {
                let scope = held.scope.as_ref();
                let customer = scope.and_then(|scope| scope.customer.as_ref()).map(|(customer, _)| customer.uuid());
                held.row.scope_id != id && customer == Some(id)
            };
            view.permissions.iter().filter(within).map(|held| project_of(held, origin)).collect::<Vec<Value>>()
        });
    };
    listed_as::<ShownPeople>(&asked, vec![filters::people_of_customer(id)], &CUSTOMER_USER, write).await
}

fn project_of(held: &PermissionView, origin: &Origin) -> Value {
    json!({
        "url": url(origin, PROJECTS[0], held.row.scope_id),
        "uuid": held.row.scope_id.simple().to_string(),
        "name": held.scope.as_ref().map(|scope| scope.name.as_str()),
        "role_name": held.role.name,
        "expiration_time": held.row.expires.map(mercat_domain::time::format),
    })
}

/// People that could join a project: those of its organisation that have no role in it yet.
async fn other_users(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError> {
    let project = collection::retrieve::<Projects>(&asked.api.app, &asked.actor, id, &[]).await;
    let project = project.map_err(|error| ApiError::from(error).about("Project"))?;
    let others = filters::people_of_customer(project.customer.id.uuid());
    let here = vec![others, filters::people_on(id).negated()];
    let write = |view: &UserView, out: &mut Out<'_>| {
        out.row(&view.row);
    };
    listed_as::<ShownPeople>(&asked, here, &BASIC_USER, write).await
}

/// `customers/{uuid}/users/`.
pub(super) fn of_customer() -> Op {
    let op = Op::get("customers", "{customer_uuid}/users/", customer_users).id("customers_users_list");
    op.asks(params::<ShownPeople>()).gives(200, Gives::Many(&CUSTOMER_USER))
}

/// `projects/{uuid}/other_users/`.
pub(super) fn of_project() -> Op {
    let op = Op::get("projects", "{project_uuid}/other_users/", other_users).id("projects_other_users_list");
    op.asks(params::<ShownPeople>()).gives(200, Gives::Many(&BASIC_USER))
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownPeople::NAME;
    let mut ops = crud::<ShownPeople>();
    ops.extend([
        Op::get(tag, "me/", me).gives(200, Gives::One(&USER)).says("Who is calling"),
        Op::post(tag, "{uuid}/change_password/", change_password).takes(&PASSWORD_CHANGE_REQUEST),
        Op::post(tag, "{uuid}/password/", change_password).id("users_password").takes(&PASSWORD_CHANGE_REQUEST),
        Op::post(tag, "{uuid}/refresh_token/", refresh_token).gives(200, Gives::One(&USER_AUTH_TOKEN)),
        Op::get(tag, "{uuid}/token/", token).gives(200, Gives::One(&USER_AUTH_TOKEN)),
        Op::post("api-auth", "password/", sign_in)
            .id("api_auth_password")
            .at("/api-auth/password/")
            .takes(&OBTAIN_AUTH_TOKEN_REQUEST)
            .gives(200, Gives::One(&CORE_AUTH_TOKEN))
            .open(),
    ]);
    ops
}
