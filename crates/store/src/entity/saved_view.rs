//! A search of the order list that somebody kept.

use mercat_domain::{
    id::{CustomerId, SavedViewId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    pub user_id: UserId,
    pub name: String,
    pub query: String,
    pub is_start: bool,
    pub customer_id: Option<CustomerId>,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
