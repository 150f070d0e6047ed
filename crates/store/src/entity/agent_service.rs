//! One of the things that an agent does.

use mercat_domain::{
    agent::AgentServiceState,
    id::{AgentIdentityId, AgentServiceId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "agent_services")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentServiceId,
    pub identity_id: AgentIdentityId,
    pub name: String,
    pub mode: Option<String>,
    pub state: AgentServiceState,
    pub statistics: Json,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
