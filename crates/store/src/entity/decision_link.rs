//! A link in a mail that decides once.

use mercat_domain::{
    id::{DecisionLinkId, OrderId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "decision_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionLinkId,
    pub user_id: UserId,
    pub order_id: OrderId,
    pub version: i64,
    pub expires: Timestamp,
    pub used: Option<Timestamp>,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
