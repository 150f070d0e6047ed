//! `mercat demo`: a believable world on a fresh SQLite file, made by the same use cases that serve it.

mod catalogue;
mod guide;
mod people;
mod story;
mod tokens;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use chrono::TimeDelta;
use mercat_app::{App, AppError, Begun, Tx, auth, collection::Input};
use mercat_domain::time::{Clock as _, FixedClock, SystemClock, Timestamp};
use serde_json::Value;

use crate::{
    cli::Place,
    cmd,
    config::{Config, MailTransport, Range},
    output, telemetry, wire,
};

/// How far back the demo's orders go.
const HISTORY: TimeDelta = TimeDelta::days(120);
/// Where the demo's mail goes.
pub const MAIL: &str = "mail";
/// What the demo writes into its folder; nothing else is deleted by `--reset`.
const FILES: &[&str] = &["mercat.sqlite", "mercat.sqlite-wal", "mercat.sqlite-shm", tokens::FILE];

/// Makes the world if it is not there, prints the way in, and serves.
pub async fn run(data: PathBuf, listen: SocketAddr, reset: bool) -> anyhow::Result<()> {
    let _occupied = wire::occupy(&data)?;
    if reset {
        clear(&data)?;
    }
    let mut config = Config::load(&Place { data: Some(data.clone()), ..Place::default() })?;
    config.database.url.clear();
    config.server.listen = listen;
    config.log.filter = "warn".to_owned();
    stay_here(&mut config)?;
    telemetry::start(&config.log);
    if !data.join(tokens::FILE).exists() {
        output::line("Making the demo world …");
        clear(&data)?;
        make(&config, SystemClock.now()).await?;
    }
    let app = wire::prepare(&config).await?;
    let guide = guide::Guide::new(&app, tokens::load(&data)?, &config.data.dir.join(MAIL)).await?;
    cmd::serve(app, &config, people::to_be(), |address| guide.print(address)).await
}

/// Mail goes into a folder, and callbacks may come back to this machine, so that both can be tried without a network.
fn stay_here(config: &mut Config) -> anyhow::Result<()> {
    config.mail.transport = MailTransport::Folder;
    config.mail.folder = config.data.dir.join(MAIL);
    let here = ["127.0.0.0/8", "::1"].map(|range| Range::try_from(range.to_owned()).map_err(anyhow::Error::msg));
    config.outgoing.allowed_ranges = here.into_iter().collect::<Result<_, _>>()?;
    config.outgoing.allow_http = true;
    Ok(())
}

/// Removes what an earlier demo left. A file that is in the way stops the demo rather than being lost.
fn clear(data: &Path) -> anyhow::Result<()> {
    let is_demo = data.join(tokens::FILE).exists();
    let has_database = data.join("mercat.sqlite").exists();
    anyhow::ensure!(
        is_demo || !has_database || data.join(tokens::UNFINISHED).exists(),
        "{} holds a database that is not the demo's; choose another folder with --data",
        data.display()
    );
    for name in FILES {
        remove(&data.join(name))?;
    }
    // Somebody else's mail may lie in a folder that was not ours yet.
    let folders: &[&str] = if has_database { &["files", MAIL] } else { &["files"] };
    for folder in folders.iter().map(|name| data.join(name)).filter(|folder| folder.exists()) {
        std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    Ok(())
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}

/// Lives through the demo's history with a clock of its own, so that all times are as if it had happened.
async fn make(config: &Config, now: Timestamp) -> anyhow::Result<()> {
    let dir = &config.data.dir;
    std::fs::write(dir.join(tokens::UNFINISHED), "")?;
    let clock = Arc::new(FixedClock::new(now - HISTORY));
    let app = wire::prepare_at(config, clock.clone()).await?;
    let people = people::make(&app).await?;
    let catalogue = catalogue::make(&app, &people).await?;
    let told = story::Told { app: &app, sender: &config.sender()?, clock: &clock };
    story::tell(told, &people, &catalogue, now).await?;
    tokens::make(&app, dir, &people).await?;
    app.db.close().await?;
    remove(&dir.join(tokens::UNFINISHED))
}

/// Begins a change by one of the people.
async fn begin(app: &App, name: &str) -> anyhow::Result<Tx> {
    let actor = auth::actor_named(app, name).await?;
    match app.begin(actor, None).await? {
        Begun::Fresh(tx) => Ok(tx),
        Begun::Replayed(_) => anyhow::bail!("the demo uses no idempotency keys"),
    }
}

/// What the API would have read from a body, by column.
fn input(value: Value) -> Result<Input, AppError> {
    serde_json::from_value(value).map_err(|error| AppError::Internal(error.to_string()))
}
