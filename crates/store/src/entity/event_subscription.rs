//! What an older agent wants to hear of.

use mercat_domain::{
    id::{AgentIdentityId, EventSubscriptionId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "event_subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventSubscriptionId,
    pub user_id: UserId,
    pub identity_id: Option<AgentIdentityId>,
    pub description: String,
    pub observable_objects: Json,
    pub source_ip: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
