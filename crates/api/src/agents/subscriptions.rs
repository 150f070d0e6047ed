//! `/api/event-subscriptions/`: what agents before 1.0.7 do instead of registering one queue.

use axum::{extract::State, http::StatusCode, response::Response};
use mercat_app::{
    agents::{self, SubscriptionView, Subscriptions},
    entity::{
        event_subscription::{Column, Entity},
        user,
    },
    list::{Filter, Key},
    structure::filters,
};

use super::models::{SUBSCRIPTION, SUBSCRIPTION_QUEUE, SUBSCRIPTION_QUEUE_REQUEST};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::Place,
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, creates, deletes, input, param,
        reads, url,
    },
    state::Api,
};

const PLACE: Place = &["event-subscriptions", "*"];
const QUEUES: Place = &["event-subscription-queues", "*"];

/// Subscriptions.
pub(super) struct ShownSubscriptions;

impl Exposed for ShownSubscriptions {
    type Data = Subscriptions;
    const NAME: &'static str = "event-subscriptions";
    const KIND: &'static str = "EventSubscription";
    const MODEL: &'static Model = &SUBSCRIPTION;
    const PARAMS: &'static [Param<Entity>] = &[
        param(
            "user_username",
            By::Text(|name| filters::subscriptions_of(Filter::equals(user::Column::Username, name))),
        ),
        param("user_uuid", By::Id(Column::UserId)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
        SortKey { name: "modified", key: |down| Key::column(Column::Modified, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &SubscriptionView, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, PLACE, view.row.id));
        out.put("user_username", &view.user.username).put("user_full_name", &view.user.full_name);
    }
}

async fn create_queue(
    State(api): State<Api>,
    PathId(id): PathId,
    origin: Origin,
    mut call: Call,
) -> Result<Response, ApiError> {
    let input = input(&mut call, &SUBSCRIPTION_QUEUE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let made = agents::create_queue::<ApiError>(&mut tx, id, input).await;
    let (queue, is_new) = made.map_err(|error| error.about(ShownSubscriptions::KIND))?;
    let wanted = Wanted::all(&SUBSCRIPTION_QUEUE);
    let mut out = Out::new(&wanted, &origin);
    out.row(&queue);
    out.with("url", || url(&origin, QUEUES, queue.id)).with("event_subscription", || url(&origin, PLACE, id));
    out.put("event_subscription_uuid", id.simple().to_string());
    out.put("object_type", &queue.object_types[0]).put("vhost", api.virtual_host(queue.user_id));
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let answer = answer::json(status, &out.done())?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let mut ops = reads::<ShownSubscriptions>();
    ops.push(creates::<ShownSubscriptions>());
    ops.push(deletes::<ShownSubscriptions>());
    ops.push(
        Op::post(ShownSubscriptions::NAME, "{uuid}/create_queue/", create_queue)
            .takes(&SUBSCRIPTION_QUEUE_REQUEST)
            .gives(201, Gives::One(&SUBSCRIPTION_QUEUE)),
    );
    ops
}
