//! Orders a change of a resource, or shows what it would cost.

use axum::{
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, StatusCode},
    response::Response,
};
use mercat_app::{
    AppError, Tx,
    orders::{self, OptionsChange, RenewalRequest, ResourceSide},
};
use mercat_domain::{id::ResourceId, invalid::Invalid};
use serde_json::{Value, json};

use super::{
    Side,
    change::Typed,
    show::{found, view},
};
use crate::{
    catalogue::{place, read_limits},
    fields::Wrong,
    form::{self, Form},
    once, page,
    session::Viewer,
    site::Site,
};

/// Orders a change, or shows what it would cost.
pub(crate) async fn act<S: Side>(
    State(site): State<Site>,
    viewer: Viewer,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    match answered::<S>(&site, &viewer, path, &form).await {
        Ok(response) => response,
        Err(error) => page::failed_here(&error),
    }
}

async fn answered<S: Side>(
    site: &Site,
    viewer: &Viewer,
    path: Result<Path<String>, PathRejection>,
    form: &Form<'_>,
) -> Result<Response, AppError> {
    let found = found::<S>(&site.app, &viewer.actor, path).await?;
    let typed = Typed::of(&found, form);
    if form.text("do").ends_with("-cost") {
        return Ok(page::answer(StatusCode::OK, &view::<S>(site, viewer, &found, &typed, Wrong::default())?));
    }
    let id = found.resource.row.id;
    let made = once::made(site, viewer, form, async |tx| made(tx, S::SIDE, S::PLACE, id, &typed, form).await).await;
    let (status, wrong) = match made {
        Ok(response) => return Ok(response),
        Err(error) => once::told(error)?,
    };
    // What stopped it may have changed what there is.
    let found = self::found::<S>(&site.app, &viewer.actor, Ok(Path(id.to_string()))).await?;
    Ok(page::answer(status, &view::<S>(site, viewer, &found, &typed, wrong)?))
}

async fn made(
    tx: &mut Tx,
    side: ResourceSide,
    list: &str,
    id: ResourceId,
    typed: &Typed,
    form: &Form<'_>,
) -> Result<String, AppError> {
    let wrong = |field: &str, message: &str| AppError::Invalid(Invalid::field(field, message));
    let comment = || Some(typed.comment.clone()).filter(|comment| !comment.is_empty());
    match typed.does.as_str() {
        "limits" => {
            let limits = read_limits(&typed.limits).map_err(|wrong| AppError::Invalid(wrong.into()));
            orders::update_limits(tx, id, limits.map(|limits| (limits, comment()))).await.map(place)
        }
        "plan" => {
            let plan = typed.plan.parse().map_err(|_| wrong("plan", "This field is required."));
            orders::switch_plan(tx, id, plan).await.map(place)
        }
        "renew" => {
            let months = typed.months.parse().map_err(|_| wrong("extension_months", "A valid integer is required."));
            let request = months.map(|months| RenewalRequest { months, limits: None, comment: comment() });
            orders::renew(tx, side, id, request).await.map(place)
        }
        "options" => match orders::update_options(tx, side, id, Ok(Value::Object(typed.options.clone()))).await? {
            OptionsChange::Ordered(order) => Ok(place(order)),
            OptionsChange::Done => Ok(format!("{list}{id}/")),
        },
        "restore" => orders::restore(tx, side, id).await.map(place),
        "terminate" => {
            let sure = !form.text("sure").is_empty();
            let input = if sure { Ok(json!({})) } else { Err(wrong("sure", "Tick this to order its end.")) };
            orders::terminate(tx, side, id, input).await.map(place)
        }
        _ => Err(AppError::Invalid(Invalid::plain("What arrived came from no button of this page."))),
    }
}
