//! A category of offerings.

use mercat_domain::id::{CategoryId, MediaId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    pub title: String,
    pub description: String,
    pub icon: Option<MediaId>,
}

super::plain_entity!();
