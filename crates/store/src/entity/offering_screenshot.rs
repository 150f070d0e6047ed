//! A picture of the service.

use mercat_domain::{
    id::{MediaId, OfferingId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_screenshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub name: String,
    pub description: String,
    pub image: MediaId,
    pub thumbnail: Option<MediaId>,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
