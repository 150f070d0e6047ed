//! The backend that an agent's service works on.

use mercat_domain::{
    id::{AgentProcessorId, AgentServiceId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "agent_processors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentProcessorId,
    pub service_id: AgentServiceId,
    pub name: String,
    pub backend_type: String,
    pub backend_version: Option<String>,
    pub last_run: Option<Timestamp>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
