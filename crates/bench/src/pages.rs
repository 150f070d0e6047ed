//! Pages of the console on a database with a million orders, from the request to the last byte.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use mercat_domain::order::OrderState;
use mercat_store::entity::order::{self, Column};
use mercat_testkit::{Backend, TestApp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, Iden as _, Iterable as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Value,
};

use crate::{figures::Figures, server::Server};

const ORDERS: u32 = 1_000_000;
/// So many wait for somebody.
const WAITING: usize = 60;
const TIMES: usize = 100;

/// Fetches each page again and again, as the owner of the organisation that all orders are of.
pub async fn measure(program: &Path, backend: Backend) -> anyhow::Result<Figures> {
    let app = TestApp::new(backend).await;
    let order = fill(&app).await?;
    let alone = alone(&app).await?;
    let server = Server::start(program, &app)?;
    let session = sign_in(&server)?;
    let mut rows = vec![("the ids of a page, by the database alone", alone)];
    for (what, path) in [
        ("inbox", "/".to_owned()),
        ("list of orders", "/orders/?q=".to_owned()),
        ("list of orders, page 100", "/orders/?q=&page=100".to_owned()),
        ("page of an order", format!("/orders/{order}/")),
    ] {
        rows.push((what, tokio::task::block_in_place(|| times(&server, &session, &path))?));
    }
    Ok(Figures { title: format!("{backend:?}, pages, {ORDERS} orders"), rows })
}

/// Makes some orders as people do, and copies one that is done until there are enough: in other states, each a minute
/// older than the one before. Returns one that waits.
async fn fill(app: &TestApp) -> anyhow::Result<String> {
    let offered = app.offering("Marketplace.Basic").await;
    let done = app.order("own", &offered).await;
    for action in ["approve_by_provider", "set_state_done"] {
        app.post("vown", &format!("/api/marketplace-orders/{done}/{action}/")).await.expect(200);
    }
    let mut waiting = String::new();
    for _ in 0..WAITING {
        waiting = app.order("mgr", &offered).await;
    }
    let names: Vec<String> = Column::iter().map(|column| column.to_string()).collect();
    let values: Vec<String> = Column::iter().map(|column| copied(column, app.backend)).collect();
    let numbers = match app.backend {
        Backend::Sqlite => {
            format!("WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {ORDERS})")
        }
        Backend::Postgres => format!("WITH counted AS (SELECT generate_series(1, {ORDERS}) AS n)"),
    };
    let columns = names.join(", ");
    let wanted = app.order_row(&done).await.slug;
    let sql = format!(
        "INSERT INTO orders ({columns}) {numbers} SELECT {} FROM orders, counted WHERE slug = '{wanted}'",
        values.join(", ")
    );
    let tx = app.app.db.write().await?;
    tx.execute_unprepared(&sql).await.context("copying an order")?;
    tx.execute_unprepared("ANALYZE orders").await?;
    tx.commit().await?;
    Ok(waiting)
}

/// What stands in a column of a copy.
fn copied(column: Column, backend: Backend) -> String {
    let code = |state: OrderState| match Value::from(state) {
        Value::SmallInt(Some(code)) => code.to_string(),
        other => format!("{other:?}"),
    };
    let is_sqlite = backend == Backend::Sqlite;
    match column {
        Column::Id if is_sqlite => "randomblob(16)".to_owned(),
        Column::Id => "gen_random_uuid()".to_owned(),
        Column::Slug => "'bench-' || n".to_owned(),
        Column::Created if is_sqlite => {
            // As it is written by the service, or it would not sort among its own.
            "strftime('%Y-%m-%dT%H:%M:%S', created, '-' || n || ' minutes') || substr(created, 20)".to_owned()
        }
        Column::Created => "created - n * INTERVAL '1 minute'".to_owned(),
        Column::State => format!(
            "CASE n % 20 WHEN 0 THEN {} WHEN 1 THEN {} ELSE state END",
            code(OrderState::Rejected),
            code(OrderState::Erred)
        ),
        other => other.to_string(),
    }
}

/// The database alone: the ids of the newest page of the owner's orders.
async fn alone(app: &TestApp) -> anyhow::Result<Vec<Duration>> {
    let newest = order::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CustomerId.eq(app.world.consumer))
        .order_by_desc(Column::Created)
        .order_by_desc(Column::Id)
        .limit(50);
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let ids: Vec<mercat_domain::id::OrderId> = newest.clone().into_tuple().all(app.app.db.read()).await?;
        anyhow::ensure!(ids.len() == 50, "a page has fifty orders");
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into()
}

/// The cookie of a session.
fn sign_in(server: &Server) -> anyhow::Result<String> {
    let answer = agent().post(format!("http://{}/login/", server.address)).send_form([("token", "token-own")])?;
    let cookie = answer.headers().get("set-cookie").context("a session")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

fn times(server: &Server, session: &str, path: &str) -> anyhow::Result<Vec<Duration>> {
    let (client, mut times, mut size) = (agent(), Vec::new(), 0);
    let mut once = || -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let call = client.get(format!("http://{}{path}", server.address)).header("cookie", session);
        let mut answer = call.call()?;
        anyhow::ensure!(answer.status() == 200, "{path} gave {}", answer.status());
        size = answer.body_mut().read_to_string()?.len();
        Ok(begun.elapsed())
    };
    // The first connects to the database.
    once()?;
    for _ in 0..TIMES {
        times.push(once()?);
    }
    println!("{path}: {size} bytes, not compressed");
    Ok(times)
}
