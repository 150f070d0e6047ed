//! Resources: the row, guarded writes, and their component quotas.

use mercat_domain::{
    id::{CategoryId, ComponentId, ProjectId, ResourceId},
    order::ResourceState,
    time::Timestamp,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict, Query},
};

use crate::{
    entity::{
        component_quota, offering,
        resource::{ActiveModel, Column, Entity, Model},
    },
    error::StoreError,
};

/// A resource.
///
/// # Errors
/// The database failed.
pub async fn find(conn: &impl ConnectionTrait, id: ResourceId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(conn).await?)
}

/// A resource, locked until the transaction ends.
///
/// # Errors
/// The database failed.
pub async fn lock(conn: &impl ConnectionTrait, id: ResourceId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(conn).await?)
}

/// Writes `change` if the resource still has `version`. `false`: somebody else was first.
///
/// # Errors
/// The database failed.
pub async fn update(
    conn: &impl ConnectionTrait,
    id: ResourceId,
    version: i64,
    mut change: ActiveModel,
) -> Result<bool, StoreError> {
    change.id = NotSet;
    let written = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::val(version + 1))
        .filter(Column::Id.eq(id).and(Column::Version.eq(version)))
        .exec(conn)
        .await?;
    Ok(written.rows_affected == 1)
}

/// Sets the allocated amount of components; rows are made where there are none.
///
/// # Errors
/// The database failed.
pub async fn set_quotas(conn: &impl ConnectionTrait, rows: Vec<component_quota::Model>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let replace = OnConflict::columns([component_quota::Column::ResourceId, component_quota::Column::ComponentId])
        .update_columns([component_quota::Column::MaxValue, component_quota::Column::Modified])
        .to_owned();
    component_quota::Entity::insert_many(
        rows.into_iter().map(|row| ActiveModelTrait::reset_all(row.into_active_model())),
    )
    .on_conflict(replace)
    .exec_without_returning(conn)
    .await?;
    Ok(())
}

/// A quota row before it is stored.
#[must_use]
pub fn quota(
    id: uuid::Uuid,
    resource: ResourceId,
    component: ComponentId,
    limit: i64,
    now: Timestamp,
) -> component_quota::Model {
    component_quota::Model {
        id,
        resource_id: resource,
        component_id: component,
        max_value: limit,
        used: mercat_domain::money::Money::ZERO,
        modified: now,
    }
}

#[derive(FromQueryResult)]
struct CategoryCount {
    project_id: ProjectId,
    category_id: CategoryId,
    total: i64,
}

/// How many resources that are not terminated each of these projects has in each category.
///
/// # Errors
/// The database failed.
pub async fn by_category(
    conn: &impl ConnectionTrait,
    projects: &[ProjectId],
) -> Result<Vec<(ProjectId, CategoryId, u64)>, StoreError> {
    let offering = Expr::col((offering::Entity, offering::Column::Id));
    let mut query = Query::select();
    query
        .column((Entity, Column::ProjectId))
        .column((offering::Entity, offering::Column::CategoryId))
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from(Entity)
        .inner_join(offering::Entity, offering.equals((Entity, Column::OfferingId)))
        .and_where(Column::ProjectId.is_in(projects.iter().copied()))
        .and_where(Column::State.ne(ResourceState::Terminated))
        .group_by_columns([(Entity, Column::ProjectId)])
        .group_by_col((offering::Entity, offering::Column::CategoryId));
    let rows = conn.query_all(&query).await?;
    let counts: Result<Vec<CategoryCount>, _> =
        rows.iter().map(|row| CategoryCount::from_query_result(row, "")).collect();
    Ok(counts?.into_iter().map(|row| (row.project_id, row.category_id, row.total.unsigned_abs())).collect())
}
