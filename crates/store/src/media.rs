//! Stored files: the row is the truth; a file without a row is rubbish to be swept.

use mercat_domain::id::MediaId;
use sea_orm::{ConnectionTrait, EntityTrait as _};

use crate::{
    entity::media::{Entity, Model},
    error::StoreError,
};

/// One file's row.
///
/// # Errors
/// The database failed.
pub async fn find(conn: &impl ConnectionTrait, id: MediaId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(conn).await?)
}

/// Removes a file's row.
///
/// # Errors
/// The database failed.
pub async fn delete(conn: &impl ConnectionTrait, id: MediaId) -> Result<(), StoreError> {
    Entity::delete_by_id(id).exec(conn).await?;
    Ok(())
}
