//! Puts the parts together.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::Context as _;
use mercat_app::{App, Db, SecretKey, admin};
use mercat_domain::time::{Clock, SystemClock};

use crate::{
    config::{Config, Database},
    key,
};

/// The database's address: PostgreSQL as configured, or SQLite in the data folder.
pub fn database_url(config: &Config) -> String {
    if config.database.url.is_empty() { sqlite_url(&config.data.dir) } else { config.database.url.clone() }
}

/// The address of the SQLite file in a folder; letters that mean something in an address are escaped.
fn sqlite_url(dir: &Path) -> String {
    let file = dir.join("mercat.sqlite").display().to_string();
    let escaped = file.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{escaped}?mode=rwc")
}

/// Brings the database up to date and makes sure that the service's key and the default roles are there.
pub async fn prepare(config: &Config) -> anyhow::Result<App> {
    prepare_at(config, Arc::new(SystemClock)).await
}

/// As [`prepare`], with a clock of the caller's.
pub async fn prepare_at(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<App> {
    let dir = &config.data.dir;
    make_private(dir).with_context(|| format!("the data folder {} cannot be made", dir.display()))?;
    let key = key::ensure(dir)?;
    let url = database_url(config);
    Db::migrate(&url).await.context("the database could not be brought up to date")?;
    let app = connect(config, clock, key).await?;
    anyhow::ensure!(admin::claim_key(&app).await?, "{}", foreign_key(config));
    admin::ensure_roles(&app).await?;
    Ok(app)
}

/// Makes a folder that only its owner can enter: it will hold the database and stored files.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

/// Takes the data folder for this process: two servers on one SQLite file would not know of each other.
///
/// The lock ends with the process, or when the returned file is dropped.
pub fn occupy(dir: &Path) -> anyhow::Result<File> {
    make_private(dir).with_context(|| format!("the data folder {} cannot be made", dir.display()))?;
    let path = dir.join("mercat.lock");
    let lock = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
    lock.try_lock().with_context(|| format!("another mercat serves the data folder {}", dir.display()))?;
    Ok(lock)
}

/// Connects to a database that is up to date, for a command beside the service.
pub async fn open(config: &Config) -> anyhow::Result<App> {
    let dir = &config.data.dir;
    anyhow::ensure!(dir.exists(), "there is no data folder {}; name it with --data", dir.display());
    let app = connect(config, Arc::new(SystemClock), key::read(dir)?).await?;
    let pending = app.db.pending_migrations().await.context("the database cannot be read")?;
    anyhow::ensure!(pending.is_empty(), "the database is not up to date; run `mercat migrate`");
    anyhow::ensure!(admin::fits_key(&app).await?, "{}", foreign_key(config));
    Ok(app)
}

/// What is wrong when the key is not the database's, and what to do.
pub fn foreign_key(config: &Config) -> String {
    format!(
        "the database belongs to another key than that in {}; copy the right one from the other server or a backup, or, \
         if it is lost, run `mercat adopt-key`: then hooks get new secrets, and links in mail that was sent do not work \
         any more",
        config.data.dir.join(key::FILE).display()
    )
}

/// Connects to a database as it is.
pub async fn connect(config: &Config, clock: Arc<dyn Clock>, key: SecretKey) -> anyhow::Result<App> {
    let Database { connections, replica_url, .. } = &config.database;
    let mut db = Db::connect(&database_url(config), *connections).await.context("the database cannot be reached")?;
    if !replica_url.is_empty() {
        db = db.with_replica(replica_url, *connections).await.context("database.replica_url")?;
    }
    let files = config.attachments.files(&config.data.dir.join("files"))?;
    Ok(App::new(db, clock, files, config.app(key)))
}
