//! An address of the service.

use mercat_domain::id::OfferingId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub name: String,
    pub url: String,
}

super::plain_entity!();
super::keyed_entity!();
