//! A project of an organisation.

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, MediaId, ProjectId, UserId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
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
    pub backend_id: String,
    pub staff_notes: String,
    pub oecd_fos_2007_code: Option<String>,
    pub is_industry: bool,
    pub kind: String,
    pub grace_period_days: Option<i64>,
    pub image: Option<MediaId>,
    pub end_date_requested_by: Option<UserId>,
    pub termination_metadata: Option<Json>,
    pub modified: Option<Timestamp>,
}

super::plain_entity!();
super::keyed_entity!();
