//! `mercat doctor`: is everything in place, and what to do if not.

use std::sync::Arc;

use mercat_app::{App, jobs, orders};
use mercat_domain::time::SystemClock;

use crate::{config::Config, output, wire};

/// Runs all checks and fails if one did.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let app = wire::connect(config, Arc::new(SystemClock)).await?;
    let checks = [
        ("database answers", app.db.ping().await.map_err(|e| e.to_string())),
        ("migrations are applied", migrations(&app).await),
        ("files can be listed", app.files.older_than(app.now()).await.map(drop).map_err(|e| e.to_string())),
        ("event log is whole", orders::verify_log(&app).await.map(drop).map_err(|e| e.to_string())),
        ("no job is overdue", jobs::overdue(&app).await.map_err(|e| e.to_string()).and_then(nothing_overdue)),
    ];
    let mut failed = 0;
    for (what, result) in checks {
        match result {
            Ok(()) => output::line(&format!("ok      {what}")),
            Err(why) => {
                failed += 1;
                output::line(&format!("FAILED  {what}: {why}"));
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} of the checks failed");
    Ok(())
}

async fn migrations(app: &App) -> Result<(), String> {
    let pending = app.db.pending_migrations().await.map_err(|e| e.to_string())?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(format!("{} are not; run `mercat migrate`", pending.join(", ")))
}

fn nothing_overdue(jobs: u64) -> Result<(), String> {
    match jobs {
        0 => Ok(()),
        n => Err(format!("{n} jobs are more than a minute late; is `mercat serve` or `mercat worker` running?")),
    }
}
