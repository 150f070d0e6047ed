//! Work that the service itself does later.

use mercat_domain::{id::JobId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    pub subject: Uuid,
    pub created: Timestamp,
    pub due: Timestamp,
    pub attempts: i64,
    pub last_error: Option<String>,
}

super::plain_entity!();
super::keyed_entity!();
