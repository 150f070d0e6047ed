//! `cargo xtask bench`: measures the release build beside the databases alone.

use crate::{apt, cargo, environment, postgres, process, workspace};
use anyhow::{Context, Result};

/// Where the figures of the last run are.
const FIGURES: &str = "bench.json";

/// Builds, measures, and says where the figures are.
///
/// # Errors
/// When something could not be built or started, or when anything was lost or came twice.
pub fn run(arguments: &[String]) -> Result<()> {
    process::run(&mut cargo::cargo(&["build", "--release", "--package", "mercat", "--package", "mercat-bench"]))?;
    if environment::on_path("wrk").is_none() {
        apt::install(&["wrk"])?;
    }
    let server = match environment::value(environment::POSTGRES) {
        Some(_) => None,
        None => Some(
            postgres::start(postgres::Purpose::Measurements)
                .context("PostgreSQL, beside which the service is measured")?,
        ),
    };
    let release = workspace::target().join("release");
    let figures = workspace::target().join(FIGURES);
    let mut bench = std::process::Command::new(release.join("mercat-bench"));
    bench.arg("measure").arg(release.join("mercat")).arg(&figures).args(arguments);
    bench.env(environment::PGBENCH, postgres::programs()?.join("pgbench"));
    if let Some(server) = &server {
        bench.env(environment::POSTGRES, server.url());
    }
    process::run(&mut bench)?;
    println!("\nthe same as JSON: {}, and as tables: {}", figures.display(), figures.with_extension("md").display());
    Ok(())
}
