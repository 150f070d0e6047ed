//! `add_user`, `update_user`, `delete_user` and `list_users` of everything that roles are granted on.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    AppError, Tx,
    collection::{self, Collection},
    entity::{
        customer, offering, project, service_provider,
        user::Column as Person,
        user_role::{Column, Entity},
    },
    list::{Filter, Key, Keyed, ModelOf},
    structure::{self, MemberRequest, MemberView, Members, filters},
};
use mercat_domain::permission::{Scope, ScopeKind};
use serde_json::json;

use super::people_models::{USER_ROLE_CREATE_REQUEST, USER_ROLE_DETAILS, USER_ROLE_EXPIRATION_TIME};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::{To, USERS},
    rest::{Asked, By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, input, listed, param, params},
};

/// Who holds which role.
pub(crate) struct ShownMembers;

impl Exposed for ShownMembers {
    type Data = Members;
    const NAME: &'static str = "user-roles";
    const KIND: &'static str = "UserRole";
    const MODEL: &'static Model = &USER_ROLE_DETAILS;
    const PARAMS: &'static [Param<Entity>] = &[
        param("full_name", By::Text(|text| whose(Person::FullName, text))),
        param("native_name", By::Text(|text| whose(Person::NativeName, text))),
        param("role", By::Text(filters::roles_named)),
        param("search_string", By::Text(|text| filters::roles_of_people(filters::people_called(text)))),
        param("user", By::Id(Column::UserId)),
        param("user_slug", By::Text(|text| filters::roles_of_people(Filter::equals(Person::Slug, text)))),
        param("user_url", By::Link(USERS, |id| Filter::equals(Column::UserId, id))),
        param("username", By::Text(|text| whose(Person::Username, text))),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "expiration_time", key: |down| Key::column(Column::Expires, down) },
        SortKey { name: "email", key: |down| filters::by_person(Person::Email, down) },
        SortKey { name: "full_name", key: |down| filters::by_person(Person::FullName, down) },
        SortKey { name: "native_name", key: |down| filters::by_person(Person::NativeName, down) },
        SortKey { name: "username", key: |down| filters::by_person(Person::Username, down) },
        SortKey { name: "role", key: filters::by_role },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &MemberView, out: &mut Out<'_>) {
        let MemberView { row, user, role, created_by } = view;
        out.row(row).put("role_name", &role.name);
        out.put("user_email", &user.email).put("user_full_name", &user.full_name);
        out.put("user_username", &user.username);
        out.link("user_image", user.image.map(To::Media));
        out.put("created_by_full_name", created_by.as_ref().map(|user| &user.full_name));
    }
}

fn whose(column: Person, text: &str) -> Filter<Entity> {
    filters::roles_of_people(Filter::contains(column, text))
}

/// Something that roles are granted on: its scope, and the organisation around it.
pub(crate) trait Scoped: Keyed {
    fn request(row: &ModelOf<Self>) -> MemberRequest;
}

impl Scoped for customer::Entity {
    fn request(row: &customer::Model) -> MemberRequest {
        MemberRequest { scope: Scope::Customer(row.id), around: None, is_gone: false }
    }
}

impl Scoped for project::Entity {
    fn request(row: &project::Model) -> MemberRequest {
        MemberRequest {
            scope: Scope::Project(row.id),
            around: Some(Scope::Customer(row.customer_id)),
            is_gone: row.is_removed,
        }
    }
}

impl Scoped for offering::Entity {
    fn request(row: &offering::Model) -> MemberRequest {
        MemberRequest { scope: Scope::Offering(row.id), around: Some(Scope::Customer(row.customer_id)), is_gone: false }
    }
}

impl Scoped for service_provider::Entity {
    fn request(row: &service_provider::Model) -> MemberRequest {
        MemberRequest {
            scope: Scope::ServiceProvider(row.id),
            around: Some(Scope::Customer(row.customer_id)),
            is_gone: false,
        }
    }
}

type EntityOf<X> = <<X as Exposed>::Data as Collection>::Entity;

async fn begun<X: Exposed>(id: uuid::Uuid, call: Call) -> Result<(Tx, MemberRequest), ApiError>
where
    EntityOf<X>: Scoped,
{
    let tx = call.begin().await?;
    let row = tx.visible::<X::Data>(id).await.map_err(|error| ApiError::from(error).about(X::KIND))?;
    Ok((tx, EntityOf::<X>::request(&row)))
}

async fn add<X: Exposed>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError>
where
    EntityOf<X>: Scoped,
{
    let input = input(&mut call, &USER_ROLE_CREATE_REQUEST, Extent::Whole).await;
    let (mut tx, request) = begun::<X>(id, call).await?;
    let ends = structure::add(&mut tx, request, input).await?;
    expiring(tx, StatusCode::CREATED, ends).await
}

async fn update<X: Exposed>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError>
where
    EntityOf<X>: Scoped,
{
    let input = input(&mut call, &USER_ROLE_CREATE_REQUEST, Extent::Whole).await;
    let (mut tx, request) = begun::<X>(id, call).await?;
    let ends = structure::update(&mut tx, request, input).await?;
    expiring(tx, StatusCode::OK, ends).await
}

async fn expiring(
    tx: Tx,
    status: StatusCode,
    ends: Option<mercat_domain::time::Timestamp>,
) -> Result<Response, ApiError> {
    let answer = answer::json(status, &json!({ "expiration_time": ends.map(mercat_domain::time::format) }))?;
    answer::finish(tx, answer).await
}

async fn remove<X: Exposed>(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError>
where
    EntityOf<X>: Scoped,
{
    let input = input(&mut call, &USER_ROLE_CREATE_REQUEST, Extent::Whole).await;
    let (mut tx, request) = begun::<X>(id, call).await?;
    structure::remove::<ApiError>(&mut tx, request, input).await?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn list<X: Exposed>(asked: Asked, PathId(id): PathId) -> Result<Response, ApiError>
where
    EntityOf<X>: Scoped,
{
    let this = Filter::equals(<EntityOf<X> as Keyed>::ID, id);
    let row = collection::row::<X::Data>(&asked.api.app, &asked.actor, &[this]).await?;
    let row = row.ok_or_else(|| ApiError::from(AppError::NotFound).about(X::KIND))?;
    // Providers are seen by all who may order from them; who works there is not.
    let request = EntityOf::<X>::request(&row);
    let near = [Some(request.scope), request.around];
    if !asked.actor.sees_all() && request.scope.kind() == ScopeKind::ServiceProvider && !asked.actor.reaches(&near) {
        return Err(AppError::Forbidden.into());
    }
    let here = [filters::on_scope(id), filters::in_force_at(asked.api.app.now())];
    listed::<ShownMembers>(&asked, here.into()).await
}

/// The four operations of a collection.
pub(crate) fn operations<X: Exposed>() -> Vec<Op>
where
    EntityOf<X>: Scoped,
{
    let tag = X::NAME;
    let list = Op::get(tag, "{uuid}/list_users/", list::<X>).id(&format!("{}_list_users_list", tag.replace('-', "_")));
    vec![
        Op::post(tag, "{uuid}/add_user/", add::<X>)
            .takes(&USER_ROLE_CREATE_REQUEST)
            .gives(201, Gives::One(&USER_ROLE_EXPIRATION_TIME)),
        Op::post(tag, "{uuid}/update_user/", update::<X>)
            .takes(&USER_ROLE_CREATE_REQUEST)
            .gives(200, Gives::One(&USER_ROLE_EXPIRATION_TIME)),
        Op::post(tag, "{uuid}/delete_user/", remove::<X>).takes(&USER_ROLE_CREATE_REQUEST),
        list.asks(params::<ShownMembers>()).gives(200, Gives::Many(&USER_ROLE_DETAILS)),
    ]
}
