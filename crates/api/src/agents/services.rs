//! `/api/marketplace-site-agent-services/` and `…-processors/`.

use axum::{http::StatusCode, response::Response};
use mercat_app::{
    agents::{self, ProcessorView, Processors, ServiceView, Services},
    entity::{agent_processor, agent_service},
    list::Key,
};
use serde_json::Value;

use super::{
    identities::status,
    models::{NESTED_PROCESSOR, PROCESSOR, PROCESSOR_REQUEST, SERVICE, STATISTICS_REQUEST},
};
use crate::{
    body::Call,
    error::ApiError,
    link::Place,
    origin::Origin,
    rest::{
        By, Exposed, Extent, Gives, Model, Op, Out, Param, PathId, SortKey, Wanted, input, param, reads, shown, url,
    },
};

pub(super) const SERVICES: Place = &["marketplace-site-agent-services", "*"];
const PROCESSORS: Place = &["marketplace-site-agent-processors", "*"];

/// Services of agents.
pub(super) struct ShownServices;

impl Exposed for ShownServices {
    type Data = Services;
    const NAME: &'static str = "marketplace-site-agent-services";
    const KIND: &'static str = "AgentService";
    const MODEL: &'static Model = &SERVICE;
    const PARAMS: &'static [Param<agent_service::Entity>] = &[
        param("identity_uuid", By::Id(agent_service::Column::IdentityId)),
        param("mode", By::Equals(agent_service::Column::Mode)),
        param("state", By::Names(&["Active", "Idle", "Error"], agent_service::Column::State)),
    ];
    const SORTS: &'static [SortKey] =
        &[SortKey { name: "created", key: |down| Key::column(agent_service::Column::Created, down) }];
    const USUALLY: &'static str = "created";

    fn write(view: &ServiceView, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, SERVICES, view.row.id)).put("identity_name", &view.identity.name);
        out.with("processors", || {
            let wanted = Wanted::all(&NESTED_PROCESSOR);
            let processor = |row: &agent_processor::Model| {
                let mut out = Out::new(&wanted, origin);
                out.row(row).with("url", || url(origin, PROCESSORS, row.id));
                out.done()
            };
            view.processors.iter().map(processor).collect::<Vec<Value>>()
        });
    }
}

/// What services work on.
struct ShownProcessors;

impl Exposed for ShownProcessors {
    type Data = Processors;
    const NAME: &'static str = "marketplace-site-agent-processors";
    const KIND: &'static str = "AgentProcessor";
    const MODEL: &'static Model = &PROCESSOR;
    const PARAMS: &'static [Param<agent_processor::Entity>] = &[
        param("backend_type", By::Equals(agent_processor::Column::BackendType)),
        param("backend_version", By::Equals(agent_processor::Column::BackendVersion)),
        param("last_run", By::Since(agent_processor::Column::LastRun)),
        param("service_uuid", By::Id(agent_processor::Column::ServiceId)),
    ];
    const SORTS: &'static [SortKey] =
        &[SortKey { name: "created", key: |down| Key::column(agent_processor::Column::Created, down) }];
    const USUALLY: &'static str = "created";

    fn write(view: &ProcessorView, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row).put("service_name", &view.service.name);
        out.with("url", || url(origin, PROCESSORS, view.row.id));
    }
}

fn about(error: ApiError) -> ApiError {
    error.about(ShownServices::KIND)
}

async fn register_processor(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &PROCESSOR_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let done = agents::register_processor::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<ShownProcessors>(tx, status(done), done.id, &origin).await
}

async fn set_statistics(PathId(id): PathId, origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, &STATISTICS_REQUEST, Extent::Whole).await;
    let mut tx = call.begin().await?;
    agents::set_statistics::<ApiError>(&mut tx, id, input).await.map_err(about)?;
    shown::<ShownServices>(tx, StatusCode::OK, id, &origin).await
}

pub(super) fn operations() -> Vec<Op> {
    let tag = ShownServices::NAME;
    let mut ops = reads::<ShownServices>();
    ops.extend(reads::<ShownProcessors>());
    ops.extend([
        Op::post(tag, "{uuid}/register_processor/", register_processor)
            .takes(&PROCESSOR_REQUEST)
            .gives(201, Gives::One(&PROCESSOR)),
        Op::post(tag, "{uuid}/set_statistics/", set_statistics)
            .takes(&STATISTICS_REQUEST)
            .gives(200, Gives::One(&SERVICE)),
    ]);
    ops
}
