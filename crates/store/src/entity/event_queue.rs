//! A consumer's place in the event log.

use mercat_domain::{
    id::{AgentIdentityId, EventQueueId, EventSubscriptionId, OfferingId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "event_queues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventQueueId,
    pub name: String,
    pub user_id: UserId,
    pub offering_id: OfferingId,
    pub identity_id: Option<AgentIdentityId>,
    pub subscription_id: Option<EventSubscriptionId>,
    pub object_types: Json,
    pub seq: i64,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
