//! The wide row of an order: everything that its 74 fields need, in one statement for a page (spec 12).

use std::collections::HashMap;

use chrono::NaiveDate;
use mercat_domain::{
    id::{CategoryId, CustomerId, IssueId, MediaId, OfferingId, OrderId, PlanId, ProjectId, ResourceId, UserId},
    money::Money,
    offering::PlanUnit,
    order::{OrderState, OrderType},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value, prelude::Json};
use uuid::Uuid;

use crate::error::StoreError;

/// An order with the parts of its offering, plan, project, people and issue that are shown with it.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct OrderRow {
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
    pub offering_id: OfferingId,
    pub offering_parent_id: Option<OfferingId>,
    pub offering_name: String,
    pub offering_description: String,
    pub offering_image: Option<MediaId>,
    pub offering_thumbnail: Option<MediaId>,
    pub offering_type: String,
    pub offering_shared: bool,
    pub offering_billable: bool,
    pub offering_plugin_options: Json,
    pub provider_id: CustomerId,
    pub provider_name: String,
    pub provider_slug: String,
    pub category_id: CategoryId,
    pub category_title: String,
    pub category_icon: Option<MediaId>,
    pub plan_id: Option<PlanId>,
    pub plan_offering_id: Option<OfferingId>,
    pub plan_name: Option<String>,
    pub plan_description: Option<String>,
    pub plan_unit: Option<PlanUnit>,
    pub old_plan_id: Option<PlanId>,
    pub old_plan_name: Option<String>,
    pub resource_id: ResourceId,
    pub resource_name: String,
    pub resource_backend_uuid: Option<Uuid>,
    pub resource_backend_kind: Option<String>,
    pub project_id: ProjectId,
    pub project_name: String,
    pub project_description: String,
    pub project_slug: String,
    pub customer_id: CustomerId,
    pub customer_name: String,
    pub customer_slug: String,
    pub creator_username: Option<String>,
    pub creator_full_name: Option<String>,
    pub creator_civil_number: Option<String>,
    pub consumer_reviewer_username: Option<String>,
    pub consumer_reviewer_full_name: Option<String>,
    pub provider_reviewer_username: Option<String>,
    pub provider_reviewer_full_name: Option<String>,
    pub issue_id: Option<IssueId>,
    pub issue_key: Option<String>,
}

/// Everything that the fields of orders need; what their ids are follows.
// PostgreSQL joins in this order (`join_collapse_limit` is 1): the page's orders first.
pub const WIDE: &str = "
SELECT o.id, o.created, o.modified, o.version, o.state, o.order_type, o.slug, o.attributes, o.limits, o.cost,
       o.callback_url, o.request_comment, o.attachment, o.start_date, o.completed_at, o.termination_comment,
       o.backend_id, o.output, o.error_message, o.error_traceback, o.consumer_reviewed_at, o.provider_reviewed_at,
       o.created_by, o.offering_id, o.provider_id, o.plan_id, o.old_plan_id, o.resource_id, o.project_id, o.customer_id,
       f.parent_id AS offering_parent_id, f.name AS offering_name, f.description AS offering_description, f.image AS offering_image,
       f.thumbnail AS offering_thumbnail, f.offering_type, f.shared AS offering_shared,
       f.billable AS offering_billable, f.plugin_options AS offering_plugin_options,
       v.name AS provider_name, v.slug AS provider_slug,
       g.id AS category_id, g.title AS category_title, g.icon AS category_icon,
       p.offering_id AS plan_offering_id, p.name AS plan_name, p.description AS plan_description, p.unit AS plan_unit,
       q.name AS old_plan_name,
       r.name AS resource_name, r.backend_uuid AS resource_backend_uuid, r.backend_kind AS resource_backend_kind,
       j.name AS project_name, j.description AS project_description, j.slug AS project_slug,
       k.name AS customer_name, k.slug AS customer_slug,
       a.username AS creator_username, a.full_name AS creator_full_name, a.civil_number AS creator_civil_number,
       b.username AS consumer_reviewer_username, b.full_name AS consumer_reviewer_full_name,
       c.username AS provider_reviewer_username, c.full_name AS provider_reviewer_full_name,
       i.id AS issue_id, i.key AS issue_key
FROM orders o
JOIN resources r ON r.id = o.resource_id
JOIN offerings f ON f.id = o.offering_id
JOIN categories g ON g.id = f.category_id
JOIN customers v ON v.id = o.provider_id
JOIN projects j ON j.id = o.project_id
JOIN customers k ON k.id = o.customer_id
LEFT JOIN plans p ON p.id = o.plan_id
LEFT JOIN plans q ON q.id = o.old_plan_id
LEFT JOIN users a ON a.id = o.created_by
LEFT JOIN users b ON b.id = o.consumer_reviewed_by
LEFT JOIN users c ON c.id = o.provider_reviewed_by
LEFT JOIN issues i ON i.order_id = o.id
WHERE o.id";

/// The wide rows of these orders, in the order of the ids; ids without an order are left out.
///
/// # Errors
/// The database failed.
pub async fn rows(conn: &impl ConnectionTrait, ids: &[OrderId]) -> Result<Vec<OrderRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = conn.get_database_backend();
    let statement = if backend == DbBackend::Postgres {
        // One parameter, however many orders: planned once a connection. Planning takes longer than reading.
        let ids: Vec<Uuid> = ids.iter().map(|id| (*id).into()).collect();
        Statement::from_sql_and_values(backend, format!("{WIDE} = ANY($1)"), [ids.into()])
    } else {
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let values = ids.iter().map(|id| Value::from(*id));
        Statement::from_sql_and_values(backend, format!("{WIDE} IN ({})", places.join(", ")), values)
    };
    let found = OrderRow::find_by_statement(statement).all(conn).await?;
    let mut by_id: HashMap<OrderId, OrderRow> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
