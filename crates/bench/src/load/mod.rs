//! Lists, counts and details under load, beside the least that the database has to be asked for the same.

mod changes;
mod cpu;
mod floor;
pub mod requests;
mod wide;
mod wrk;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use mercat_store::Db;
use mercat_testkit::Backend;
use sea_orm::{ConnectionTrait as _, Statement};
use serde::Serialize;

use self::{
    requests::{Paths, Request},
    wrk::{Asked, Seen},
};
use crate::{Set, server::Server};

/// So many ask at once, unless others are wanted.
pub const CLIENTS: [usize; 3] = [1, 8, 32];
/// Each figure is measured so often, in turn with its floor.
const ROUNDS: usize = 3;
/// And each time for so long, in seconds.
const SPAN: u64 = 2;

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
    /// Ours in units of the floor's: the middle one of the rounds, and the others.
    of_floor: f64,
    of_floor_least: f64,
    of_floor_most: f64,
}

/// Measures every request whose name holds `only` with every number of clients.
///
/// # Errors
/// Something could not be started, or a request failed.
pub async fn measure(program: &Path, set: &Set, only: &str, clients: &[usize]) -> anyhow::Result<Vec<Row>> {
    let db = Db::connect(&set.url, 8).await?;
    let database = postmaster(&db, set.backend).await?;
    let begun = Instant::now();
    let server = Server::start(program, &set.url, &set.folder)?;
    let first = format!("http://{}/api/marketplace-orders/", server.address);
    tokio::task::block_in_place(|| ureq::get(first).header("Authorization", "Token bench-staff").call())?;
    println!("\n{:?}, from the start to the first list: {} ms", set.backend, begun.elapsed().as_millis());
    let mut rows = Vec::new();
    heading(set.backend);
    let backend = db.read().get_database_backend();
    let mut requests = requests::all(&db, backend).await?;
    requests.extend(changes::all(&db, backend).await?);
    let is_asked = |request: &Request| request.what.contains(only) && request.least_orders <= set.orders;
    for request in requests.into_iter().filter(is_asked) {
        for &clients in clients {
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

/// One round: what wrk saw, the processors' time of server and database, and the floor.
struct Round {
    seen: Seen,
    server: Duration,
    database: Duration,
    floor: f64,
}

impl Round {
    fn requests_a_second(&self) -> f64 {
        self.seen.requests as f64 * 1e6 / self.seen.micros as f64
    }

    fn of_floor(&self) -> f64 {
        self.requests_a_second() / self.floor
    }
}

async fn row(
    set: &Set,
    db: &Db,
    server: &Server,
    database: Option<u32>,
    request: &Request,
    clients: usize,
) -> anyhow::Result<Row> {
    // The first ones connect to the database and plan their statements.
    ask(db, server, request, clients, 1).await?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round(set, db, server, database, request, clients).await?);
    }
    rounds.sort_by(|a, b| a.of_floor().total_cmp(&b.of_floor()));
    let (least, most) = (rounds[0].of_floor(), rounds[ROUNDS - 1].of_floor());
    let middle = rounds.swap_remove(ROUNDS / 2);
    let each = |time: Duration| time.as_secs_f64() * 1_000.0 / middle.seen.requests as f64;
    let ms = |micros: u64| micros as f64 / 1_000.0;
    Ok(Row {
        what: request.what,
        clients,
        requests_a_second: middle.requests_a_second(),
        p50_ms: ms(middle.seen.p50),
        p95_ms: ms(middle.seen.p95),
        p99_ms: ms(middle.seen.p99),
        server_cpu_ms: each(middle.server),
        database_cpu_ms: each(middle.database),
        bytes: middle.seen.bytes / middle.seen.requests,
        floor: middle.floor,
        of_floor: middle.of_floor(),
        of_floor_least: least,
        of_floor_most: most,
    })
}

async fn round(
    set: &Set,
    db: &Db,
    server: &Server,
    database: Option<u32>,
    request: &Request,
    clients: usize,
) -> anyhow::Result<Round> {
    let busy = || (cpu::of(server.id()), database.map(cpu::of_family).unwrap_or_default());
    let before = busy();
    let seen = ask(db, server, request, clients, SPAN).await?;
    let after = busy();
    let Seen { requests, failed, .. } = seen;
    anyhow::ensure!(failed == 0 && requests > 0, "{}: {failed} of {requests} failed", request.what);
    let floor = match set.backend {
        Backend::Sqlite => floor::sqlite(db, request, clients, SPAN).await?,
        Backend::Postgres => tokio::task::block_in_place(|| floor::postgres(&set.url, request, clients, SPAN))?,
    };
    // Processes of the database that ended meanwhile take their time with them.
    let (server, database) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    Ok(Round { seen, server, database, floor })
}

async fn ask(db: &Db, server: &Server, request: &Request, clients: usize, seconds: u64) -> anyhow::Result<Seen> {
    let paths = match &request.paths {
        Paths::One(path) => vec![path.clone()],
        Paths::Pending(action) => {
            let pending = changes::pending(db).await?;
            pending.iter().map(|id| format!("/api/marketplace-orders/{id}/{action}")).collect()
        }
    };
    let token = format!("bench-{}", request.viewer);
    let (host, body) = (&server.address, request.body.as_deref());
    let asked = Asked { method: request.method, host, paths: &paths, token: &token, connects: request.connects, body };
    tokio::task::block_in_place(|| wrk::load(asked, clients, seconds))
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

/// The rows as a table of a document.
pub fn table(title: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "\n### {title}\n\n| request | clients | requests/s | p50 ms | p95 ms | p99 ms | server CPU ms | database CPU ms | \
         bytes | floor/s | of the floor | spread |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    for row in rows {
        text.push_str(&format!(
            "| {} | {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {} | {:.0} | {:.2} | {:.2}–{:.2} |\n",
            row.what,
            row.clients,
            row.requests_a_second,
            row.p50_ms,
            row.p95_ms,
            row.p99_ms,
            row.server_cpu_ms,
            row.database_cpu_ms,
            row.bytes,
            row.floor,
            row.of_floor,
            row.of_floor_least,
            row.of_floor_most
        ));
    }
    text
}

/// How many requests a second there are at each size of the set, and how much longer the largest takes than the one before.
pub fn growth(title: &str, sizes: &[(usize, Vec<Row>)]) -> String {
    let heads: String = sizes.iter().map(|(orders, _)| format!(" {orders} orders |")).collect();
    let mut text = format!(
        "\n### {title}, requests a second\n\n| request | clients |{heads} times as long |\n|---|--:|{}--:|\n",
        "--:|".repeat(sizes.len())
    );
    let Some(((_, largest), smaller)) = sizes.split_last() else { return text };
    for row in largest {
        let same = |other: &&Row| other.what == row.what && other.clients == row.clients;
        let at = |rows: &[Row]| rows.iter().find(same).map(|row| row.requests_a_second);
        let before: Vec<Option<f64>> = smaller.iter().map(|(_, rows)| at(rows)).collect();
        let shown = |figure: &Option<f64>| figure.map_or_else(|| " – |".to_owned(), |figure| format!(" {figure:.0} |"));
        let cells: String = before.iter().chain([&Some(row.requests_a_second)]).map(shown).collect();
        let times = before.last().copied().flatten().map(|before| before / row.requests_a_second);
        let times = times.map_or_else(|| "–".to_owned(), |times| format!("{times:.2}"));
        text.push_str(&format!("| {} | {} |{cells} {times} |\n", row.what, row.clients));
    }
    text
}

fn heading(backend: Backend) {
    println!(
        "\n{:<34} {:>3} {:>7} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>8} {:>6} {:>11}",
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
        "ratio",
        "spread"
    );
}

impl Row {
    fn print(&self) {
        println!(
            "{:<34} {:>3} {:>7.0} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7} {:>8.0} {:>6.2} {:>11}",
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
            self.of_floor,
            format!("{:.2}-{:.2}", self.of_floor_least, self.of_floor_most)
        );
    }
}
