//! `mercat worker`.

use mercat_app::jobs;

use crate::{config::Config, wire};

/// Works until it is told to stop.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let (app, sender) = (wire::prepare(config).await?, config.sender()?);
    anyhow::ensure!(
        app.db.is_shared(),
        "a worker of its own needs PostgreSQL (--database-url): on SQLite `mercat serve` does the work"
    );
    jobs::ensure_standing(&app).await?;
    tracing::info!("working");
    mercat_worker::run(app, sender, super::serve::told_to_stop()).await;
    Ok(())
}
