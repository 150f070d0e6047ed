//! `/api/marketplace-site-agent-identities/`.

use axum::{
    extract::State,
    http::{Method, StatusCode},
    response::Response,
};
use mercat_app::{
    agents::{self, Identities, IdentityView, Registered},
    entity::agent_identity::{Column, Entity},
    list::Key,
};
use serde_json::{Value, json};

use super::{
    models::{
        IDENTITY, NESTED_SERVICE, QUEUE, QUEUE_REQUEST, SERVICE, SERVICE_REQUEST, SUBSCRIPTION, SUBSCRIPTION_REQUEST,
        known_types,
    },
    services::{SERVICES, ShownServices},
    subscriptions::ShownSubscriptions,
};
use crate::{
    answer,
    body::Call,
    error::ApiError,
    link::Place,
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, changes, creates, deletes, input,
        invalid, param, reads, shown, url,
    },
    state::Api,
};

const PLACE: Place = &["marketplace-site-agent-identities", "*"];

/// Agents.
pub(super) struct ShownIdentities;

impl Exposed for ShownIdentities {
    type Data = Identities;
    const NAME: &'static str = "marketplace-site-agent-identities";
    const KIND: &'static str = "AgentIdentity";
    const MODEL: &'static Model = &IDENTITY;
    const PARAMS: &'static [Param<Entity>] = &[
        param("last_restarted", By::Since(Column::LastRestarted)),
        param("name", By::Equals(Column::Name)),
        param("offering_uuid", By::Id(Column::OfferingId)),
        param("version", By::Equals(Column::Version)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "name", key: |down| Key::column(Column::Name, down) },
        SortKey { name: "created", key: |down| Key::column(Column::Created, down) },
    ];
    const USUALLY: &'static str = "created";

    fn write(view: &IdentityView, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, PLACE, view.row.id));
        out.with("services", || {
            let wanted = Wanted::all(&NESTED_SERVICE);
            let service = |row: &mercat_app::entity::agent_service::Model| {
                let mut out = Out::new(&wanted, origin);
                out.row(row).with("url", || url(origin, SERVICES, row.id));
                out.done()
            };
            view.services.iter().map(service).collect::<Vec<Value>>()
        });
    }
}

fn about(error: ApiError) -> ApiError {
    error.about(ShownIdentities::KIND)
}

/// 201 for what is new, 200 for what was there.
pub(super) fn status(registered: Registered) -> StatusCode {
    if registered.is_new { StatusCode::CREATED } else { StatusCode::OK }
}

async fn register_service(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &SERVICE_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done = agents::register_service::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<ShownServices>(tx, status(done), done.id, &origin).await
}

async fn register_subscription(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &SUBSCRIPTION_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done = agents::register_subscription::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<ShownSubscriptions>(tx, status(done), done.id, &origin).await
}

/// Where the agent finds its events: its own name, the virtual host and the queue.
async fn register_queue(State(api): State<Api>, PathId(id): PathId, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &QUEUE_REQUEST, Extent::Whole).await.and_then(|input| {
        let named = input.get("object_types").and_then(Value::as_array);
        let unknown = named.into_iter().flatten().filter_map(Value::as_str).find(|name| !known_types().contains(name));
        match unknown {
            Some(name) => Err(invalid(mercat_domain::invalid::FieldErrors::single(
                "object_types",
                format!("\"{name}\" is not a valid choice."),
            ))),
            None => Ok(input),
        }
    });
    let mut tx = call.begin().await?;
    let queue = agents::register_queue::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    let body = json!({
        "rmq_username": queue.name,
        "queue_name": queue.name,
        "vhost": api.virtual_host(queue.user_id),
        "observable_object_types": queue.object_types,
    });
    let answer = answer::json(StatusCode::CREATED, &body)?;
    answer::finish(tx, answer).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownIdentities::NAME;
    let mut ops = reads::<ShownIdentities>();
    ops.push(creates::<ShownIdentities>());
    ops.extend(changes::<ShownIdentities>().into_iter().filter(|op| op.method == Method::PUT));
    ops.push(deletes::<ShownIdentities>());
    ops.extend([
        Op::post(tag, "{uuid}/register_service/", register_service)
            .takes(&SERVICE_REQUEST)
            .gives(201, Gives::One(&SERVICE)),
        Op::post(tag, "{uuid}/register_event_subscription/", register_subscription)
            .takes(&SUBSCRIPTION_REQUEST)
            .gives(201, Gives::One(&SUBSCRIPTION)),
        Op::post(tag, "{uuid}/register_queue/", register_queue).takes(&QUEUE_REQUEST).gives(201, Gives::One(&QUEUE)),
    ]);
    ops
}
