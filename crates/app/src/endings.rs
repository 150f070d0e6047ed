//! Resources whose last day has come, their own or their project's (spec 15.1).
//!
//! A day begins at midnight UTC, whatever a wall clock does; the last day itself is over then (spec 7.7 b). What became
//! due while no worker ran is done once, as soon as one does.

use chrono::NaiveDate;
use mercat_domain::{
    id::{ProjectId, ResourceId},
    order::{Action, OrderState, OrderType, ResourceState},
    permission::Actor,
};
use mercat_store::{
    Set,
    entity::{order, project, resource},
    facts,
    list::{self, Filter},
    order as orders, people, resource as resources,
};
use serde_json::json;

use crate::{
    AppError, Tx, auth,
    jobs::JobKind,
    orders::{Parties, any_order, blank, by_service, submit},
};

/// Resources that have to end today at the latest.
pub(crate) async fn due(tx: &Tx) -> Result<Vec<ResourceId>, AppError> {
    let today = tx.now().date_naive();
    let works = || Filter::any_of(resource::Column::State, [ResourceState::Ok, ResourceState::Erred]);
    let own = [works(), Filter::to(resource::Column::EndDate, today)];
    let mut found = list::all::<resource::Entity>(&tx.db, &own, &[]).await?;
    let over = [Filter::to(project::Column::EndDate, today), Filter::equals(project::Column::IsRemoved, false)];
    let projects = mercat_store::assets::resources_in(Filter::both(over));
    found.extend(list::all::<resource::Entity>(&tx.db, &[works(), projects], &[]).await?);
    let mut ids: Vec<ResourceId> = found.into_iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Lets what belongs to a project end now, if the project's last day is today.
pub(crate) async fn follow_project(tx: &mut Tx, id: ProjectId, end: Option<NaiveDate>) -> Result<(), AppError> {
    if end.is_none_or(|end| end > tx.now().date_naive()) {
        return Ok(());
    }
    let here = [
        Filter::equals(resource::Column::ProjectId, id),
        Filter::differs(resource::Column::State, ResourceState::Terminated),
    ];
    for row in list::all::<resource::Entity>(&tx.db, &here, &[]).await? {
        tx.schedule(JobKind::EndResource, row.id.uuid(), tx.now()).await?;
    }
    Ok(())
}

/// Lets a resource end now, if its last day is today.
pub(crate) async fn follow_resource(tx: &mut Tx, id: ResourceId, end: Option<NaiveDate>) -> Result<(), AppError> {
    match end {
        Some(end) if end <= tx.now().date_naive() => tx.schedule(JobKind::EndResource, id.uuid(), tx.now()).await,
        _ => Ok(()),
    }
}

/// Why a resource ends, in the words of spec 14.
async fn reason(tx: &Tx, row: &resource::Model) -> Result<Option<String>, AppError> {
    let today = tx.now().date_naive();
    if let Some(end) = row.end_date.filter(|end| *end <= today) {
        return Ok(Some(format!("Resource expired on {end}")));
    }
    let project = list::find::<project::Entity>(&tx.db, row.project_id).await?;
    let over = project.and_then(|project| project.end_date).filter(|end| *end <= today);
    Ok(over.map(|end| format!("Project end date has been reached on {end}")))
}

/// What may still become of an order.
const OPEN: [OrderState; 5] = [
    OrderState::PendingConsumer,
    OrderState::PendingProvider,
    OrderState::PendingProject,
    OrderState::PendingStartDate,
    OrderState::Executing,
];

/// Orders the end of a resource whose last day has come. Orders that wait for approval are withdrawn; one that is being
/// carried out or waits for a day goes first, and the day after asks again.
pub(crate) async fn end_resource(tx: &mut Tx, id: ResourceId) -> Result<(), AppError> {
    let open = orders::of_resource(&tx.db, id, &OPEN).await?;
    // Orders before their resource, as whoever decides on one locks them.
    for order in &open {
        orders::lock(&tx.db, order.id).await?;
    }
    let Some(row) = resources::lock(&tx.db, id).await? else { return Ok(()) };
    let Some(reason) = reason(tx, &row).await? else { return Ok(()) };
    if !matches!(row.state, ResourceState::Ok | ResourceState::Erred) {
        return Ok(());
    }
    for order in open {
        let Some(loaded) = any_order(tx, order.id).await? else { continue };
        let is_withdrawn = Action::Withdraw.rule().from.contains(&loaded.order.state);
        if !is_withdrawn || loaded.order.order_type == OrderType::Terminate {
            return Ok(());
        }
        let change = order::ActiveModel { termination_comment: Set(Some(reason.clone())), ..Default::default() };
        by_service(tx, &loaded, Action::Withdraw, change).await?;
    }
    // Withdrawing may have moved the resource on.
    let row = resources::lock(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    order_end(tx, row, &reason).await
}

async fn order_end(tx: &mut Tx, row: resource::Model, reason: &str) -> Result<(), AppError> {
    let missing = || AppError::Internal(format!("resource {} lacks its project or offering", row.id));
    let (project, consumer) = facts::project(&tx.db, row.project_id).await?.ok_or_else(missing)?;
    let offering = facts::offering(&tx.db, row.offering_id).await?.ok_or_else(missing)?;
    let requester = requester(tx, &row).await?;
    let mut order = blank(tx, &consumer, &offering, None).await?;
    order.order_type = OrderType::Terminate;
    order.project_id = project.id;
    order.resource_id = row.id;
    order.created_by = requester.as_ref().map(|actor| actor.id);
    order.request_comment = Some(reason.to_owned());
    order.attributes = json!({});
    let creator = requester.unwrap_or_else(robot);
    submit(tx, order, row, Parties { project, consumer, offering }, creator).await.map(drop)
}

/// Whoever asked for the end, with the rights of the moment.
async fn requester(tx: &Tx, row: &resource::Model) -> Result<Option<Actor>, AppError> {
    let Some(id) = row.end_date_requested_by else { return Ok(None) };
    Ok(people::active_actor(&tx.db, id, tx.now()).await?)
}

/// The service itself: nobody has to approve what a date decides.
fn robot() -> Actor {
    Actor { is_staff: true, ..auth::nobody() }
}
