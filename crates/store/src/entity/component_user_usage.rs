//! How much of a component one account used in a month.

use mercat_domain::{
    id::{ComponentUsageId, ComponentUserUsageId, OfferingUserId},
    money::Money,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "component_user_usages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComponentUserUsageId,
    pub usage_id: ComponentUsageId,
    pub user_id: Option<OfferingUserId>,
    pub username: String,
    pub usage: Money,
    pub description: String,
    pub backend_id: String,
    pub date: Timestamp,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
