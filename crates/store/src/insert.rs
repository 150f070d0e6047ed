//! Inserting a row: the same for every table.

use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait as _, IntoActiveModel, ModelTrait};

use crate::error::StoreError;

/// Adds a row.
///
/// # Errors
/// [`StoreError::Duplicate`] when a unique constraint refuses it, or the database failed.
pub async fn insert<M, A>(conn: &impl ConnectionTrait, row: M) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity>,
{
    M::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
}
