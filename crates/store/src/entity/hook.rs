//! Somebody who wants to be told.

use mercat_domain::{
    delivery::HookKind,
    id::{HookId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "hooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HookId,
    pub kind: HookKind,
    pub user_id: UserId,
    pub name: String,
    pub destination: String,
    pub content_type: String,
    pub is_active: bool,
    pub event_types: Json,
    pub event_groups: Json,
    pub secret_version: i64,
    pub oldest_secret: i64,
    pub rotated: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub disabled_reason: String,
    pub last_published: Option<Timestamp>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
