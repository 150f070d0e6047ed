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
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, prelude::Json};
use uuid::Uuid;

use super::progress::Progress;
use crate::{
    error::StoreError,
    reference::{Kept, Offering, Organization, Parts, Person, Plan, Project, Reads, Wanted, of_ids},
};

/// Columns of an order, those that are always read and those that not every answer needs.
macro_rules! own_columns {
    (
        always { $($key:ident: $key_type:ty = $key_sql:literal,)+ }
        details { $($name:ident $Detail:ident: $type:ty = $sql:literal,)+ }
    ) => {
        /// What is an order's own. Details that were not asked for are empty.
        #[derive(Debug, Clone)]
        #[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
        pub struct OwnColumns {
            $(pub $key: $key_type,)+
            $(pub $name: $type,)+
        }

        /// A column that not every answer needs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "named as the columns")]
        pub enum Detail {
            $($Detail,)+
        }

        impl Details {
            /// All columns.
            pub const ALL: Self = Self(0 $(| 1 << Detail::$Detail as u32)+);
        }

        impl OwnColumns {
            /// The columns of `orders o`, `resources r` and `issues i`, for [`Self::read`].
            fn columns(details: Details) -> String {
                let mut columns = [$($key_sql,)+].join(", ");
                $(
                    if details.has(Detail::$Detail) {
                        columns.push_str(concat!(", ", $sql));
                    }
                )+
                columns
            }

            /// Reads the columns by their places, from `at` on: finding each by name takes longer than reading it.
            fn read(row: &QueryResult, mut at: usize, details: Details) -> Result<Self, DbErr> {
                let mut next = || {
                    at += 1;
                    at - 1
                };
                Ok(Self {
                    $($key: row.try_get_by_index(next())?,)+
                    $($name: if details.has(Detail::$Detail) { row.try_get_by_index(next())? } else { Default::default() },)+
                })
            }
        }
    };
}

/// Some columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Details(u32);

impl Details {
    /// None but those that are always read.
    pub const NONE: Self = Self(0);

    /// These and others.
    #[must_use]
    pub fn and(self, others: &[Detail]) -> Self {
        others.iter().fold(self, |all, detail| Self(all.0 | 1 << *detail as u32))
    }

    const fn has(self, detail: Detail) -> bool {
        self.0 & (1 << detail as u32) != 0
    }
}

own_columns! {
    always {
        id: OrderId = "o.id",
        created: Timestamp = "o.created",
        modified: Timestamp = "o.modified",
        version: i64 = "o.version",
        state: OrderState = "o.state",
        order_type: OrderType = "o.order_type",
        offering_id: OfferingId = "o.offering_id",
        provider_id: CustomerId = "o.provider_id",
        resource_id: ResourceId = "o.resource_id",
        project_id: ProjectId = "o.project_id",
        customer_id: CustomerId = "o.customer_id",
    }
    details {
        slug Slug: String = "o.slug",
        attributes Attributes: Json = "o.attributes",
        limits Limits: Json = "o.limits",
        cost Cost: Option<Money> = "o.cost",
        callback_url CallbackUrl: Option<String> = "o.callback_url",
        request_comment RequestComment: Option<String> = "o.request_comment",
        attachment Attachment: Option<MediaId> = "o.attachment",
        start_date StartDate: Option<NaiveDate> = "o.start_date",
        completed_at CompletedAt: Option<Timestamp> = "o.completed_at",
        termination_comment TerminationComment: Option<String> = "o.termination_comment",
        backend_id BackendId: String = "o.backend_id",
        output Output: String = "o.output",
        error_message ErrorMessage: String = "o.error_message",
        error_traceback ErrorTraceback: String = "o.error_traceback",
        consumer_reviewed_at ConsumerReviewedAt: Option<Timestamp> = "o.consumer_reviewed_at",
        provider_reviewed_at ProviderReviewedAt: Option<Timestamp> = "o.provider_reviewed_at",
        created_by CreatedBy: Option<UserId> = "o.created_by",
        consumer_reviewed_by ConsumerReviewedBy: Option<UserId> = "o.consumer_reviewed_by",
        provider_reviewed_by ProviderReviewedBy: Option<UserId> = "o.provider_reviewed_by",
        plan_id Plan: Option<PlanId> = "o.plan_id",
        old_plan_id OldPlan: Option<PlanId> = "o.old_plan_id",
        resource_name ResourceName: String = "r.name",
        resource_backend_uuid ResourceBackendUuid: Option<Uuid> = "r.backend_uuid",
        resource_backend_kind ResourceBackendKind: Option<String> = "r.backend_kind",
        issue_id IssueId: Option<IssueId> = "i.id",
        issue_key IssueKey: Option<String> = "i.key",
    }
}

/// How orders are read: what stands before the columns, the columns, and what is joined for them.
impl Details {
    /// The columns, beginning with how far the database is.
    pub(super) fn columns(self) -> String {
        let own = OwnColumns::columns(self);
        format!("(SELECT seq FROM event_head) AS seq, (SELECT epoch FROM reference_epoch) AS epoch, {own}")
    }

    /// What has to be joined to orders `o`.
    // PostgreSQL joins in this order (`join_collapse_limit` is 1).
    pub(super) fn joined(self) -> String {
        let needs = |details: &[Detail]| details.iter().any(|detail| self.has(*detail));
        let resources = needs(&[Detail::ResourceName, Detail::ResourceBackendUuid, Detail::ResourceBackendKind]);
        let issues = needs(&[Detail::IssueId, Detail::IssueKey]);
        [
            if resources { " JOIN resources r ON r.id = o.resource_id" } else { "" },
            if issues { " LEFT JOIN issues i ON i.order_id = o.id" } else { "" },
        ]
        .concat()
    }

    /// Runs a statement whose rows begin with the total, or NULL, and go on with the columns.
    pub(super) async fn read(self, conn: &impl ConnectionTrait, statement: Statement) -> Result<Vec<Read>, StoreError> {
        let read = |row: QueryResult| {
            let total: Option<i64> = row.try_get_by_index(0)?;
            let progress = Progress { seq: row.try_get_by_index(1)?, epoch: row.try_get_by_index(2)? };
            Ok(Read { total, progress, own: OwnColumns::read(&row, 3, self)? })
        };
        let rows: Result<Vec<Read>, DbErr> = conn.query_all_raw(statement).await?.into_iter().map(read).collect();
        Ok(rows?)
    }
}

/// An order as it is read.
pub(super) struct Read {
    own: OwnColumns,
    progress: Progress,
    total: Option<i64>,
}

impl Read {
    /// How far the database was that it was read from.
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// What is ordered.
    pub const fn offering_id(&self) -> OfferingId {
        self.own.offering_id
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
    let (columns, joined) = (Details::ALL.columns(), Details::ALL.joined());
    let sql = format!("SELECT CAST(NULL AS BIGINT), {columns} FROM orders o{joined} WHERE o.id");
    let statement = of_ids(kept.conn.get_database_backend(), &sql, ids);
    let read = complete(kept, Details::ALL.read(kept.conn, statement).await?).await?;
    let mut by_id: HashMap<OrderId, OrderRow> = read.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
