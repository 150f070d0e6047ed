//! A message that has to leave the process.

use mercat_domain::{id::OrderId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    pub order_id: OrderId,
    pub payload: Json,
    pub created: Timestamp,
    pub due: Timestamp,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub delivered: Option<Timestamp>,
}

super::plain_entity!();
