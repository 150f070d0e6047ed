//! `cargo xtask bench`: what the service costs beside the database that it stands on, both measured in one run.
#![expect(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

mod figures;
mod listen;
mod pages;
mod push;
mod server;

use std::path::PathBuf;

use anyhow::Context as _;
use mercat_testkit::Backend;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "mercat-bench PROGRAM FILE: the release build to measure, and the file for the figures";
    let (program, file) = (arguments.next().context(usage)?, arguments.next().context(usage)?);
    let mut all = Vec::new();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        for figures in [push::measure(&program, backend).await?, pages::measure(&program, backend).await?] {
            figures.print();
            all.push(figures.to_json());
        }
    }
    std::fs::write(&file, serde_json::to_string_pretty(&all)?)
        .with_context(|| format!("{} cannot be written", file.display()))
}
