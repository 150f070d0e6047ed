//! A helpdesk issue of an order.

use mercat_domain::{
    id::{IssueId, OrderId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "issues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IssueId,
    pub order_id: OrderId,
    pub key: String,
    pub created: Timestamp,
}

super::plain_entity!();
super::keyed_entity!();
