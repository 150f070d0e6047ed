//! `/api/events/`: the log in Waldur's shape.

use axum::{extract::RawPathParams, response::Response};
use chrono::DateTime;
use mercat_app::{
    AppError, collection,
    entity::event::{Column, Entity},
    events::{EventBody, EventView, WaldurEvents, names_of, number_of, waldur_id},
    list::{Filter, Key},
};
use mercat_domain::{event::EVENT_GROUPS, time::Timestamp};
use serde_json::{Map, Value, json};

use crate::{
    answer,
    error::ApiError,
    rest::{
        Asked, By, Exposed, Gives, Kind, Model, Op, Out, Param, SortKey, Wanted, answered, param, params, reads,
        selection, written,
    },
};

static EVENT: Model = Model {
    name: "Event",
    fields: &[
        answered("uuid", Kind::Uuid),
        answered("created", Kind::Time),
        answered("event_type", Kind::Text(100)),
        answered("message", Kind::Text(0)),
        answered("context", Kind::Json),
    ],
};

struct ShownEvents;

/// Seconds since 1970, as upstream's clients send them, or a moment.
fn moment(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(seconds) => DateTime::from_timestamp(seconds, 0),
        Err(_) => crate::query::moment::parse(text),
    }
}

impl Exposed for ShownEvents {
    type Data = WaldurEvents;
    const NAME: &'static str = "events";
    const KIND: &'static str = "Event";
    const MODEL: &'static Model = &EVENT;
    const PARAMS: &'static [Param<Entity>] = &[
        param(
            "created_from",
            By::Text(|text| moment(text).map_or_else(Filter::nothing, |time| Filter::from(Column::At, time))),
        ),
        param(
            "created_to",
            By::Text(|text| moment(text).map_or_else(Filter::nothing, |time| Filter::to(Column::At, time))),
        ),
        param("customer_uuid", By::Id(Column::CustomerId)),
        param("message", By::Contains(Column::Message)),
        param("project_uuid", By::Id(Column::ProjectId)),
        param("user_uuid", By::Id(Column::ActorId)),
    ];
    const SORTS: &'static [SortKey] = &[SortKey { name: "created", key: |down| Key::column(Column::Seq, down) }];
    const USUALLY: &'static str = "-created";

    fn write(view: &EventView, out: &mut Out<'_>) {
        let body = EventBody::from(view);
        out.put("uuid", waldur_id(view.row.seq)).put("created", &body.created).put("message", &body.message);
        // What upstream has no name for is called by ours.
        out.put("event_type", names_of(&view.row).first().copied().unwrap_or(&body.kind));
        out.put("context", &body);
    }
}

async fn retrieve(asked: Asked, parameters: RawPathParams) -> Result<Response, ApiError> {
    let wish = parameters.iter().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
    let missing = || ApiError::from(AppError::NotFound).about(ShownEvents::KIND);
    let this = [Filter::equals(Column::Seq, number_of(&wish).ok_or_else(missing)?)];
    let found = collection::list::<WaldurEvents>(&asked.api.app, &asked.actor, &this, &[], (0, 1)).await?.pop();
    let view = found.ok_or_else(missing)?;
    answer::read(&written::<ShownEvents>(&view, &Wanted::of(&asked.query, &EVENT), &asked.origin))
}

async fn count(asked: Asked) -> Result<Response, ApiError> {
    let (filters, _) = selection::<ShownEvents>(&asked.api, &asked.query, &asked.actor)?;
    let count = collection::count::<WaldurEvents>(&asked.api.app, &asked.actor, &filters).await?;
    answer::read(&json!({ "count": count }))
}

async fn groups(_: Asked) -> Result<Response, ApiError> {
    let groups = EVENT_GROUPS.iter().map(|(name, members)| ((*name).to_owned(), json!(members)));
    answer::read(&groups.collect::<Map<String, Value>>())
}

async fn scopes(_: Asked) -> Result<Response, ApiError> {
    answer::read(&["customer", "project", "marketplace_order", "marketplace_resource", "marketplace_offering"])
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownEvents::NAME;
    let mut ops: Vec<Op> = reads::<ShownEvents>().into_iter().filter(|op| !op.path.contains('{')).collect();
    ops.extend([
        Op::get(tag, "{id}/", retrieve).gives(200, Gives::One(&EVENT)),
        Op::get(tag, "count/", count).asks(params::<ShownEvents>()).gives(200, Gives::Json),
        Op::get(tag, "event_groups/", groups).gives(200, Gives::Json),
        Op::get(tag, "scope_types/", scopes).gives(200, Gives::Json),
    ]);
    ops
}
