//! A person or robot.

use mercat_domain::{id::UserId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub full_name: String,
    pub email: String,
    pub civil_number: Option<String>,
    pub is_staff: bool,
    pub is_support: bool,
    pub is_active: bool,
    pub notifications_enabled: bool,
    pub password_hash: Option<String>,
    pub token_lifetime: Option<i64>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
