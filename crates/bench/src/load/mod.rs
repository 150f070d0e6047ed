//! Lists, counts and details under load, beside the least that the database has to be asked for the same.

mod cpu;
mod floor;
mod requests;
mod wide;
mod wrk;

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use mercat_store::Db;
use mercat_testkit::Backend;
use sea_orm::{ConnectionTrait as _, Statement};
use serde::Serialize;

use self::requests::Request;
use crate::{Set, server::Server};

/// At once.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// Each figure is measured for so long, in seconds.
const SPAN: u64 = 3;

/// A line of the table.
#[derive(Serialize)]
pub struct Row {
    what: &'static str,
    clients: usize,
    requests_a_second: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    /// Of the processor, for one request.
    server_cpu_ms: f64,
    /// The same of the database's processes; SQLite's is the server's.
    database_cpu_ms: f64,
    /// With its headers.
    bytes: u64,
    /// The floor's requests a second.
    floor: f64,
    /// Ours in units of the floor's.
    of_floor: f64,
}

/// Measures every request with every number of clients.
///
/// # Errors
/// Something could not be started, or a request failed.
pub async fn measure(program: &Path, set: &Set) -> anyhow::Result<Vec<Row>> {
    let db = Db::connect(&set.url, 8).await?;
    let database = postmaster(&db, set.backend).await?;
    let server = Server::start(program, &set.url, set.folder.path())?;
    let mut rows = Vec::new();
    heading(set.backend);
    for request in requests::all(&db, db.read().get_database_backend()).await? {
        for clients in CLIENTS {
            let row = row(set, &db, &server, database, &request, clients).await?;
            row.print();
            rows.push(row);
        }
    }
    println!(
        "memory of the server: {} MB of its own, {} MB with files",
        server.memory("RssAnon")?,
        server.memory("VmRSS")?
    );
    Ok(rows)
}

async fn row(
    set: &Set,
    db: &Db,
    server: &Server,
    database: Option<u32>,
    request: &Request,
    clients: usize,
) -> anyhow::Result<Row> {
    let url = format!("http://{}{}", server.address, request.path);
    let token = format!("bench-{}", request.viewer);
    let busy = || (cpu::of(server.id()), database.map(cpu::of_family).unwrap_or_default());
    // The first ones connect to the database and plan their statements.
    tokio::task::block_in_place(|| wrk::load(&url, &token, clients, 1))?;
    let before = busy();
    let seen = tokio::task::block_in_place(|| wrk::load(&url, &token, clients, SPAN))?;
    let after = busy();
    anyhow::ensure!(
        seen.failed == 0 && seen.requests > 0,
        "{}: {} of {} failed",
        request.what,
        seen.failed,
        seen.requests
    );
    let floor = match set.backend {
        Backend::Sqlite => floor::sqlite(db, &request.statements, clients, SPAN).await?,
        Backend::Postgres => {
            tokio::task::block_in_place(|| floor::postgres(&set.url, &request.statements, clients, SPAN))?
        }
    };
    let each = |time: Duration| time.as_secs_f64() * 1_000.0 / seen.requests as f64;
    let requests_a_second = seen.requests as f64 * 1e6 / seen.micros as f64;
    let ms = |micros: u64| micros as f64 / 1_000.0;
    Ok(Row {
        what: request.what,
        clients,
        requests_a_second,
        p50_ms: ms(seen.p50),
        p95_ms: ms(seen.p95),
        p99_ms: ms(seen.p99),
        server_cpu_ms: each(after.0 - before.0),
        database_cpu_ms: each(after.1 - before.1),
        bytes: seen.bytes / seen.requests,
        floor,
        of_floor: requests_a_second / floor,
    })
}

/// The process under which PostgreSQL's others are, if it runs here.
async fn postmaster(db: &Db, backend: Backend) -> anyhow::Result<Option<u32>> {
    if backend == Backend::Sqlite {
        return Ok(None);
    }
    let sql = Statement::from_string(db.read().get_database_backend(), "SELECT pg_backend_pid()");
    let row = db.read().query_one_raw(sql).await?.context("a backend has an id")?;
    Ok(cpu::parent(row.try_get_by_index::<i32>(0)?.unsigned_abs()))
}

fn heading(backend: Backend) {
    println!(
        "\n{:<34} {:>3} {:>7} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>8} {:>6}",
        format!("{backend:?}, under load"),
        "c",
        "req/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "cpu ms",
        "db ms",
        "bytes",
        "floor/s",
        "ratio"
    );
}

impl Row {
    fn print(&self) {
        println!(
            "{:<34} {:>3} {:>7.0} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7} {:>8.0} {:>6.2}",
            self.what,
            self.clients,
            self.requests_a_second,
            self.p50_ms,
            self.p95_ms,
            self.p99_ms,
            self.server_cpu_ms,
            self.database_cpu_ms,
            self.bytes,
            self.floor,
            self.of_floor
        );
    }
}
