//! `cargo xtask bench`: what the service costs beside the database that it stands on, both measured in one run.
#![expect(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

mod data;
mod figures;
mod listen;
mod load;
mod pages;
#[cfg(test)]
mod plans;
mod push;
mod server;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use mercat_testkit::Backend;

#[derive(Parser)]
#[command(about = "What the service costs beside its database")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure a release build
    Measure {
        /// The release build
        program: PathBuf,
        /// The file for the figures
        file: PathBuf,
        /// How many orders there are
        #[arg(long, default_value_t = 1_000_000)]
        orders: usize,
        /// A database that `data` has filled, in place of making one: may be given for each kind. Its orders are changed
        #[arg(long = "set", value_name = "DATABASE_URL")]
        sets: Vec<String>,
        /// Only requests whose name holds this text, and nothing else
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        /// How many ask at once: may be given several times
        #[arg(long, default_values_t = load::CLIENTS)]
        clients: Vec<usize>,
    },
    /// Fill a database with the data set of the peer's report
    Data {
        /// How many orders
        #[arg(long, default_value_t = 100_000)]
        orders: usize,
        /// The database: `sqlite://FILE?mode=rwc` or `postgres://…`
        #[arg(long)]
        database_url: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Measure { program, file, orders, sets, only, clients } => {
            measure(program, file, orders, &sets, only, &clients).await
        }
        Task::Data { orders, database_url } => fill(&database_url, orders).await,
    }
}

async fn fill(url: &str, orders: usize) -> anyhow::Result<()> {
    let files = tempfile::TempDir::new()?;
    data::make(url, files.path(), orders).await?;
    println!("{orders} orders. Sign in as:");
    for (name, what) in data::PEOPLE {
        println!("  {:<16} {what}", format!("bench-{name}"));
    }
    Ok(())
}

/// A database with the data set.
struct Set {
    backend: Backend,
    url: String,
    /// Where the server's files are, and SQLite's database.
    folder: PathBuf,
    orders: usize,
    /// Deletes the folder when this is dropped.
    _made: Option<tempfile::TempDir>,
}

impl Set {
    /// One of the given databases, or a new one.
    async fn find_or_make(backend: Backend, orders: usize, given: &[String]) -> anyhow::Result<Self> {
        let made = tempfile::TempDir::new()?;
        let scheme = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
        let Some(url) = given.iter().find(|url| url.starts_with(scheme)) else {
            let url = backend.create(made.path()).await;
            let orders = data::make(&url, made.path(), orders).await?;
            return Ok(Self { backend, url, folder: made.path().to_owned(), orders, _made: Some(made) });
        };
        let orders = data::make(url, made.path(), orders).await?;
        data::forget_key(url).await?;
        let file = url.trim_start_matches("sqlite://").split('?').next().map(PathBuf::from);
        let folder = file.as_deref().filter(|_| backend == Backend::Sqlite).and_then(Path::parent);
        let folder = folder.unwrap_or(made.path()).to_owned();
        Ok(Self { backend, url: url.clone(), folder, orders, _made: Some(made) })
    }
}

async fn measure(
    program: PathBuf,
    file: PathBuf,
    orders: usize,
    sets: &[String],
    only: Option<String>,
    clients: &[usize],
) -> anyhow::Result<()> {
    let (mut all, mut slow, mut tables) = (Vec::new(), Vec::new(), String::new());
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let set = Set::find_or_make(backend, orders, sets).await?;
        if only.is_none() {
            let push = push::measure(&program, backend).await?;
            let pages = pages::measure(&program, &set).await?;
            for figures in std::iter::once(&push).chain(&pages) {
                figures.print();
                all.push(figures.to_json());
            }
            slow.extend(pages.iter().flat_map(|figures| figures.slower_than(pages::LIMIT)));
        }
        let load = load::measure(&program, &set, only.as_deref().unwrap_or_default(), clients).await?;
        tables.push_str(&load::table(&format!("{backend:?}, {} orders", set.orders), &load));
        all.push(
            serde_json::json!({ "database": format!("{backend:?}, {} orders, under load", set.orders), "rows": load }),
        );
    }
    std::fs::write(&file, serde_json::to_string_pretty(&all)?)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    std::fs::write(file.with_extension("md"), tables)?;
    anyhow::ensure!(slow.is_empty(), "slower than {:?}: {}", pages::LIMIT, slow.join("; "));
    Ok(())
}
