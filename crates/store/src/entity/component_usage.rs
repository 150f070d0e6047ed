//! How much of a component a resource used in a month.

use chrono::NaiveDate;
use mercat_domain::{
    id::{ComponentId, ComponentUsageId, PlanPeriodId, ResourceId, UserId},
    money::Money,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "component_usages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComponentUsageId,
    pub resource_id: ResourceId,
    pub component_id: ComponentId,
    pub plan_period_id: Option<PlanPeriodId>,
    pub usage: Money,
    pub date: Timestamp,
    pub billing_period: NaiveDate,
    pub recurring: bool,
    pub description: String,
    pub modified_by: Option<UserId>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
