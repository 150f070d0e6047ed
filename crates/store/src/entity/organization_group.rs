//! A group of organisations.

use mercat_domain::id::OrganizationGroupId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "organization_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationGroupId,
    pub name: String,
    pub parent_id: Option<OrganizationGroupId>,
}

super::plain_entity!();
super::keyed_entity!();
