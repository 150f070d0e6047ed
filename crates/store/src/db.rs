//! Connections: the one place that knows pool sizes, pragmas and how a transaction begins.

use std::{num::NonZero, sync::Arc, time::Duration};

use mercat_domain::time::Timestamp;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _, sqlx::Connection as _,
};

use crate::{
    error::StoreError,
    migration,
    reference::{Kept, References},
};

/// How long a reader waits for a connection to the replica before the database itself is asked.
const REPLICA_PATIENCE: Duration = Duration::from_secs(1);

/// Connections to one database. Cheap to clone.
///
/// SQLite has one writer: its pool of one queues writers fairly instead of letting them spin on the file lock.
#[derive(Debug, Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    replica: Option<DatabaseConnection>,
    references: Arc<References>,
}

impl Db {
    /// Connects to `sqlite://path?mode=rwc` or `postgres://…` with at most `connections` connections.
    ///
    /// # Errors
    /// The address is malformed or the database cannot be reached.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        let (reads, writes) = if url.starts_with("sqlite") {
            // It works in this process: more readers than processors only take turns.
            let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
            (connections.min(processors.saturating_mul(2).try_into().unwrap_or(connections)), 1)
        } else {
            // Changes do not wait behind lists.
            (connections - connections / 2, connections / 2)
        };
        let read = Database::connect(options(url, reads.max(1))).await?;
        let write = Database::connect(options(url, writes.max(1))).await?;
        Ok(Self { read, write, replica: None, references: Arc::default() })
    }

    /// Reads lists of orders from a replica at `url` too, with as many connections. It need not be there yet, or always.
    ///
    /// # Errors
    /// The address is malformed.
    pub async fn with_replica(mut self, url: &str, connections: u32) -> Result<Self, StoreError> {
        let mut options = options(url, connections);
        options.connect_lazy(true).acquire_timeout(REPLICA_PATIENCE);
        self.replica = Some(Database::connect(options).await?);
        Ok(self)
    }

    /// Brings the schema up to date; one file of SQL each, in order.
    ///
    /// # Errors
    /// A migration failed; nothing of it was applied.
    pub async fn migrate(url: &str) -> Result<(), StoreError> {
        let single = Database::connect(options(url, 1)).await?;
        let migrated = migration::up(&single).await;
        single.close().await?;
        migrated
    }

    /// Changes whenever a migration does: names databases that tests share.
    #[must_use]
    pub fn schema_fingerprint() -> String {
        migration::fingerprint()
    }

    /// Names of migrations that have not been applied yet.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        migration::pending(&self.read).await
    }

    /// For statements that only read.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The replica, if there is one.
    pub(crate) const fn replica(&self) -> Option<&DatabaseConnection> {
        self.replica.as_ref()
    }

    /// Where references are read and kept, for what is committed.
    #[must_use]
    pub fn kept(&self) -> Kept<'_, DatabaseConnection> {
        Kept { conn: &self.read, references: &self.references }
    }

    /// What this process keeps of what orders refer to.
    #[must_use]
    pub fn references(&self) -> &References {
        &self.references
    }

    /// A write transaction. On SQLite it takes the write lock at once: a read snapshot cannot be upgraded later.
    ///
    /// # Errors
    /// No connection became free in time.
    pub async fn write(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Whether several processes may work on this database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// What time it is for a database that may run on another machine; `None` for one inside this process.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        if !self.is_shared() {
            return Ok(None);
        }
        let asked =
            self.read.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()")).await?;
        Ok(asked.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    /// Closes all connections; what is running finishes first.
    ///
    /// # Errors
    /// A connection did not close cleanly.
    pub async fn close(self) -> Result<(), StoreError> {
        self.write.close_by_ref().await?;
        if let Some(replica) = &self.replica {
            replica.close_by_ref().await?;
        }
        Ok(self.read.close().await?)
    }
}

/// Lets all other changes of orders and resources wait for the end of this transaction; on SQLite they do anyway.
pub(crate) async fn hold_changes(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE resources, orders IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Lets no other change count until the transaction ends: what counts on PostgreSQL does so behind this row.
pub(crate) async fn hold_counts(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SELECT 1 FROM event_head FOR UPDATE").await?;
    }
    Ok(())
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(15))
        // To ask before each statement whether the database is there takes as long as many statements. After a pause it is
        // asked: then a database that was started again costs hardly anybody an answer.
        .test_before_acquire_if_idle_for(Duration::from_millis(100))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|o| {
            o.options([
                // Joins are planned in the order they are written: planning many of them took 40 ms, running them 2 ms.
                ("join_collapse_limit", "1"),
                // Each statement is planned once. What its plan depends on stands in its text (`order::text`).
                ("plan_cache_mode", "force_generic_plan"),
                // Compiling what reads some rows took 25 ms.
                ("jit", "off"),
            ])
        })
        // SQLite ends a transaction by itself when there is no room, and the driver believes it to be open: what is committed
        // next on such a connection might be part of a transaction that nobody commits. It is not used again.
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            let is_usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_usable) })
        })
        .map_sqlx_sqlite_opts(|o| {
            o.foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                // An acknowledged change survives a power cut, not only a crash of the process.
                .pragma("synchronous", "FULL")
                .pragma("temp_store", "MEMORY")
                // Rows travel between threads: a page of a list at once, not by halves.
                .row_buffer_size(512)
                // Pages are read where the system has them, not copied by a call each: a third of the time of a deep page.
                .pragma("mmap_size", "2147418112")
                .collation("DECIMAL", compare_decimals)
        });
    options
}

/// Orders money by value: it is stored as text on SQLite, where `9` would come after `10`.
fn compare_decimals(left: &str, right: &str) -> std::cmp::Ordering {
    let parse = |text: &str| text.parse::<mercat_domain::money::Money>().ok();
    parse(left).cmp(&parse(right))
}
