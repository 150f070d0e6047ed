//! A group that an offering is restricted to.

use mercat_domain::id::{OfferingId, OrganizationGroupId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offering_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: OrganizationGroupId,
}

super::plain_entity!();
