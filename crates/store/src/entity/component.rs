//! A measured unit of an offering.

use mercat_domain::{
    id::{ComponentId, OfferingId},
    offering::{BillingType, LimitPeriod},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "components")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComponentId,
    pub offering_id: OfferingId,
    pub kind: String,
    pub name: String,
    pub description: String,
    pub billing_type: BillingType,
    pub measured_unit: String,
    pub unit_factor: i64,
    pub limit_period: Option<LimitPeriod>,
    pub limit_amount: Option<i64>,
    pub article_code: String,
    pub max_value: Option<i64>,
    pub min_value: Option<i64>,
    pub max_available_limit: Option<i64>,
    pub is_boolean: bool,
    pub default_limit: Option<i64>,
    pub factor: Option<i64>,
    pub is_builtin: bool,
    pub is_prepaid: bool,
    pub overage_component: Option<ComponentId>,
    pub min_prepaid_duration: Option<i64>,
    pub max_prepaid_duration: Option<i64>,
}

super::plain_entity!();
super::keyed_entity!();
