//! How somebody wants their mail.

use mercat_domain::{delivery::MailMode, id::UserId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "mail_preferences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub mode: MailMode,
    pub modified: Timestamp,
}

super::plain_entity!();
