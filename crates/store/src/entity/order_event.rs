//! One change of an order, append-only.

use mercat_domain::{
    id::{CustomerId, OrderId, ProjectId, UserId},
    order::OrderState,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub order_id: OrderId,
    pub version: i64,
    pub action: String,
    pub actor_id: Option<UserId>,
    pub at: Timestamp,
    pub from_state: Option<OrderState>,
    pub to_state: Option<OrderState>,
    pub project_id: ProjectId,
    pub customer_id: CustomerId,
    pub provider_id: CustomerId,
    pub changes: Json,
    pub hash: Vec<u8>,
}

super::plain_entity!();
