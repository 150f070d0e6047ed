//! A database per test: a file of its own, or a copy of one migrated template on the server that xtask started.

use std::path::Path;

use mercat_store::Db;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use uuid::Uuid;

/// Serialises the making of the template between test processes.
const TEMPLATE_LOCK: &str = "SELECT pg_advisory_lock(77201)";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder of the test's own.
    Sqlite,
    /// A database of the test's own on the server of `MERCAT_TEST_POSTGRES`.
    Postgres,
}

impl Backend {
    /// Makes a migrated database and returns its address.
    pub async fn create(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => {
                let url = format!("sqlite://{}?mode=rwc", folder.join("mercat.sqlite").display());
                Db::migrate(&url).await.unwrap();
                url
            }
            Self::Postgres => copy_template().await,
        }
    }

    /// Makes an empty database and returns its address.
    pub async fn create_empty(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}?mode=rwc", folder.join("empty.sqlite").display()),
            Self::Postgres => create_database("template0").await,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the address of the test server comes from xtask by the environment")]
fn server() -> String {
    std::env::var("MERCAT_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("MERCAT_TEST_POSTGRES is not set: run the tests with `cargo xtask test`, which starts a PostgreSQL")
    })
}

/// The address of another database on the same server.
fn sibling(name: &str) -> String {
    let server = server();
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

async fn admin() -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(server());
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn copy_template() -> String {
    let template = format!("mercat_template_{}", Db::schema_fingerprint());
    let admin = admin().await;
    admin.execute_unprepared(TEMPLATE_LOCK).await.unwrap();
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    let statement = Statement::from_sql_and_values(admin.get_database_backend(), sql, [template.clone().into()]);
    if admin.query_one_raw(statement).await.unwrap().is_none() {
        let draft = create_database("template0").await;
        Db::migrate(&draft).await.unwrap();
        let (_, draft) = draft.rsplit_once('/').unwrap();
        admin.execute_unprepared(&format!("ALTER DATABASE {draft} RENAME TO {template}")).await.unwrap();
    }
    // Closing gives the lock back.
    admin.close().await.unwrap();
    create_database(&template).await
}

async fn create_database(template: &str) -> String {
    let name = format!("mercat_{}", fresh().simple());
    let admin = admin().await;
    admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await.unwrap();
    admin.close().await.unwrap();
    sibling(&name)
}

#[expect(clippy::disallowed_methods, reason = "names of test databases only have to differ")]
fn fresh() -> Uuid {
    Uuid::new_v4()
}
