//! From when to when a resource had a plan.

use mercat_domain::{
    id::{PlanId, PlanPeriodId, ResourceId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "plan_periods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanPeriodId,
    pub resource_id: ResourceId,
    pub plan_id: PlanId,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
}

super::plain_entity!();
super::keyed_entity!();
