//! Projects.

use chrono::NaiveDate;
use mercat_domain::id::ProjectId;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    entity::project::{Column, Entity},
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
