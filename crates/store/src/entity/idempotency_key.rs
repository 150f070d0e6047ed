//! The stored answer of a request with an idempotency key.

use mercat_domain::{id::UserId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub request_hash: Vec<u8>,
    pub status: i16,
    pub headers: Json,
    pub body: Vec<u8>,
    pub created: Timestamp,
}

super::plain_entity!();
