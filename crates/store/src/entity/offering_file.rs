//! A document about the service.

use mercat_domain::{
    id::{MediaId, OfferingId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub name: String,
    pub file: MediaId,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
