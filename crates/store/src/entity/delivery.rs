//! A message that leaves the process.

use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    id::{DeliveryId, HookId, OrderId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub id: DeliveryId,
    pub kind: DeliveryKind,
    pub lane: String,
    pub target: String,
    pub order_id: Option<OrderId>,
    pub hook_id: Option<HookId>,
    pub event_seq: Option<i64>,
    pub payload: Json,
    pub state: DeliveryState,
    pub ready: bool,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub created: Timestamp,
    pub due: Timestamp,
    pub finished: Option<Timestamp>,
}

super::plain_entity!();
super::keyed_entity!();
