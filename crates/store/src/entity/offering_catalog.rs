//! A software catalogue that an offering has.

use mercat_domain::id::OfferingId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_catalogs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub catalog_id: Uuid,
    pub partition_id: Option<Uuid>,
    pub enabled_cpu_family: Json,
    pub enabled_cpu_microarchitectures: Json,
    pub package_count: i64,
}

super::plain_entity!();
super::keyed_entity!();
