//! Providers' agents: filters that reach over more than one table, and the places of their queues in the log.

use mercat_domain::{id::EventQueueId, time::Timestamp};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    entity::{agent_identity, agent_processor, agent_service, event_queue, offering},
    error::StoreError,
    list::{Filter, values_of},
};

/// Agents at offerings that a filter leaves.
#[must_use]
pub fn identities_at(offerings: Filter<offering::Entity>) -> Filter<agent_identity::Entity> {
    Filter::among(agent_identity::Column::OfferingId, values_of(offering::Column::Id, &[offerings]))
}

/// Services of agents that a filter leaves.
#[must_use]
pub fn services_of(identities: Filter<agent_identity::Entity>) -> Filter<agent_service::Entity> {
    Filter::among(agent_service::Column::IdentityId, values_of(agent_identity::Column::Id, &[identities]))
}

/// Processors of services that a filter leaves.
#[must_use]
pub fn processors_of(services: Filter<agent_service::Entity>) -> Filter<agent_processor::Entity> {
    Filter::among(agent_processor::Column::ServiceId, values_of(agent_service::Column::Id, &[services]))
}

/// Moves a queue on; one that is further stays.
///
/// # Errors
/// The database failed.
pub async fn advance(
    conn: &impl ConnectionTrait,
    queue: EventQueueId,
    seq: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    event_queue::Entity::update_many()
        .col_expr(event_queue::Column::Seq, Expr::value(seq))
        .col_expr(event_queue::Column::Modified, Expr::value(now))
        .filter(event_queue::Column::Id.eq(queue))
        .filter(event_queue::Column::Seq.lt(seq))
        .exec(conn)
        .await?;
    Ok(())
}
