//! Projects.

use chrono::NaiveDate;
use mercat_domain::id::{CustomerId, ProjectId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    entity::{
        order,
        project::{Column, Entity},
        resource,
    },
    error::StoreError,
};

/// Sets the day on which a project begins. `false`: there is no such project.
///
/// # Errors
/// The database failed.
pub async fn set_start_date(
    conn: &impl ConnectionTrait,
    id: ProjectId,
    day: Option<NaiveDate>,
) -> Result<bool, StoreError> {
    let written =
        Entity::update_many().col_expr(Column::StartDate, Expr::val(day)).filter(Column::Id.eq(id)).exec(conn).await?;
    Ok(written.rows_affected == 1)
}

/// Writes the organisation that a project has moved to into its resources and orders.
///
/// # Errors
/// The database failed.
pub async fn moved(conn: &impl ConnectionTrait, id: ProjectId, customer: CustomerId) -> Result<(), StoreError> {
    resource::Entity::update_many()
        .col_expr(resource::Column::CustomerId, Expr::val(customer))
        .filter(resource::Column::ProjectId.eq(id))
        .exec(conn)
        .await?;
    order::Entity::update_many()
        .col_expr(order::Column::CustomerId, Expr::val(customer))
        .filter(order::Column::ProjectId.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}
