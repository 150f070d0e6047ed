//! `/api/webhooks/`: signed hooks (Standard Webhooks), with rotation, test and replay.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    collection,
    entity::hook::{Column, Entity},
    list::Key,
    outgoing::{self, HookView, SignedHooks},
};
use mercat_domain::time::Timestamp;
use serde_json::json;

use super::models::{REPLAY_REQUEST, SIGNED_HOOK};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::Place,
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, changes, creates, deletes, input,
        param, reads, url, written,
    },
};

const PLACE: Place = &["webhooks", "*"];

struct ShownWebhooks;

impl Exposed for ShownWebhooks {
    type Data = SignedHooks;
    const NAME: &'static str = "webhooks";
    const KIND: &'static str = "Webhook";
    const MODEL: &'static Model = &SIGNED_HOOK;
    const PARAMS: &'static [Param<Entity>] = &[
        param("author_uuid", By::Id(Column::UserId)),
        param("is_active", By::Is(Column::IsActive)),
        param("name", By::Contains(Column::Name)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &HookView, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, PLACE, view.row.id));
        super::hooks::author(view, out);
    }
}

fn about(error: impl Into<ApiError>) -> ApiError {
    error.into().about(ShownWebhooks::KIND)
}

/// A new hook, with its secret: shown here and never again.
async fn create(origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &SIGNED_HOOK, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let id = collection::create::<SignedHooks, ApiError>(&mut tx, input).await?;
    let secret = outgoing::first_secret(&tx, id).await?;
    let view = tx.shown::<SignedHooks>(id).await?;
    let mut body = written::<ShownWebhooks>(&view, &Wanted::all(&SIGNED_HOOK), &origin);
    body["secret"] = json!(secret);
    let answer = answer::json(StatusCode::CREATED, &body)?;
    answer::finish_secret(tx, answer).await
}

async fn rotate(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let secret = outgoing::rotate(&mut tx, id).await.map_err(about)?;
    let answer = answer::json(StatusCode::OK, &json!({ "secret": secret }))?;
    answer::finish_secret(tx, answer).await
}

async fn test(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let sent = outgoing::test_event(&mut tx, id).await.map_err(about)?;
    let answer = answer::json(StatusCode::ACCEPTED, &json!({ "delivery_uuid": sent }))?;
    answer::finish(tx, answer).await
}

async fn replay(PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &REPLAY_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let row = tx.visible::<SignedHooks>(id).await.map_err(about)?;
    let input = input?;
    let moment = |name: &str| input.get(name).and_then(|text| text.as_str()?.parse::<Timestamp>().ok());
    let (from, to) = moment("from").zip(moment("to")).unwrap_or_default();
    let sent = outgoing::replay(&mut tx, row.id, from, to).await?;
    let answer = answer::json(StatusCode::ACCEPTED, &json!({ "events": sent }))?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownWebhooks::NAME;
    let mut ops = reads::<ShownWebhooks>();
    let new = creates::<ShownWebhooks>();
    ops.push(Op { route: axum::routing::on(axum::routing::MethodFilter::POST, create), ..new });
    ops.extend(changes::<ShownWebhooks>());
    ops.push(deletes::<ShownWebhooks>());
    ops.extend([
        Op::post(tag, "{uuid}/rotate_secret/", rotate)
            .gives(200, Gives::Json)
            .says("A new secret; for a day messages are signed with the old one too"),
        Op::post(tag, "{uuid}/test/", test).gives(202, Gives::Json).says("Send an event that did not happen"),
        Op::post(tag, "{uuid}/replay/", replay)
            .takes(&REPLAY_REQUEST)
            .gives(202, Gives::Json)
            .says("Send everything that happened in a period once more"),
    ]);
    ops
}
