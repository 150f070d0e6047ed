//! Which secret key belongs to the database.

use sea_orm::{ConnectionTrait, EntityTrait as _, Set, sea_query::OnConflict};

use crate::{
    entity::installation::{ActiveModel, Column, Entity},
    error::StoreError,
};

/// The mark of the key that belongs to the database; `None` as long as none does.
///
/// # Errors
/// The database failed.
pub async fn key_mark(conn: &impl ConnectionTrait) -> Result<Option<String>, StoreError> {
    Ok(Entity::find_by_id(1_i16).one(conn).await?.map(|row| row.key_mark))
}

/// Lets this key belong to the database, unless one does.
///
/// # Errors
/// The database failed.
pub async fn offer_key(conn: &impl ConnectionTrait, mark: &str) -> Result<(), StoreError> {
    put(conn, mark, OnConflict::column(Column::Id).do_nothing().to_owned()).await
}

/// Lets this key belong to the database, whichever did.
///
/// # Errors
/// The database failed.
pub async fn set_key(conn: &impl ConnectionTrait, mark: &str) -> Result<(), StoreError> {
    put(conn, mark, OnConflict::column(Column::Id).update_column(Column::KeyMark).to_owned()).await
}

async fn put(conn: &impl ConnectionTrait, mark: &str, on_conflict: OnConflict) -> Result<(), StoreError> {
    let row = ActiveModel { id: Set(1), key_mark: Set(mark.to_owned()) };
    Entity::insert(row).on_conflict(on_conflict).exec_without_returning(conn).await?;
    Ok(())
}
