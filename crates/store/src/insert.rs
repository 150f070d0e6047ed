//! Inserting a row: the same for every table.

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait};

use crate::error::StoreError;

/// The row of a table.
pub trait Row: ModelTrait + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel> + Send {}

impl<M> Row for M where M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send {}

/// Adds a row.
///
/// # Errors
/// [`StoreError::Duplicate`] when a unique constraint refuses it, or the database failed.
pub async fn insert<M: Row>(conn: &impl ConnectionTrait, row: M) -> Result<(), StoreError> {
    M::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    Ok(())
}

/// Every column of a row as to be written.
pub fn columns<M: Row>(row: M) -> <M::Entity as EntityTrait>::ActiveModel {
    row.into_active_model().reset_all()
}
