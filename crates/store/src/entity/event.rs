//! One thing that happened, append-only; most of it to orders.

use mercat_domain::{
    id::{CustomerId, OrderId, ProjectId, UserId},
    order::OrderState,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub order_id: Option<OrderId>,
    pub version: i64,
    pub action: String,
    pub actor_id: Option<UserId>,
    pub at: Timestamp,
    pub from_state: Option<OrderState>,
    pub to_state: Option<OrderState>,
    pub project_id: Option<ProjectId>,
    pub customer_id: Option<CustomerId>,
    pub provider_id: Option<CustomerId>,
    pub changes: Json,
    pub message: String,
    pub hash: Vec<u8>,
}

super::plain_entity!();

/// For lists, where ties are broken by the number; single events are looked up by it, not by a UUID.
impl crate::list::Keyed for Entity {
    const ID: Column = Column::Seq;

    fn id(row: &Model) -> Uuid {
        Uuid::from_u128(u128::from(row.seq.unsigned_abs()))
    }
}
