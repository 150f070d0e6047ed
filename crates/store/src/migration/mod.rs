//! Migrations: one file of SQL each, applied in order, each in a transaction, on both databases.
//!
//! A migration that has been released is never edited; the next one changes what it made.

mod sql;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

/// Name and SQL of each migration, oldest first.
const MIGRATIONS: &[(&str, &str)] = &[("m0001_initial", include_str!("m0001_initial.sql"))];

/// Serialises migrating processes on PostgreSQL: any constant will do.
const ADVISORY_LOCK: i64 = 0x6d65_7263_6174;

struct SqlFile(&'static str, &'static str);

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = sql::for_backend(self.1, manager.get_database_backend());
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }

    // SQLite migrations run outside a transaction unless told otherwise.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        MIGRATIONS.iter().map(|(name, sql)| Box::new(SqlFile(name, sql)) as Box<dyn MigrationTrait>).collect()
    }
}

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
    let migrated = Migrator::up(conn, None).await;
    if locks {
        conn.execute_unprepared(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")).await?;
    }
    Ok(migrated?)
}

/// Names of the migrations that this build knows and the database lacks.
///
/// # Errors
/// The database's own error.
pub(crate) async fn pending(conn: &DatabaseConnection) -> Result<Vec<String>, StoreError> {
    Ok(Migrator::get_pending_migrations(conn).await?.iter().map(|m| m.name().to_owned()).collect())
}

/// The first digits of a hash over all migrations.
pub(crate) fn fingerprint() -> String {
    let mut hash = Sha256::new();
    MIGRATIONS.iter().for_each(|(name, sql)| hash.update([*name, *sql].concat()));
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
