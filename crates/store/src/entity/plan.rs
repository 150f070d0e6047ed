//! A plan of an offering.

use mercat_domain::{
    id::{OfferingId, PlanId},
    money::Money,
    offering::PlanUnit,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanId,
    pub offering_id: OfferingId,
    pub name: String,
    pub description: String,
    pub article_code: String,
    pub backend_id: String,
    pub unit: PlanUnit,
    pub unit_price: Money,
    pub max_amount: Option<i64>,
    pub archived: bool,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
