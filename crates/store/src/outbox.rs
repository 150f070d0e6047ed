//! Messages that have to leave the process: written in the commit of the change that they tell of.

use mercat_domain::{id::OrderId, time::Timestamp};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set,
    prelude::Json,
};

use crate::{
    entity::outbox::{ActiveModel, Column, Entity, Model},
    error::StoreError,
};

/// A message before it has its number.
#[derive(Debug, Clone)]
pub struct Message {
    /// `callback` or `mail`.
    pub kind: &'static str,
    /// The order that it is about; messages about one order leave in the order of their numbers.
    pub order: OrderId,
    /// What the sender of this kind needs.
    pub payload: Json,
}

/// Adds messages, due at once.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &impl ConnectionTrait, messages: Vec<Message>, now: Timestamp) -> Result<(), StoreError> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = messages.into_iter().map(|message| ActiveModel {
        id: NotSet,
        kind: Set(message.kind.to_owned()),
        order_id: Set(message.order),
        payload: Set(message.payload),
        created: Set(now),
        due: Set(now),
        attempts: Set(0),
        last_error: Set(None),
        delivered: Set(None),
    });
    Entity::insert_many(rows).exec_without_returning(conn).await?;
    Ok(())
}

/// The messages about one order, oldest first.
///
/// # Errors
/// The database failed.
pub async fn of_order(conn: &impl ConnectionTrait, order: OrderId) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::OrderId.eq(order)).order_by_asc(Column::Id).all(conn).await?)
}
