//! Work that the service itself does later. A job's row goes in the transaction that does its work, so it happens
//! once; a crash before the commit leaves the row for the next try.

use mercat_domain::{id::JobId, time::Timestamp};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict},
};

use crate::{
    entity::job::{ActiveModel, Column, Entity, Model},
    error::StoreError,
};

/// The job that is due first, locked until the transaction ends; jobs that another worker holds are passed over.
///
/// # Errors
/// The database failed.
pub async fn claim(conn: &impl ConnectionTrait, now: Timestamp) -> Result<Option<Model>, StoreError> {
    let query = Entity::find()
        .filter(Column::Due.lte(now))
        .order_by_asc(Column::Due)
        .order_by_asc(Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(query.one(conn).await?)
}

/// When the next job is due.
///
/// # Errors
/// The database failed.
pub async fn next_due(conn: &impl ConnectionTrait) -> Result<Option<Timestamp>, StoreError> {
    #[derive(FromQueryResult)]
    struct Due {
        due: Timestamp,
    }
    let query = Entity::find().select_only().column(Column::Due).order_by_asc(Column::Due).limit(1);
    Ok(query.into_model::<Due>().one(conn).await?.map(|row| row.due))
}

/// How many jobs are due before `time`.
///
/// # Errors
/// The database failed.
pub async fn due_before(conn: &impl ConnectionTrait, time: Timestamp) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::Due.lt(time)).count(conn).await?)
}

/// Takes a finished job out of the queue.
///
/// # Errors
/// The database failed.
pub async fn delete(conn: &impl ConnectionTrait, id: JobId) -> Result<(), StoreError> {
    Entity::delete_by_id(id).exec(conn).await?;
    Ok(())
}

/// Puts a job into the queue. One with its id that is there stays, but is due at `latest` then.
///
/// The row is locked either way: whoever is doing that very job is waited for, so that what the caller leaves for the
/// job is either seen by it or has a job of its own.
///
/// # Errors
/// The database failed.
pub async fn insert_once(conn: &impl ConnectionTrait, job: Model, latest: Timestamp) -> Result<(), StoreError> {
    let pulled_in = OnConflict::column(Column::Id)
        .value(Column::Due, Expr::value(latest))
        .action_and_where(Expr::col((Entity, Column::Due)).gt(latest))
        .to_owned();
    let row = job.into_active_model().reset_all();
    Entity::insert(row).on_conflict(pulled_in).exec_without_returning(conn).await?;
    Ok(())
}

/// The clock was set back to `now`. Jobs that were to be done at once when they were made are due; failed ones try again at
/// `latest`. Standing jobs, which are about nothing in particular, keep their time.
///
/// # Errors
/// The database failed.
pub async fn pull_in(conn: &impl ConnectionTrait, now: Timestamp, latest: Timestamp) -> Result<(), StoreError> {
    let at_once = Entity::update_many().col_expr(Column::Due, Expr::value(now)).filter(Column::Created.gt(now));
    let at_once = at_once.filter(Column::Attempts.eq(0)).filter(Column::Subject.ne(uuid::Uuid::nil()));
    at_once.filter(Expr::col(Column::Due).lte(Expr::col(Column::Created))).exec(conn).await?;
    let failed = Entity::update_many().col_expr(Column::Due, Expr::value(latest)).filter(Column::Attempts.gt(0));
    failed.filter(Column::Due.gt(latest)).exec(conn).await?;
    Ok(())
}

/// Lets a job that was done come again.
///
/// # Errors
/// The database failed.
pub async fn repeat(conn: &impl ConnectionTrait, job: &Model, due: Timestamp) -> Result<(), StoreError> {
    let change =
        ActiveModel { id: Set(job.id), due: Set(due), attempts: Set(0), last_error: Set(None), ..Default::default() };
    Entity::update(change).exec(conn).await?;
    Ok(())
}

/// Puts a failed job off.
///
/// # Errors
/// The database failed.
pub async fn put_off(conn: &impl ConnectionTrait, job: &Model, due: Timestamp, error: &str) -> Result<(), StoreError> {
    let change = ActiveModel {
        id: Set(job.id),
        due: Set(due),
        attempts: Set(job.attempts + 1),
        last_error: Set(Some(error.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(conn).await?;
    Ok(())
}

/// The jobs about one object, the first that is due first.
///
/// # Errors
/// The database failed.
pub async fn of_subject(conn: &impl ConnectionTrait, subject: uuid::Uuid) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::Subject.eq(subject)).order_by_asc(Column::Due).all(conn).await?)
}
