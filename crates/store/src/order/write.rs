//! Writes of orders: guarded by the version that the decision was made on.

use mercat_domain::{
    id::{CustomerId, OrderId, ProjectId, ResourceId},
    order::OrderState,
};
use sea_orm::{
    ActiveValue::NotSet,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, JoinType},
};

use crate::{
    entity::{
        order::{ActiveModel, Column, Entity, Model},
        resource,
    },
    error::StoreError,
};

/// The order's own row, locked until the transaction ends: a second decision waits for the first and sees its result.
///
/// # Errors
/// The database failed.
pub async fn lock(conn: &impl ConnectionTrait, id: OrderId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(conn).await?)
}

/// The same with the row of its resource, locked too.
///
/// # Errors
/// The database failed.
pub async fn lock_with_resource(
    conn: &impl ConnectionTrait,
    id: OrderId,
) -> Result<Option<(Model, resource::Model)>, StoreError> {
    let of = Entity::belongs_to(resource::Entity).from(Column::ResourceId).to(resource::Column::Id);
    let found = Entity::find_by_id(id).join(JoinType::InnerJoin, of.into()).select_also(resource::Entity);
    // Every order has one: a foreign key holds it.
    Ok(found.lock_exclusive().one(conn).await?.and_then(|(order, resource)| Some((order, resource?))))
}

/// Writes `change` if the order still has `version`; the version grows by one. `false`: somebody else was first.
///
/// # Errors
/// The database failed.
pub async fn update(
    conn: &impl ConnectionTrait,
    id: OrderId,
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

/// Removes an order that still has `version`. `false`: somebody else was first.
///
/// # Errors
/// The database failed.
pub async fn delete(conn: &impl ConnectionTrait, id: OrderId, version: i64) -> Result<bool, StoreError> {
    let gone = Entity::delete_many().filter(Column::Id.eq(id).and(Column::Version.eq(version))).exec(conn).await?;
    Ok(gone.rows_affected == 1)
}

/// Orders of a resource in one of these states.
///
/// # Errors
/// The database failed.
pub async fn of_resource(
    conn: &impl ConnectionTrait,
    resource: ResourceId,
    states: &[OrderState],
) -> Result<Vec<Model>, StoreError> {
    let query = Entity::find()
        .filter(Column::ResourceId.eq(resource))
        .filter(Column::State.is_in(states.iter().copied()))
        .order_by_asc(Column::Created);
    Ok(query.all(conn).await?)
}

/// Ids of a project's orders in one state.
///
/// # Errors
/// The database failed.
pub async fn of_project(
    conn: &impl ConnectionTrait,
    project: ProjectId,
    state: OrderState,
) -> Result<Vec<OrderId>, StoreError> {
    let query = Entity::find().filter(Column::ProjectId.eq(project)).filter(Column::State.eq(state));
    Ok(query.select_only().column(Column::Id).into_tuple().all(conn).await?)
}

/// How many other orders of the same resource and type are executing (spec 15.4).
///
/// # Errors
/// The database failed.
pub async fn executing_siblings(conn: &impl ConnectionTrait, order: &Model) -> Result<u64, StoreError> {
    let query = Entity::find()
        .filter(Column::ResourceId.eq(order.resource_id))
        .filter(Column::State.eq(OrderState::Executing))
        .filter(Column::OrderType.eq(order.order_type))
        .filter(Column::Id.ne(order.id));
    Ok(query.count(conn).await?)
}

/// Writes where the orders of a resource belong after it has moved.
///
/// # Errors
/// The database failed.
pub async fn moved(
    conn: &impl ConnectionTrait,
    resource: ResourceId,
    project: ProjectId,
    customer: CustomerId,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::ProjectId, Expr::val(project))
        .col_expr(Column::CustomerId, Expr::val(customer))
        .filter(Column::ResourceId.eq(resource))
        .exec(conn)
        .await?;
    Ok(())
}
