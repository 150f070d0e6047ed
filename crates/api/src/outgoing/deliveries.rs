//! `/api/deliveries/`: messages that left or wait, with every try.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    entity::delivery::{Column, Entity},
    list::Key,
    outgoing::{self, AttemptView, Deliveries, DeliveryView},
};
use mercat_domain::{delivery::DeliveryState, time};
use serde_json::Value;

use super::models::{ATTEMPT, DELIVERY};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::Place,
    origin::Origin,
    rest::{By, Exposed, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, param, reads, url, written},
};

const PLACE: Place = &["deliveries", "*"];

struct ShownDeliveries;

impl Exposed for ShownDeliveries {
    type Data = Deliveries;
    const NAME: &'static str = "deliveries";
    const KIND: &'static str = "Delivery";
    const MODEL: &'static Model = &DELIVERY;
    const PARAMS: &'static [Param<Entity>] = &[
        param("created", By::Since(Column::Created)),
        param("hook_uuid", By::Id(Column::HookId)),
        param("kind", By::Names(&["callback", "hook", "webhook", "mail"], Column::Kind)),
        param("order_uuid", By::Id(Column::OrderId)),
        param("state", By::Names(&["pending", "delivered", "dead"], Column::State)),
    ];
    const SORTS: &'static [SortKey] = &[SortKey { name: "created", key: |down| Key::column(Column::Number, down) }];
    const USUALLY: &'static str = "created";

    fn write(view: &DeliveryView, out: &mut Out<'_>) {
        let (row, origin) = (&view.row, out.origin());
        out.row(row);
        out.with("url", || url(origin, PLACE, row.id));
        out.with("next_attempt", || (row.state == DeliveryState::Pending).then(|| time::format(row.due)));
        out.with("attempts", || {
            let wanted = Wanted::all(&ATTEMPT);
            let attempt = |row: &AttemptView| {
                let mut out = Out::new(&wanted, origin);
                out.row(row);
                out.done()
            };
            view.attempts.iter().map(attempt).collect::<Vec<Value>>()
        });
    }
}

async fn redeliver(PathId(id): PathId, origin: Origin, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let again = outgoing::redeliver(&mut tx, id).await;
    again.map_err(|error| ApiError::from(error).about(ShownDeliveries::KIND))?;
    let body = written::<ShownDeliveries>(&tx.shown::<Deliveries>(id).await?, &Wanted::all(&DELIVERY), &origin);
    let answer = answer::json(StatusCode::ACCEPTED, &body)?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let mut ops = reads::<ShownDeliveries>();
    ops.push(
        Op::post(ShownDeliveries::NAME, "{uuid}/redeliver/", redeliver)
            .gives(202, Gives::One(&DELIVERY))
            .says("Send a message once more; its receiver knows it again by its id"),
    );
    ops
}
