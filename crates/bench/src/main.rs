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
        /// How many orders there are: may be given several times, the largest last, to see how each request grows
        #[arg(long, default_value = "1000000")]
        orders: Vec<usize>,
        /// sqlite or postgres, in place of both
        #[arg(long, value_name = "DATABASE", value_parser = backend_named)]
        on: Option<Backend>,
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
        Task::Measure { program, file, orders, on, sets, only, clients } => {
            let backends = on.map_or(vec![Backend::Sqlite, Backend::Postgres], |one| vec![one]);
            let bench = Bench { program, orders, sets, only, clients };
            bench.run(&backends, &file).await
        }
        Task::Data { orders, database_url } => fill(&database_url, orders).await,
    }
}

fn backend_named(name: &str) -> Result<Backend, String> {
    match name {
        "sqlite" => Ok(Backend::Sqlite),
        "postgres" => Ok(Backend::Postgres),
        _ => Err("it is sqlite or postgres".to_owned()),
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
        let file = url.trim_start_matches("sqlite://").split('?').next().unwrap_or_default();
        anyhow::ensure!(
            backend == Backend::Postgres || file.ends_with("/mercat.sqlite"),
            "{url}: the server looks for its database under the name mercat.sqlite; call the file so"
        );
        let orders = data::make(url, made.path(), orders).await?;
        data::forget_key(url).await?;
        let folder = Path::new(file).parent().filter(|_| backend == Backend::Sqlite);
        let folder = folder.unwrap_or(made.path()).to_owned();
        Ok(Self { backend, url: url.clone(), folder, orders, _made: Some(made) })
    }
}

/// What is measured.
struct Bench {
    program: PathBuf,
    orders: Vec<usize>,
    sets: Vec<String>,
    only: Option<String>,
    clients: Vec<usize>,
}

/// What was measured.
#[derive(Default)]
struct Results {
    all: Vec<serde_json::Value>,
    slow: Vec<String>,
    tables: String,
}

impl Bench {
    async fn run(self, backends: &[Backend], file: &Path) -> anyhow::Result<()> {
        let mut results = Results::default();
        for backend in backends {
            self.measure(*backend, &mut results).await?;
        }
        let Results { all, slow, tables } = results;
        std::fs::write(file, serde_json::to_string_pretty(&all)?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        std::fs::write(file.with_extension("md"), tables)?;
        anyhow::ensure!(slow.is_empty(), "slower than {:?}: {}", pages::LIMIT, slow.join("; "));
        Ok(())
    }

    async fn measure(&self, backend: Backend, results: &mut Results) -> anyhow::Result<()> {
        if self.only.is_none() {
            let push = push::measure(&self.program, backend).await?;
            push.print();
            results.all.push(push.to_json());
        }
        let mut sizes = Vec::new();
        for (at, &orders) in self.orders.iter().enumerate() {
            let set = Set::find_or_make(backend, orders, &self.sets).await?;
            if self.only.is_none() && at + 1 == self.orders.len() {
                let pages = pages::measure(&self.program, &set).await?;
                for figures in &pages {
                    figures.print();
                    results.all.push(figures.to_json());
                    results.slow.extend(figures.slower_than(pages::LIMIT));
                }
            }
            let rows =
                load::measure(&self.program, &set, self.only.as_deref().unwrap_or_default(), &self.clients).await?;
            let title = format!("{backend:?}, {} orders", set.orders);
            results.tables.push_str(&load::table(&title, &rows));
            results.all.push(serde_json::json!({ "database": format!("{title}, under load"), "rows": rows }));
            sizes.push((set.orders, rows));
        }
        if sizes.len() > 1 {
            results.tables.push_str(&load::growth(&format!("{backend:?}, growth"), &sizes));
        }
        Ok(())
    }
}
