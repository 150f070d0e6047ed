//! An organisation.

use mercat_domain::{id::CustomerId, time::Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerId,
    pub name: String,
    pub slug: String,
    pub blocked: bool,
    pub archived: bool,
    pub created: Timestamp,
}

super::plain_entity!();
