//! One try to deliver a message.

use mercat_domain::{
    id::{AttemptId, DeliveryId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "delivery_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttemptId,
    pub delivery_id: DeliveryId,
    pub at: Timestamp,
    pub milliseconds: i64,
    pub status: Option<i64>,
    pub error: Option<String>,
    pub response: Option<String>,
}

super::plain_entity!();
super::keyed_entity!();
