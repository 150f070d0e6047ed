//! A provider's agent at an offering.

use mercat_domain::{
    id::{AgentIdentityId, OfferingId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "agent_identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentIdentityId,
    pub offering_id: OfferingId,
    pub created_by: Option<UserId>,
    pub name: String,
    pub version: Option<String>,
    pub dependencies: Json,
    pub config_file_path: Option<String>,
    pub config_file_content: Option<String>,
    pub last_restarted: Timestamp,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
