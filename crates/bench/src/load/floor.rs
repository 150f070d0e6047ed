//! The databases alone, asked for the same: what no service above them can be quicker than.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::future::try_join_all;
use mercat_store::Db;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::requests::Request;

/// Runs of the statements a second, by pgbench with prepared statements.
///
/// # Errors
/// pgbench is not there or failed.
pub fn postgres(url: &str, request: &Request, clients: usize, seconds: u64) -> anyhow::Result<f64> {
    let folder = tempfile::TempDir::new()?;
    let script = folder.path().join("floor.sql");
    let said = |sql: &String| sql.replace('\n', " ").replace("{n}", ":n").replace("{m}", ":m") + ";\n";
    let lines: String = request.statements.iter().map(said).collect();
    std::fs::write(&script, request.changes.map_or(lines.clone(), |known| change(&lines, known)))?;
    let mut pgbench = Command::new(program());
    pgbench.args(["-n", "-M", "prepared", "-j1", &format!("-c{clients}"), &format!("-T{seconds}"), "-f"]);
    let answer = pgbench.arg(script).arg(url).output().context("pgbench cannot be started")?;
    let printed = String::from_utf8_lossy(&answer.stdout);
    let told = || format!("pgbench: {printed}{}", String::from_utf8_lossy(&answer.stderr));
    let line = printed.lines().find_map(|line| line.strip_prefix("tps = ")).with_context(told)?;
    line.split(' ').next().and_then(|number| number.parse().ok()).with_context(told)
}

fn change(lines: &str, known: u64) -> String {
    format!("\\set n random(1, {known})\n\\set m random(1, 900000000000000)\nBEGIN;\n{lines}COMMIT;\n")
}

#[expect(clippy::disallowed_methods, reason = "xtask knows where PostgreSQL's programs are")]
fn program() -> std::ffi::OsString {
    std::env::var_os("MERCAT_PGBENCH").unwrap_or_else(|| "pgbench".into())
}

/// The same on SQLite, through its driver, in this process.
///
/// # Errors
/// The database failed.
pub async fn sqlite(db: &Db, request: &Request, clients: usize, seconds: u64) -> anyhow::Result<f64> {
    let (begun, end) = (Instant::now(), Duration::from_secs(seconds));
    let client = || async move {
        let mut runs = 0_u32;
        while begun.elapsed() < end {
            if let Some(known) = request.changes {
                let tx = db.write().await?;
                run(&tx, &request.statements, known).await?;
                tx.commit().await?;
            } else {
                run(db.read(), &request.statements, 1).await?;
            }
            runs += 1;
        }
        anyhow::Ok(runs)
    };
    let runs: u32 = try_join_all((0..clients).map(|_| client())).await?.iter().sum();
    Ok(f64::from(runs) / begun.elapsed().as_secs_f64())
}

async fn run(conn: &impl ConnectionTrait, statements: &[String], known: u64) -> anyhow::Result<()> {
    let chance: (u64, u64) = (rand::random_range(1..=known), rand::random_range(1..900_000_000_000_000));
    for sql in statements {
        let mut values: Vec<Value> = Vec::new();
        let mut said = sql.clone();
        for (word, value) in [("{n}", chance.0), ("{m}", chance.1)] {
            if said.contains(word) {
                values.push(i64::try_from(value)?.into());
                said = said.replace(word, &format!("${}", values.len()));
            }
        }
        conn.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, said, values)).await?;
    }
    Ok(())
}
