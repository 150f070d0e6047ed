//! What waits for somebody's daily mail.

use mercat_domain::{
    id::{DigestEntryId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "digest_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DigestEntryId,
    pub user_id: UserId,
    pub payload: Json,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
