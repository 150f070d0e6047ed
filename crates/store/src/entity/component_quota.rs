//! Limit and usage of one component of a resource.

use mercat_domain::{
    id::{ComponentId, ResourceId},
    money::Money,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "component_quotas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub resource_id: ResourceId,
    pub component_id: ComponentId,
    pub max_value: i64,
    pub used: Money,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
