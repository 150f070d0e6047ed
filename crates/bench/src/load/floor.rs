//! The databases alone, asked for the same: what no service above them can be quicker than.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::future::try_join_all;
use mercat_store::Db;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

/// Runs of the statements a second, by pgbench with prepared statements.
///
/// # Errors
/// pgbench is not there or failed.
pub fn postgres(url: &str, statements: &[String], clients: usize, seconds: u64) -> anyhow::Result<f64> {
    let folder = tempfile::TempDir::new()?;
    let script = folder.path().join("floor.sql");
    let lines: Vec<String> = statements.iter().map(|sql| sql.replace('\n', " ") + ";\n").collect();
    std::fs::write(&script, lines.concat())?;
    let mut pgbench = Command::new(program());
    pgbench.args(["-n", "-M", "prepared", "-j1", &format!("-c{clients}"), &format!("-T{seconds}"), "-f"]);
    let answer = pgbench.arg(script).arg(url).output().context("pgbench cannot be started")?;
    let printed = String::from_utf8_lossy(&answer.stdout);
    let told = || format!("pgbench: {printed}{}", String::from_utf8_lossy(&answer.stderr));
    let line = printed.lines().find_map(|line| line.strip_prefix("tps = ")).with_context(told)?;
    line.split(' ').next().and_then(|number| number.parse().ok()).with_context(told)
}

#[expect(clippy::disallowed_methods, reason = "xtask knows where PostgreSQL's programs are")]
fn program() -> std::ffi::OsString {
    std::env::var_os("MERCAT_PGBENCH").unwrap_or_else(|| "pgbench".into())
}

/// The same on SQLite, through its driver, in this process.
///
/// # Errors
/// The database failed.
pub async fn sqlite(db: &Db, statements: &[String], clients: usize, seconds: u64) -> anyhow::Result<f64> {
    let (begun, end) = (Instant::now(), Duration::from_secs(seconds));
    let client = || async move {
        let mut runs = 0_u32;
        while begun.elapsed() < end {
            for sql in statements {
                db.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
            }
            runs += 1;
        }
        anyhow::Ok(runs)
    };
    let runs: u32 = try_join_all((0..clients).map(|_| client())).await?.iter().sum();
    Ok(f64::from(runs) / begun.elapsed().as_secs_f64())
}
