//! An order.

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, MediaId, OfferingId, OrderId, PlanId, ProjectId, ResourceId, UserId},
    money::Money,
    order::{OrderState, OrderType},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub state: OrderState,
    pub order_type: OrderType,
    pub slug: String,
    pub offering_id: OfferingId,
    pub project_id: ProjectId,
    pub customer_id: CustomerId,
    pub provider_id: CustomerId,
    pub resource_id: ResourceId,
    pub plan_id: Option<PlanId>,
    pub old_plan_id: Option<PlanId>,
    pub attributes: Json,
    pub limits: Json,
    pub cost: Option<Money>,
    pub created_by: Option<UserId>,
    pub consumer_reviewed_by: Option<UserId>,
    pub consumer_reviewed_at: Option<Timestamp>,
    pub provider_reviewed_by: Option<UserId>,
    pub provider_reviewed_at: Option<Timestamp>,
    pub callback_url: Option<String>,
    pub request_comment: Option<String>,
    pub attachment: Option<MediaId>,
    pub start_date: Option<NaiveDate>,
    pub completed_at: Option<Timestamp>,
    pub termination_comment: Option<String>,
    pub backend_id: String,
    pub output: String,
    pub error_message: String,
    pub error_traceback: String,
    pub new_options: Option<Json>,
    pub new_end_date: Option<NaiveDate>,
}

super::plain_entity!();
super::keyed_entity!();
