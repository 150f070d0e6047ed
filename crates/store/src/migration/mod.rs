//! Migrations: one file of SQL each, applied in order, each in a transaction, on both databases.
//!
//! A migration that has been released is never edited; the next one changes what it made.

mod sql;

use std::collections::HashSet;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _,
};
use sha2::{Digest as _, Sha256};

pub(crate) use self::sql::{COST_ORDER, NO_VALUE};
use crate::error::StoreError;

/// The SQL of a migration.
enum Sql {
    /// One text for both databases; [`sql`] has the words that differ.
    Both(&'static str),
    /// A text for each, where more differs than words.
    Each { sqlite: &'static str, postgres: &'static str },
}

impl Sql {
    const fn of(&self, backend: DbBackend) -> &'static str {
        match (self, backend) {
            (Self::Both(sql), _) | (Self::Each { sqlite: sql, .. }, DbBackend::Sqlite) => sql,
            (Self::Each { postgres, .. }, _) => postgres,
        }
    }
}

/// Name and SQL of each migration, oldest first.
const MIGRATIONS: &[(&str, Sql)] = &[
    ("m0001_initial", Sql::Both(include_str!("m0001_initial.sql"))),
    ("m0002_marketplace", Sql::Both(include_str!("m0002_marketplace.sql"))),
    ("m0003_indexes", Sql::Both(include_str!("m0003_indexes.sql"))),
    ("m0004_outgoing", Sql::Both(include_str!("m0004_outgoing.sql"))),
    ("m0005_installation", Sql::Both(include_str!("m0005_installation.sql"))),
    ("m0006_saved_views", Sql::Both(include_str!("m0006_saved_views.sql"))),
    (
        "m0007_counts",
        Sql::Each {
            sqlite: concat!(
                include_str!("m0007_counts.sqlite.sql"),
                include_str!("m0007_counts.sql"),
                include_str!("m0007_statistics.sqlite.sql")
            ),
            postgres: concat!(include_str!("m0007_counts.postgres.sql"), include_str!("m0007_counts.sql")),
        },
    ),
    (
        "m0008_texts",
        Sql::Each {
            sqlite: include_str!("m0008_texts.sqlite.sql"),
            postgres: include_str!("m0008_texts.postgres.sql"),
        },
    ),
    (
        "m0009_reference",
        Sql::Each {
            sqlite: include_str!("m0009_reference.sqlite.sql"),
            postgres: include_str!("m0009_reference.postgres.sql"),
        },
    ),
    (
        "m0010_days",
        Sql::Each { sqlite: include_str!("m0010_days.sqlite.sql"), postgres: include_str!("m0010_days.postgres.sql") },
    ),
    (
        "m0011_offerings",
        Sql::Each {
            sqlite: include_str!("m0011_offerings.sqlite.sql"),
            postgres: include_str!("m0011_offerings.postgres.sql"),
        },
    ),
    (
        "m0012_head",
        Sql::Each { sqlite: include_str!("m0012_head.sqlite.sql"), postgres: include_str!("m0012_head.postgres.sql") },
    ),
    (
        "m0013_marks",
        Sql::Each {
            sqlite: include_str!("m0013_marks.sqlite.sql"),
            postgres: include_str!("m0013_marks.postgres.sql"),
        },
    ),
];

/// Serialises migrating processes on PostgreSQL: any constant will do.
const ADVISORY_LOCK: i64 = 0x6d65_7263_6174;

/// Applies the migrations that are missing; does nothing on an up-to-date database.
///
/// `conn` has to be a pool of one connection: on PostgreSQL a session lock keeps two starting servers apart.
///
/// # Errors
/// The database's own error, naming the statement that failed.
pub(crate) async fn up(conn: &DatabaseConnection) -> Result<(), StoreError> {
    let locks = conn.get_database_backend() == DbBackend::Postgres;
    if locks {
        conn.execute_unprepared(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})")).await?;
    }
    let migrated = apply_missing(conn).await;
    if locks {
        conn.execute_unprepared(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")).await?;
    }
    migrated
}

async fn apply_missing(conn: &DatabaseConnection) -> Result<(), StoreError> {
    conn.execute_unprepared("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)").await?;
    let applied = applied(conn).await?;
    for (name, sql) in MIGRATIONS.iter().filter(|(name, _)| !applied.contains(*name)) {
        let backend = conn.get_database_backend();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let tx = conn.begin_with_options(options).await?;
        tx.execute_unprepared(&sql::for_backend(sql.of(backend), backend)).await?;
        let note = "INSERT INTO migrations (name) VALUES ($1)";
        tx.execute_raw(Statement::from_sql_and_values(backend, note, [(*name).into()])).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn applied(conn: &DatabaseConnection) -> Result<HashSet<String>, StoreError> {
    let names = Statement::from_string(conn.get_database_backend(), "SELECT name FROM migrations");
    let rows = conn.query_all_raw(names).await?;
    Ok(rows.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?)
}

/// Names of the migrations that this build knows and the database lacks.
///
/// # Errors
/// The database's own error; also when it was never migrated.
pub(crate) async fn pending(conn: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    let applied = applied(conn).await?;
    Ok(MIGRATIONS.iter().filter(|(name, _)| !applied.contains(*name)).map(|(name, _)| (*name).to_owned()).collect())
}

/// The first digits of a hash over all migrations.
pub(crate) fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for (name, sql) in MIGRATIONS {
        hash.update([*name, sql.of(DbBackend::Sqlite), sql.of(DbBackend::Postgres)].concat());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
