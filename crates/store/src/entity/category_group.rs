//! A heading over categories.

use mercat_domain::id::{CategoryGroupId, MediaId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "category_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryGroupId,
    pub title: String,
    pub description: String,
    pub icon: Option<MediaId>,
}

super::plain_entity!();
super::keyed_entity!();
