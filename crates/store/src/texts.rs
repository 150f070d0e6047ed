//! What orders are found by, as triggers of the database keep it (migration `m0008_texts`), and how it is searched.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement,
    sea_query::{BinOper, Expr, ExprTrait as _, Func, Query, SelectStatement},
};

use crate::{db::hold_changes, error::StoreError, list::contains};

/// The index knows where three characters stand in a row; shorter texts are looked for everywhere.
const SHORTEST: usize = 3;

/// What stands between the texts of an order. Nobody types it; if they do, it would lead from one text into the next.
const BETWEEN: char = '\u{1f}';

/// Ids of the orders in whose texts this one stands, in any case.
pub(crate) fn orders_with(text: &str, backend: DbBackend) -> SelectStatement {
    let is_known = text.chars().count() >= SHORTEST;
    let found = match backend {
        _ if text.contains(BETWEEN) => Expr::val(1).eq(0),
        DbBackend::Sqlite if is_known => {
            let phrase = format!("\"{}\"", text.replace('"', "\"\""));
            let matches = Expr::col("order_texts_search").binary(BinOper::Custom("MATCH"), Expr::val(phrase));
            let rows = Query::select().column("rowid").from("order_texts_search").and_where(matches).take();
            Expr::col("n").in_subquery(rows)
        }
        DbBackend::Postgres if is_known => {
            let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            Expr::col("text").binary(BinOper::Like, Func::lower(Expr::val(format!("%{plain}%"))))
        }
        _ => contains("text", text),
    };
    Query::select().column("order_id").from("order_texts").and_where(found).take()
}

/// How many orders are found by something else than what they are called.
///
/// # Errors
/// The database failed.
pub async fn wrong(conn: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let sql =
        "SELECT COUNT(*) FROM order_texts_due AS due LEFT JOIN order_texts AS kept ON kept.order_id = due.order_id
               WHERE kept.text IS NULL OR kept.text <> due.text";
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await?;
    let wrong = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(wrong.unwrap_or_default().try_into().unwrap_or_default())
}

/// Writes down anew what orders are found by, in a transaction for which all changes of orders and resources wait.
///
/// # Errors
/// The database failed.
pub async fn rebuild(conn: &DatabaseTransaction) -> Result<(), StoreError> {
    hold_changes(conn).await?;
    conn.execute_unprepared("DELETE FROM order_texts").await?;
    let sql = "INSERT INTO order_texts (order_id, text) SELECT order_id, text FROM order_texts_due";
    conn.execute_unprepared(sql).await?;
    Ok(())
}
