//! A project of an organisation.

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, ProjectId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub customer_id: CustomerId,
    pub name: String,
    pub slug: String,
    pub description: String,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    pub is_removed: bool,
    pub created: Timestamp,
}

super::plain_entity!();
