//! A stored file.

use mercat_domain::{
    id::{MediaId, OrderId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MediaId,
    pub name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: Vec<u8>,
    pub order_id: Option<OrderId>,
    pub created_by: Option<UserId>,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
