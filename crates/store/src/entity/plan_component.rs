//! Price and amount of a component in a plan.

use mercat_domain::{
    id::{ComponentId, PlanId},
    money::Money,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "plan_components")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: PlanId,
    pub component_id: ComponentId,
    pub amount: i64,
    pub price: Money,
    pub future_price: Option<Money>,
    pub discount_threshold: Option<i64>,
    pub discount_rate: Option<i64>,
}

super::plain_entity!();
super::keyed_entity!();
