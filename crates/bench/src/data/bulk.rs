//! Orders and resources in bulk: narrow rows first, from which the database makes the wide ones.

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use mercat_app::App;
use mercat_domain::{id::UserId, order::OrderState};
use mercat_store::{counts, order, texts};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, sea_query::Value};
use uuid::Uuid;

use super::{
    begin,
    line::{Line, customer_of},
    reference::Reference,
};

/// So many orders in one statement.
const BATCH: usize = 5_000;

/// How many orders there are.
pub async fn count(app: &App) -> anyhow::Result<usize> {
    let conn = app.db.read();
    let sql = Statement::from_string(conn.get_database_backend(), "SELECT COUNT(*) FROM orders");
    let row = conn.query_one_raw(sql).await?.context("a count")?;
    Ok(usize::try_from(row.try_get_by_index::<i64>(0)?)?)
}

/// Makes them.
pub async fn make(app: &App, reference: &Reference, users: &[UserId], orders: usize) -> anyhow::Result<()> {
    let tx = app.db.write().await?;
    let backend = tx.get_database_backend();
    let style = ProgressStyle::with_template("{msg:<12} {bar:40} {human_pos}/{human_len} orders, {eta} to go")?;
    let bar = ProgressBar::new(u64::try_from(orders)?).with_style(style).with_message("orders");
    prepare(&tx, reference, users).await?;
    for first in (0..orders).step_by(BATCH) {
        let last = orders.min(first + BATCH);
        let lines: Vec<String> = (first..last).map(|r| narrow(&Line::of(r), backend)).collect();
        tx.execute_unprepared(&format!("INSERT INTO bench_lines VALUES {}", lines.join(", "))).await?;
        for sql in [RESOURCES, ORDERS] {
            tx.execute_unprepared(&spoken(sql, backend)).await?;
        }
        tx.execute_unprepared("DELETE FROM bench_lines").await?;
        bar.set_position(u64::try_from(last)?);
    }
    bar.set_message("statistics");
    for table in ["bench_lines", "bench_projects", "bench_offerings", "bench_users"] {
        tx.execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    if backend == DbBackend::Postgres {
        // As a replica it wrote down nothing about what came.
        counts::rebuild(&tx).await?;
        texts::rebuild(&tx).await?;
    } else {
        while order::divide_marks(&tx).await? {}
    }
    tx.execute_unprepared("ANALYZE").await?;
    tx.commit().await?;
    bar.finish();
    Ok(())
}

async fn prepare(tx: &DatabaseTransaction, reference: &Reference, users: &[UserId]) -> anyhow::Result<()> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Sqlite {
        tx.execute_unprepared("PRAGMA cache_size = -1000000").await?;
    } else {
        // What is made here leads to rows that are there; asking each time would take as long as all the rest.
        tx.execute_unprepared("SET LOCAL session_replication_role = replica").await?;
        tx.execute_unprepared("SET LOCAL synchronous_commit = off").await?;
    }
    for sql in [
        "CREATE TEMP TABLE bench_lines (r INTEGER, state SMALLINT, order_type SMALLINT, name TEXT, resource_state TEXT,
         project INTEGER, offering INTEGER, creator INTEGER, id {uuid}, resource_id {uuid})",
        "CREATE TEMP TABLE bench_projects (n INTEGER PRIMARY KEY, id {uuid}, customer_id {uuid})",
        "CREATE TEMP TABLE bench_offerings (n INTEGER PRIMARY KEY, id {uuid}, plan_id {uuid}, provider_id {uuid})",
        "CREATE TEMP TABLE bench_users (n INTEGER PRIMARY KEY, id {uuid})",
    ] {
        tx.execute_unprepared(&spoken(sql, backend)).await?;
    }
    for (n, project) in reference.projects.iter().enumerate() {
        row(tx, "bench_projects", n, &[(*project).into(), reference.customers[customer_of(n)].into()]).await?;
    }
    for (n, (offering, plan)) in reference.offerings.iter().enumerate() {
        let provider = reference.customers[n / 10];
        row(tx, "bench_offerings", n, &[(*offering).into(), (*plan).into(), provider.into()]).await?;
    }
    for (n, user) in users.iter().enumerate() {
        row(tx, "bench_users", n, &[(*user).into()]).await?;
    }
    Ok(())
}

async fn row(tx: &DatabaseTransaction, table: &str, n: usize, ids: &[Uuid]) -> anyhow::Result<()> {
    let ids: Vec<String> = ids.iter().map(|id| literal(*id, tx.get_database_backend())).collect();
    tx.execute_unprepared(&format!("INSERT INTO {table} VALUES ({n}, {})", ids.join(", "))).await?;
    Ok(())
}

fn literal(id: Uuid, backend: DbBackend) -> String {
    let mark = if backend == DbBackend::Sqlite { "x" } else { "" };
    format!("{mark}'{}'", id.simple())
}

fn narrow(line: &Line, backend: DbBackend) -> String {
    let code = |value: Value| match value {
        Value::SmallInt(Some(code)) => code,
        _ => 0,
    };
    // As the service draws them: in the order of time. Which of the two it is stands in the middle.
    let millis = u64::try_from(begin().timestamp_millis()).unwrap_or_default() + 60_000 * line.r as u64;
    let id = |which: u16| Uuid::from_u64_pair((millis << 16) | u64::from(0x7000 | which), (2 << 62) | line.r as u64);
    format!(
        "({}, {}, {}, '{}', '{}', {}, {}, {}, {}, {})",
        line.r,
        code(line.state.into()),
        code(line.order_type.into()),
        line.name,
        line.resource_state().as_str(),
        line.project(),
        line.offering(),
        line.creator(),
        literal(id(1), backend),
        literal(id(0), backend),
    )
}

/// SQL with the words of the database in it.
fn spoken(sql: &str, backend: DbBackend) -> String {
    let start = begin().timestamp();
    let is_sqlite = backend == DbBackend::Sqlite;
    let time = |minutes: &str| {
        let seconds = format!("({start} + 60 * l.r + 60 * {minutes})");
        if is_sqlite {
            format!("strftime('%Y-%m-%dT%H:%M:%S', {seconds}, 'unixepoch') || '+00:00'")
        } else {
            format!("to_timestamp({seconds})")
        }
    };
    let words = [
        ("{uuid}", if is_sqlite { "BLOB".to_owned() } else { "UUID".to_owned() }),
        ("{json}", if is_sqlite { String::new() } else { "::jsonb".to_owned() }),
        (
            "{cost}",
            if is_sqlite {
                "printf('%d.%d', 5 + l.r % 100 / 10, l.r % 10)".to_owned()
            } else {
                "5 + 0.1 * (l.r % 100)".to_owned()
            },
        ),
        ("{created}", time("0")),
        ("{modified}", time("60")),
        ("{asked}", time("10")),
        ("{answered}", time("30")),
    ];
    let states = [OrderState::PendingConsumer, OrderState::Done, OrderState::Executing, OrderState::Erred];
    let sql = words.iter().fold(sql.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning));
    states.into_iter().fold(sql, |sql, state| match Value::from(state) {
        Value::SmallInt(Some(code)) => sql.replace(&format!("{{{}}}", state.as_str()), &code.to_string()),
        _ => sql,
    })
}

const RESOURCES: &str = r#"
INSERT INTO resources (id, created, modified, version, name, description, slug, state, offering_id, project_id,
    customer_id, provider_id, plan_id, limits, attributes, options, cost, backend_id)
SELECT l.resource_id, {created}, {modified}, 1, l.name, '', l.name, l.resource_state, o.id, p.id,
    p.customer_id, o.provider_id, o.plan_id, ('{"storage": ' || (10 + l.r % 100) || '}'){json},
    ('{"name": "' || l.name || '", "description": "A resource of the set for measurements, row ' || l.r || '"}'){json},
    '{}'{json}, {cost}, ''
FROM bench_lines l JOIN bench_projects p ON p.n = l.project JOIN bench_offerings o ON o.n = l.offering
ORDER BY l.r"#;

const ORDERS: &str = r#"
INSERT INTO orders (id, created, modified, version, state, order_type, slug, offering_id, project_id, customer_id,
    provider_id, resource_id, plan_id, attributes, limits, cost, created_by, consumer_reviewed_by, consumer_reviewed_at,
    provider_reviewed_by, provider_reviewed_at, completed_at, backend_id, output, error_message, error_traceback)
SELECT l.id, {created}, {modified}, 1, l.state, l.order_type, l.name, o.id, p.id, p.customer_id,
    o.provider_id, l.resource_id, o.plan_id,
    ('{"name": "' || l.name || '", "description": "A resource of the set for measurements, row ' || l.r || '"}'){json},
    ('{"storage": ' || (10 + l.r % 100) || '}'){json}, {cost}, u.id,
    CASE WHEN l.state <> {pending-consumer} THEN u.id END, CASE WHEN l.state <> {pending-consumer} THEN {asked} END,
    CASE WHEN l.state IN ({done}, {executing}) THEN u.id END,
    CASE WHEN l.state IN ({done}, {executing}) THEN {answered} END,
    CASE WHEN l.state = {done} THEN {modified} END, '', '',
    CASE WHEN l.state = {erred} THEN 'The node did not answer.' ELSE '' END, ''
FROM bench_lines l JOIN bench_projects p ON p.n = l.project JOIN bench_offerings o ON o.n = l.offering
JOIN bench_users u ON u.n = l.creator
ORDER BY l.r"#;
