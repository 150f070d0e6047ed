//! How much of a component one account may use of a resource.

use mercat_domain::{
    id::{ComponentId, OfferingUserId, ResourceId, UsageLimitId},
    money::Money,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "usage_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UsageLimitId,
    pub resource_id: ResourceId,
    pub component_id: ComponentId,
    pub user_id: OfferingUserId,
    pub limit_value: Money,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
