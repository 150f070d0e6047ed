//! A quota of the service behind the offering.

use mercat_domain::id::OfferingId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_quotas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub name: String,
    pub used: i64,
    pub max_value: i64,
}

super::plain_entity!();
super::keyed_entity!();
