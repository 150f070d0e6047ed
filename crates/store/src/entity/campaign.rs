//! A promotion of a provider.

use chrono::NaiveDate;
use mercat_domain::id::CustomerId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub provider_id: CustomerId,
    pub name: String,
    pub description: String,
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub discount_type: String,
    pub discount: i64,
    pub stock: Option<i64>,
    pub months: i64,
}

super::plain_entity!();
super::keyed_entity!();
