//! Terms of service of an offering.

use mercat_domain::{id::OfferingId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub text: String,
    pub link: String,
    pub version: String,
    pub is_active: bool,
    pub created: Timestamp,
    pub requires_reconsent: bool,
    pub grace_period_days: i64,
    pub modified: Option<Timestamp>,
}

super::plain_entity!();
super::keyed_entity!();
