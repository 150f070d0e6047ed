//! `/api/roles/`: what roles there are and what they allow; everybody may know.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use mercat_app::{
    entity::role::{Column, Entity},
    list::Key,
    structure::{self, RoleView, Roles},
};
use serde_json::json;

use super::people_models::{ROLE_DESCRIPTION, ROLE_DETAILS};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, changes, creates, deletes, input, param,
        reads,
    },
};

/// Role definitions.
pub(crate) struct ShownRoles;

/// The languages that a description can be in.
const LANGUAGES: [(&str, &str); 14] = [
    ("description_en", "en"),
    ("description_et", "et"),
    ("description_lt", "lt"),
    ("description_lv", "lv"),
    ("description_ru", "ru"),
    ("description_it", "it"),
    ("description_de", "de"),
    ("description_da", "da"),
    ("description_sv", "sv"),
    ("description_es", "es"),
    ("description_fr", "fr"),
    ("description_nb", "nb"),
    ("description_ar", "ar"),
    ("description_cs", "cs"),
];

impl Exposed for ShownRoles {
    type Data = Roles;
    const NAME: &'static str = "roles";
    const KIND: &'static str = "Role";
    const MODEL: &'static Model = &ROLE_DETAILS;
    const PARAMS: &'static [Param<Entity>] = &[
        param("description", By::Contains(Column::Description)),
        param("is_active", By::Is(Column::IsActive)),
        param("name", By::Contains(Column::Name)),
    ];
    const SORTS: &'static [SortKey] = &[SortKey { name: "name", key: |down| Key::column(Column::Name, down) }];
    const USUALLY: &'static str = "name";

    fn write(view: &RoleView, out: &mut Out<'_>) {
        out.row(&view.row);
        for (field, language) in LANGUAGES {
            out.put(field, &view.row.translations[language]);
        }
        out.put("users_count", view.users);
    }
}

async fn enable(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    switch(id, call, true).await
}

async fn disable(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    switch(id, call, false).await
}

async fn switch(id: uuid::Uuid, call: Call, is_active: bool) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let done = structure::enable(&mut tx, id, is_active).await;
    done.map_err(|error| ApiError::from(error).about("Role"))?;
    answer::finish(tx, answer::empty(StatusCode::OK)).await
}

async fn describe(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &ROLE_DESCRIPTION, Extent::Part).await;
    let mut tx = call.begin().await?;
    let done: Result<(), ApiError> = structure::set_descriptions(&mut tx, id, input).await;
    done.map_err(|error| error.about("Role"))?;
    let view = tx.shown::<Roles>(id).await?;
    let mut body = json!({ "description": view.row.description });
    for (field, language) in LANGUAGES {
        body[field] = view.row.translations[language].clone();
    }
    let answer = answer::json(StatusCode::OK, &body)?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownRoles::NAME;
    // Everybody may read; the rest of the path asks who calls all the same.
    let mut ops: Vec<Op> = reads::<ShownRoles>().into_iter().map(Op::open).collect();
    ops.push(creates::<ShownRoles>());
    ops.extend(changes::<ShownRoles>());
    ops.push(deletes::<ShownRoles>());
    ops.extend([
        Op::post(tag, "{uuid}/enable/", enable),
        Op::post(tag, "{uuid}/disable/", disable),
        Op::new(Method::PUT, tag, "{uuid}/update_descriptions/", describe)
            .id("roles_update_descriptions_update")
            .takes_part(&ROLE_DESCRIPTION)
            .gives(200, Gives::One(&ROLE_DESCRIPTION)),
    ]);
    ops
}
