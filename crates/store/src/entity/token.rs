//! An API token, hashed.

use mercat_domain::{
    id::{TokenId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenId,
    pub user_id: UserId,
    pub hash: Vec<u8>,
    pub name: String,
    pub lifetime: Option<i64>,
    pub created: Timestamp,
    pub last_used: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
