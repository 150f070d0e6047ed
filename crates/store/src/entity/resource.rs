//! A marketplace resource.

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, OfferingId, PlanId, ProjectId, ResourceId, UserId},
    money::Money,
    order::ResourceState,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub name: String,
    pub description: String,
    pub slug: String,
    pub state: ResourceState,
    pub offering_id: OfferingId,
    pub project_id: ProjectId,
    pub customer_id: CustomerId,
    pub provider_id: CustomerId,
    pub plan_id: Option<PlanId>,
    pub limits: Json,
    pub attributes: Json,
    pub options: Json,
    pub cost: Option<Money>,
    pub end_date: Option<NaiveDate>,
    pub end_date_requested_by: Option<UserId>,
    pub backend_id: String,
    pub backend_kind: Option<String>,
    pub backend_uuid: Option<Uuid>,
    pub backend_metadata: Json,
    pub report: Json,
    pub paused: bool,
    pub downscaled: bool,
    pub restrict_member_access: bool,
    pub last_sync: Option<Timestamp>,
    pub error_message: String,
    pub error_traceback: String,
    pub effective_id: String,
    pub parent_id: Option<ResourceId>,
}

super::plain_entity!();
super::keyed_entity!();
