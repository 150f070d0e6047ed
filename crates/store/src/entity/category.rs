//! A category of offerings.

use mercat_domain::id::{CategoryGroupId, CategoryId, MediaId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    pub title: String,
    pub description: String,
    pub icon: Option<MediaId>,
    pub default_vm_category: bool,
    pub default_volume_category: bool,
    pub default_tenant_category: bool,
    pub group_id: Option<CategoryGroupId>,
}

super::plain_entity!();
super::keyed_entity!();
