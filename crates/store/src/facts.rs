//! What the rules need to know, read as `domain` wants it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use mercat_domain::{
    id::{ComponentId, CustomerId, OfferingId, OrganizationGroupId, PlanId, ProjectId, ResourceId},
    offering::{Component, CustomerFacts, LimitUse, OfferingFacts, PlanFacts, PlanPrice, PlanPrices, ProjectFacts},
    order::ResourceState,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _, Statement, Value,
    sea_query::{JoinType, LockType},
};

use crate::{
    entity::{component, component_quota, offering, offering_group, plan, plan_component, project, resource},
    error::StoreError,
};

/// A project and the organisation that it belongs to, with that one's groups.
///
/// # Errors
/// The database failed.
pub async fn project(
    conn: &impl ConnectionTrait,
    id: ProjectId,
) -> Result<Option<(ProjectFacts, CustomerFacts)>, StoreError> {
    let sql =
        "SELECT p.id, p.name, p.start_date, p.end_date, p.is_removed, c.id AS customer_id, c.name AS customer_name,
                      c.slug, c.blocked, c.archived, g.group_id
               FROM projects p JOIN customers c ON c.id = p.customer_id
               LEFT JOIN customer_groups g ON g.customer_id = c.id WHERE p.id = $1";
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()]);
    let mut rows = ProjectRow::find_by_statement(statement).all(conn).await?;
    let groups = rows.iter().filter_map(|row| row.group_id).collect();
    let Some(row) = rows.pop() else { return Ok(None) };
    let ProjectRow { id, name, start_date, end_date, is_removed, .. } = row;
    let project = ProjectFacts { id, name, start_date, end_date, is_removed };
    let ProjectRow { customer_id, customer_name, slug, blocked, archived, .. } = row;
    Ok(Some((project, CustomerFacts { id: customer_id, name: customer_name, slug, blocked, archived, groups })))
}

#[derive(FromQueryResult)]
struct ProjectRow {
    id: ProjectId,
    name: String,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    is_removed: bool,
    customer_id: CustomerId,
    customer_name: String,
    slug: String,
    blocked: bool,
    archived: bool,
    group_id: Option<OrganizationGroupId>,
}

/// Holds an offering until the transaction ends, so that what is counted of it stays true. References to it go on.
///
/// # Errors
/// The database failed.
pub async fn lock_offering(conn: &impl ConnectionTrait, id: OfferingId) -> Result<(), StoreError> {
    let query = offering::Entity::find_by_id(id).select_only().column(offering::Column::Id);
    query.lock(LockType::NoKeyUpdate).into_tuple::<OfferingId>().one(conn).await?;
    Ok(())
}

/// An offering as the order rules see it.
///
/// # Errors
/// The database failed.
pub async fn offering(conn: &impl ConnectionTrait, id: OfferingId) -> Result<Option<OfferingFacts>, StoreError> {
    let open_to = offering::Entity::belongs_to(offering_group::Entity)
        .from(offering::Column::Id)
        .to(offering_group::Column::OfferingId);
    let found = offering::Entity::find_by_id(id).join(JoinType::LeftJoin, open_to.into());
    let mut rows = found.select_also(offering_group::Entity).all(conn).await?;
    let groups = rows.iter().filter_map(|(_, open)| Some(open.as_ref()?.group_id)).collect();
    let Some((row, _)) = rows.pop() else { return Ok(None) };
    let secret_option_keys = row.secret_options.as_object().into_iter().flat_map(|o| o.keys().cloned()).collect();
    Ok(Some(OfferingFacts {
        id: row.id,
        parent: row.parent_id,
        name: row.name,
        slug: row.slug,
        offering_type: row.offering_type,
        state: row.state,
        shared: row.shared,
        billable: row.billable,
        provider: row.customer_id,
        project: row.project_id,
        plugin_options: row.plugin_options,
        options: row.options,
        resource_options: row.resource_options,
        secret_option_keys,
        has_scope: row.scope.is_some(),
        groups,
    }))
}

/// The components of an offering, with their ids.
///
/// # Errors
/// The database failed.
pub async fn components(
    conn: &impl ConnectionTrait,
    offering: OfferingId,
) -> Result<Vec<(ComponentId, Component)>, StoreError> {
    let rows = component::Entity::find().filter(component::Column::OfferingId.eq(offering)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, component_facts(row))).collect())
}

fn component_facts(row: component::Model) -> Component {
    Component {
        kind: row.kind,
        billing_type: row.billing_type,
        limit_period: row.limit_period,
        limit_amount: row.limit_amount,
        min_value: row.min_value,
        max_value: row.max_value,
        max_available_limit: row.max_available_limit,
        is_prepaid: row.is_prepaid,
        factor: row.factor.unwrap_or(1),
    }
}

/// A plan, how many live resources have it where that is bounded, and its prices.
///
/// # Errors
/// The database failed.
pub async fn plan(conn: &impl ConnectionTrait, id: PlanId) -> Result<Option<PlanFacts>, StoreError> {
    let Some(row) = plan::Entity::find_by_id(id).one(conn).await? else { return Ok(None) };
    let live = resource::Entity::find()
        .filter(resource::Column::PlanId.eq(id))
        .filter(resource::Column::State.ne(ResourceState::Terminated));
    // Nobody asks where there is no bound.
    let used = if row.max_amount.is_some() { live.count(conn).await? } else { 0 };
    let (offering, max_amount) = (row.offering_id, row.max_amount);
    let prices = prices_of(conn, vec![row]).await?.remove(&id);
    Ok(prices.map(|prices| PlanFacts { id, offering, max_amount, used, prices }))
}

/// Prices of these plans.
///
/// # Errors
/// The database failed.
pub async fn prices(conn: &impl ConnectionTrait, plans: &[PlanId]) -> Result<HashMap<PlanId, PlanPrices>, StoreError> {
    if plans.is_empty() {
        return Ok(HashMap::new());
    }
    prices_of(conn, plan::Entity::find().filter(plan::Column::Id.is_in(plans.iter().copied())).all(conn).await?).await
}

async fn prices_of(
    conn: &impl ConnectionTrait,
    rows: Vec<plan::Model>,
) -> Result<HashMap<PlanId, PlanPrices>, StoreError> {
    let what = plan_component::Entity::belongs_to(component::Entity)
        .from(plan_component::Column::ComponentId)
        .to(component::Column::Id);
    let of_these = plan_component::Column::PlanId.is_in(rows.iter().map(|row| row.id));
    let priced = plan_component::Entity::find().filter(of_these);
    let priced = priced.join(JoinType::InnerJoin, what.into()).select_also(component::Entity).all(conn).await?;
    let mut prices: HashMap<PlanId, PlanPrices> = rows
        .into_iter()
        .map(|row| (row.id, PlanPrices { unit_price: row.unit_price, components: Vec::new() }))
        .collect();
    for (row, component) in priced {
        if let (Some(plan), Some(component)) = (prices.get_mut(&row.plan_id), component) {
            plan.components.push(plan_price(&row, &component));
        }
    }
    Ok(prices)
}

/// What a component costs in a plan.
pub(crate) fn plan_price(row: &plan_component::Model, component: &component::Model) -> PlanPrice {
    PlanPrice {
        kind: component.kind.clone(),
        billing_type: component.billing_type,
        is_prepaid: component.is_prepaid,
        price: row.price,
        amount: row.amount,
        factor: component.factor.unwrap_or(1),
    }
}

/// How much of a component is taken: quotas changed since `period_start` (all, when `None`) without the unlimited
/// ones, and the limits of all resources of the offering, terminated ones too, without `except` (spec 7.5).
///
/// # Errors
/// The database failed.
pub async fn limit_use(
    conn: &impl ConnectionTrait,
    (component, kind): (ComponentId, &str),
    offering: OfferingId,
    period_start: Option<Timestamp>,
    except: Option<ResourceId>,
) -> Result<LimitUse, StoreError> {
    let mut quotas = component_quota::Entity::find()
        .filter(component_quota::Column::ComponentId.eq(component))
        .filter(component_quota::Column::MaxValue.ne(-1));
    if let Some(start) = period_start {
        quotas = quotas.filter(component_quota::Column::Modified.gte(start));
    }
    if let Some(resource) = except {
        quotas = quotas.filter(component_quota::Column::ResourceId.ne(resource));
    }
    let in_period: Vec<i64> =
        quotas.select_only().column(component_quota::Column::MaxValue).into_tuple().all(conn).await?;
    Ok(LimitUse {
        in_period: saturating_sum(in_period),
        of_all_resources: limits_of_all(conn, kind, offering, except).await?,
    })
}

async fn limits_of_all(
    conn: &impl ConnectionTrait,
    kind: &str,
    offering: OfferingId,
    except: Option<ResourceId>,
) -> Result<i64, StoreError> {
    let mut sql = "SELECT CAST(limits ->> $1 AS BIGINT) AS value FROM resources WHERE offering_id = $2".to_owned();
    let mut values: Vec<Value> = vec![kind.into(), offering.into()];
    if let Some(resource) = except {
        sql.push_str(" AND id <> $3");
        values.push(resource.into());
    }
    let rows = conn.query_all_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?;
    let limits: Result<Vec<Option<i64>>, _> = rows.iter().map(|row| row.try_get("", "value")).collect();
    Ok(saturating_sum(limits?.into_iter().flatten()))
}

fn saturating_sum(values: impl IntoIterator<Item = i64>) -> i64 {
    values.into_iter().fold(0, i64::saturating_add)
}

/// How many resources of the offering in the project are not terminated.
///
/// # Errors
/// The database failed.
pub async fn live_resources(
    conn: &impl ConnectionTrait,
    offering: OfferingId,
    project: ProjectId,
) -> Result<u64, StoreError> {
    let query = resource::Entity::find()
        .filter(resource::Column::OfferingId.eq(offering))
        .filter(resource::Column::ProjectId.eq(project))
        .filter(resource::Column::State.ne(ResourceState::Terminated));
    Ok(query.count(conn).await?)
}

/// Whether the offering has terms of service in force, and whether the user has consented to them.
///
/// # Errors
/// The database failed.
pub async fn terms(
    conn: &impl ConnectionTrait,
    offering: OfferingId,
    user: mercat_domain::id::UserId,
) -> Result<(bool, bool), StoreError> {
    let sql = "SELECT t.requires_reconsent, t.version, c.version FROM (SELECT 1) AS here \
               LEFT JOIN offering_terms t ON t.offering_id = $1 AND t.is_active \
               LEFT JOIN terms_consents c ON c.offering_id = $1 AND c.user_id = $2 AND c.revoked IS NULL";
    let values = [offering.into(), user.into()];
    let rows = conn.query_all_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?;
    let (mut in_force, mut agreed) = (false, false);
    for row in rows {
        let anew: Option<bool> = row.try_get_by_index(0)?;
        let (terms, consent): (Option<String>, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        in_force |= anew.is_some();
        // Where people have to agree anew, only what they said to this version counts.
        agreed |= consent.is_some() && (anew != Some(true) || consent == terms);
    }
    Ok((in_force, agreed))
}

/// Limits of a resource as `domain` reads them; what is no whole number is left out.
#[must_use]
pub fn limits_from_json(limits: &serde_json::Value) -> BTreeMap<String, i64> {
    let entries = limits.as_object().into_iter().flatten();
    entries.filter_map(|(kind, value)| Some((kind.clone(), value.as_i64()?))).collect()
}

/// The organisations that these projects belong to.
///
/// # Errors
/// The database failed.
pub async fn customers_of(conn: &impl ConnectionTrait, projects: &[ProjectId]) -> Result<Vec<CustomerId>, StoreError> {
    let query = project::Entity::find().filter(project::Column::Id.is_in(projects.iter().copied()));
    Ok(query.select_only().column(project::Column::CustomerId).into_tuple().all(conn).await?)
}
