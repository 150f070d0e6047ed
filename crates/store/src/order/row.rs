//! The row of an order: its own columns, and pointers to what stands in it without being its own (spec 12).

use std::{collections::HashMap, ops::Deref, sync::Arc};

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, IssueId, MediaId, OfferingId, OrderId, PlanId, ProjectId, ResourceId, UserId},
    money::Money,
    offering::PlanUnit,
    order::{OrderState, OrderType},
    time::Timestamp,
};
use sea_orm::{FromQueryResult, prelude::Json};
use uuid::Uuid;

use super::progress::Progress;
use crate::{
    error::StoreError,
    reference::{Kept, Offering, Organization, Parts, Person, Plan, Project, Reads, Wanted, by_ids},
};

/// What is an order's own.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct OwnColumns {
    pub id: OrderId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub state: OrderState,
    pub order_type: OrderType,
    pub slug: String,
    pub attributes: Json,
    pub limits: Json,
    pub cost: Option<Money>,
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
    pub consumer_reviewed_at: Option<Timestamp>,
    pub provider_reviewed_at: Option<Timestamp>,
    pub created_by: Option<UserId>,
    pub consumer_reviewed_by: Option<UserId>,
    pub provider_reviewed_by: Option<UserId>,
    pub offering_id: OfferingId,
    pub provider_id: CustomerId,
    pub plan_id: Option<PlanId>,
    pub old_plan_id: Option<PlanId>,
    pub resource_id: ResourceId,
    pub project_id: ProjectId,
    pub customer_id: CustomerId,
    pub resource_name: String,
    pub resource_backend_uuid: Option<Uuid>,
    pub resource_backend_kind: Option<String>,
    pub issue_id: Option<IssueId>,
    pub issue_key: Option<String>,
}

/// The columns of [`OwnColumns`] and of [`Progress`], which tells whether copies of references are still true.
pub(super) const COLUMNS: &str = "
    o.id, o.created, o.modified, o.version, o.state, o.order_type, o.slug, o.attributes, o.limits, o.cost, o.callback_url,
    o.request_comment, o.attachment, o.start_date, o.completed_at, o.termination_comment, o.backend_id, o.output,
    o.error_message, o.error_traceback, o.consumer_reviewed_at, o.provider_reviewed_at, o.created_by,
    o.consumer_reviewed_by, o.provider_reviewed_by, o.offering_id, o.provider_id, o.plan_id, o.old_plan_id,
    o.resource_id, o.project_id, o.customer_id,
    r.name AS resource_name, r.backend_uuid AS resource_backend_uuid, r.backend_kind AS resource_backend_kind,
    i.id AS issue_id, i.key AS issue_key,
    (SELECT epoch FROM reference_epoch) AS epoch, (SELECT seq FROM event_head) AS seq";

/// What has to be joined to orders `o` for [`COLUMNS`].
// PostgreSQL joins in this order (`join_collapse_limit` is 1).
pub(super) const JOINED: &str = "JOIN resources r ON r.id = o.resource_id LEFT JOIN issues i ON i.order_id = o.id";

/// An order as it is read.
#[derive(FromQueryResult)]
pub(super) struct Read {
    #[sea_orm(nested)]
    own: OwnColumns,
    #[sea_orm(nested)]
    progress: Progress,
    total: Option<i64>,
}

impl Read {
    /// How far the database was that it was read from.
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// How many orders there are in all; zero unless that was asked for.
    pub fn total(&self) -> u64 {
        self.total.and_then(|total| total.try_into().ok()).unwrap_or_default()
    }
}

/// An order with the parts of its offering, plan, project and people that are shown with it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct OrderRow {
    own: OwnColumns,
    pub offering: Arc<Offering>,
    pub provider: Arc<Organization>,
    pub plan: Option<Arc<Plan>>,
    pub old_plan: Option<Arc<Plan>>,
    pub project: Arc<Project>,
    pub customer: Arc<Organization>,
    pub creator: Option<Arc<Person>>,
    pub consumer_reviewer: Option<Arc<Person>>,
    pub provider_reviewer: Option<Arc<Person>>,
}

/// The order's own columns are read as if they were the row's: most of what is asked of a row is about them.
impl Deref for OrderRow {
    type Target = OwnColumns;

    fn deref(&self) -> &OwnColumns {
        &self.own
    }
}

impl OrderRow {
    /// What the plan is called.
    #[must_use]
    pub fn plan_name(&self) -> Option<&str> {
        self.plan.as_ref().map(|plan| plan.name.as_str())
    }

    /// What the old plan is called.
    #[must_use]
    pub fn old_plan_name(&self) -> Option<&str> {
        self.old_plan.as_ref().map(|plan| plan.name.as_str())
    }

    /// For how long the plan's price is.
    #[must_use]
    pub fn plan_unit(&self) -> Option<PlanUnit> {
        self.plan.as_ref().map(|plan| plan.unit)
    }

    /// `None` if something that no order is without is gone: then so is the order, since it was read.
    fn of(own: OwnColumns, parts: &Parts) -> Option<Self> {
        let person = |id: Option<UserId>| id.and_then(|id| parts.people.get(&id).cloned());
        let plan = |id: Option<PlanId>| id.and_then(|id| parts.plans.get(&id).cloned());
        Some(Self {
            offering: parts.offerings.get(&own.offering_id)?.clone(),
            provider: parts.organizations.get(&own.provider_id)?.clone(),
            plan: plan(own.plan_id),
            old_plan: plan(own.old_plan_id),
            project: parts.projects.get(&own.project_id)?.clone(),
            customer: parts.organizations.get(&own.customer_id)?.clone(),
            creator: person(own.created_by),
            consumer_reviewer: person(own.consumer_reviewed_by),
            provider_reviewer: person(own.provider_reviewed_by),
            own,
        })
    }
}

/// The orders that were read, in the same order, with their parts.
pub(super) async fn complete<C: Reads>(kept: &Kept<'_, C>, read: Vec<Read>) -> Result<Vec<OrderRow>, StoreError> {
    let Some(epoch) = read.first().map(|read| read.progress.epoch) else { return Ok(Vec::new()) };
    let mut wanted = Wanted::default();
    for Read { own, .. } in &read {
        wanted.offerings.insert(own.offering_id);
        wanted.plans.extend([own.plan_id, own.old_plan_id].into_iter().flatten());
        wanted.projects.insert(own.project_id);
        wanted.organizations.extend([own.provider_id, own.customer_id]);
        wanted
            .people
            .extend([own.created_by, own.consumer_reviewed_by, own.provider_reviewed_by].into_iter().flatten());
    }
    let parts = kept.parts(epoch, &wanted).await?;
    Ok(read.into_iter().filter_map(|read| OrderRow::of(read.own, &parts)).collect())
}

/// These orders, in the order of the ids; ids without an order are left out.
///
/// # Errors
/// The database failed.
pub async fn rows<C: Reads>(kept: &Kept<'_, C>, ids: &[OrderId]) -> Result<Vec<OrderRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {COLUMNS}, CAST(NULL AS BIGINT) AS total FROM orders o {JOINED} WHERE o.id");
    let read = complete(kept, by_ids(kept.conn, &sql, ids).await?).await?;
    let mut by_id: HashMap<OrderId, OrderRow> = read.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
