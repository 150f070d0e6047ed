//! Numbers for order slugs: one counter a prefix (spec 7.7).

use mercat_domain::slug;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    entity::{
        order::{Column, Entity as Orders},
        slug_counter::{self, Entity as Counters},
    },
    error::StoreError,
};

/// The next free slug with this prefix; nobody else gets it, even if the transaction is slow.
///
/// # Errors
/// The database failed.
pub async fn next_slug(conn: &impl ConnectionTrait, prefix: &str) -> Result<String, StoreError> {
    loop {
        let counted = Counters::update_many()
            .col_expr(slug_counter::Column::Last, Expr::col(slug_counter::Column::Last).add(1))
            .filter(slug_counter::Column::Prefix.eq(prefix))
            .exec_with_returning(conn)
            .await?;
        let Some(counter) = counted.first() else {
            start_counter(conn, prefix).await?;
            continue;
        };
        let slug = format!("{prefix}-{}", counter.last);
        // Staff may have chosen this very slug for another order.
        if !slug_is_taken(conn, &slug).await? {
            return Ok(slug);
        }
    }
}

async fn start_counter(conn: &impl ConnectionTrait, prefix: &str) -> Result<(), StoreError> {
    // A range instead of LIKE is served by the unique index on both databases.
    let taken: Vec<String> = Orders::find()
        .select_only()
        .column(Column::Slug)
        .filter(Column::Slug.gte(format!("{prefix}-")).and(Column::Slug.lt(format!("{prefix}."))))
        .into_tuple()
        .all(conn)
        .await?;
    let next = slug::next_slug(prefix, taken.iter().map(String::as_str));
    let next: i64 = next.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(1);
    let counter = slug_counter::ActiveModel { prefix: sea_orm::Set(prefix.to_owned()), last: sea_orm::Set(next - 1) };
    let first_wins = OnConflict::column(slug_counter::Column::Prefix).do_nothing().to_owned();
    Counters::insert(counter).on_conflict(first_wins).exec_without_returning(conn).await?;
    Ok(())
}

/// Whether an order has this slug.
///
/// # Errors
/// The database failed.
pub async fn slug_is_taken(conn: &impl ConnectionTrait, slug: &str) -> Result<bool, StoreError> {
    Ok(Orders::find().filter(Column::Slug.eq(slug)).one(conn).await?.is_some())
}
