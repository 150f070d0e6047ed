//! A person's account at an offering.

use mercat_domain::{
    id::{OfferingId, OfferingUserId, UserId},
    offering::OfferingUserState,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferingUserId,
    pub offering_id: OfferingId,
    pub user_id: UserId,
    pub username: Option<String>,
    pub state: OfferingUserState,
    pub is_restricted: bool,
    pub service_provider_comment: String,
    pub service_provider_comment_url: String,
    pub created: Timestamp,
    pub modified: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
