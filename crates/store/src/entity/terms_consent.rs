//! A user's consent to terms of service.

use mercat_domain::{
    id::{OfferingId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "terms_consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub offering_id: OfferingId,
    pub version: String,
    pub agreed: Timestamp,
    pub revoked: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

super::plain_entity!();
super::keyed_entity!();
