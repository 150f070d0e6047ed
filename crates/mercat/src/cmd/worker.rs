//! `mercat worker`.

use mercat_app::{App, jobs};

/// Works until it is told to stop.
pub async fn run(app: App) -> anyhow::Result<()> {
    anyhow::ensure!(
        app.db.is_shared(),
        "a worker of its own needs PostgreSQL (--database-url): on SQLite `mercat serve` does the work"
    );
    jobs::ensure_standing(&app).await?;
    tracing::info!("working");
    mercat_worker::run(app, super::serve::told_to_stop()).await;
    Ok(())
}
