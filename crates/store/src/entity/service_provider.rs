//! An organisation that offers services.

use mercat_domain::{
    id::{CustomerId, MediaId, ServiceProviderId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "service_providers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceProviderId,
    pub customer_id: CustomerId,
    pub description: String,
    pub enable_notifications: bool,
    pub image: Option<MediaId>,
    pub api_secret_hash: Option<Vec<u8>>,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
