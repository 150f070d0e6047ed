//! Changes under load: one transaction each, beside the least that a transaction has to write for the same.

use anyhow::Context as _;
use mercat_domain::{
    id::{OfferingId, OrderId},
    order::OrderState,
};
use mercat_store::{
    Db,
    entity::{offering, order, plan, project},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};
use serde_json::json;

use super::requests::{self, MANY, Paths, Request, state};

/// So many approvals are enough for a round.
const WAITING: u64 = 20_000;

/// The changes, in the order of the table.
///
/// # Errors
/// The database failed, or has another data set.
pub async fn all(db: &Db, backend: DbBackend) -> anyhow::Result<Vec<Request>> {
    let ids = requests::ids(db).await?;
    let changes = Some(prepare(db, backend).await?);
    let plan = plan::Entity::find().filter(plan::Column::OfferingId.eq(ids.offering)).one(db.read()).await?;
    let project = project::Entity::find().filter(project::Column::CustomerId.eq(ids.customer)).one(db.read()).await?;
    let (plan, project) = (plan.context("a plan")?.id, project.context("a project")?.id);
    let offering = format!("http://here/api/marketplace-public-offerings/{}/", ids.offering);
    let body = json!({
        "offering": offering,
        "plan": format!("{offering}plans/{plan}/"),
        "project": format!("http://here/api/projects/{project}/"),
        "attributes": {"name": "measured", "description": "An order that was made under load"},
        "limits": {"storage": 10},
    });
    let write = |statements: &[&str]| statements.iter().map(|sql| spoken(sql, backend)).collect();
    Ok(vec![
        Request {
            what: "create, customer",
            method: "POST",
            viewer: "customer",
            paths: Paths::One("/api/marketplace-orders/".to_owned()),
            connects: false,
            least_orders: 0,
            body: Some(body.to_string()),
            changes,
            statements: write(&[NEW_RESOURCE, NEW_ORDER, WORK, PLACE, EVENT]),
        },
        Request {
            what: "approve as provider, staff",
            method: "POST",
            viewer: "staff",
            paths: Paths::Pending("approve_by_provider/"),
            connects: false,
            // Each order can be approved once.
            least_orders: MANY,
            body: None,
            changes,
            statements: write(&[UPDATE, WORK, PLACE, EVENT]),
        },
    ])
}

/// Orders that wait for a provider, and that an agent fulfils then, so that each is one change: the service would complete
/// others by itself. Each can be approved once.
///
/// # Errors
/// The database failed, or there are too few.
pub async fn pending(db: &Db) -> anyhow::Result<Vec<OrderId>> {
    let offered = offering::Entity::find().filter(offering::Column::OfferingType.eq("Marketplace.Slurm"));
    let offered: Vec<OfferingId> =
        offered.select_only().column(offering::Column::Id).into_tuple().all(db.read()).await?;
    let found = order::Entity::find().select_only().column(order::Column::Id);
    let found = found.filter(order::Column::State.eq(OrderState::PendingProvider));
    let found = found.filter(order::Column::OfferingId.is_in(offered));
    let found = found.order_by_asc(order::Column::Created).limit(WAITING).into_tuple().all(db.read()).await?;
    anyhow::ensure!(!found.is_empty(), "no order waits for a provider any more: take a new set");
    Ok(found)
}

/// Numbers some orders, so that a program can choose one by chance; returns how many.
async fn prepare(db: &Db, backend: DbBackend) -> anyhow::Result<u64> {
    let tx = db.write().await?;
    for sql in [
        "DROP TABLE IF EXISTS bench_orders",
        KNOWN_ORDERS,
        "INSERT INTO bench_orders SELECT ROW_NUMBER() OVER (), id
        FROM (SELECT id FROM orders WHERE state = {done} ORDER BY created DESC, id LIMIT 20000) AS newest",
    ] {
        tx.execute_unprepared(&spoken(sql, backend)).await?;
    }
    let counted = Statement::from_string(backend, "SELECT COUNT(*) FROM bench_orders");
    let known: i64 = tx.query_one_raw(counted).await?.context("a count")?.try_get_by_index(0)?;
    tx.commit().await?;
    anyhow::ensure!(known > 0, "no order is done: take a new set");
    Ok(known.unsigned_abs())
}

const KNOWN_ORDERS: &str = "CREATE TABLE bench_orders (n INTEGER PRIMARY KEY, id {uuid})";

/// A change of the one order, guarded by what it is now.
const UPDATE: &str = "UPDATE orders SET state = CASE state WHEN {done} THEN {erred} ELSE {done} END,
    version = version + 1, modified = {now}, provider_reviewed_at = {now}
    WHERE id = (SELECT id FROM bench_orders WHERE n = {n}) AND version >= 1";

const NEW_RESOURCE: &str = "INSERT INTO resources (id, created, modified, version, name, description, slug, state,
    offering_id, project_id, customer_id, provider_id, plan_id, limits, attributes, options, cost, backend_id)
    SELECT {new}, {now}, {now}, 1, name, description, slug, state, offering_id, project_id, customer_id, provider_id,
    plan_id, limits, attributes, options, cost, backend_id
    FROM resources WHERE id = (SELECT resource_id FROM orders WHERE id = (SELECT id FROM bench_orders WHERE n = {n}))";

const NEW_ORDER: &str = "INSERT INTO orders (id, created, modified, version, state, order_type, slug, offering_id,
    project_id, customer_id, provider_id, resource_id, plan_id, attributes, limits, cost, created_by,
    consumer_reviewed_by, consumer_reviewed_at, backend_id, output, error_message, error_traceback)
    SELECT {new}, {now}, {now}, 1, state, order_type, 'floor-{m}', offering_id, project_id, customer_id, provider_id,
    {new}, plan_id, attributes, limits, cost, created_by, created_by, {now}, '', '', '', ''
    FROM orders WHERE id = (SELECT id FROM bench_orders WHERE n = {n})";

/// The end of the log; who comes later waits until the commit.
const PLACE: &str = "SELECT seq, hash FROM event_head WHERE id = 1 {lock}";

const EVENT: &str =
    "INSERT INTO events (seq, order_id, version, action, actor_id, at, from_state, to_state, project_id,
    customer_id, provider_id, changes, message, hash)
    SELECT h.seq + 1, o.id, o.version, 'approve_by_provider', o.created_by, {now}, o.state, o.state, o.project_id,
    o.customer_id, o.provider_id, '{\"log\": \"marketplace_order_approved\"}'{json},
    'Order ' || o.slug || ' for a resource was approved; it is now executing.', h.hash
    FROM event_head h, orders o WHERE o.id = (SELECT id FROM bench_orders WHERE n = {n})";

const WORK: &str = "INSERT INTO jobs (id, kind, subject, created, due, attempts) VALUES ({new}, 'floor', {new}, {now},
    {late}, 0)";

/// SQL with the words of the database in it; `{n}` and `{m}` stay: the number of an order, and one that is new each time.
fn spoken(sql: &str, backend: DbBackend) -> String {
    let is_sqlite = backend == DbBackend::Sqlite;
    let word = |sqlite: &'static str, postgres: &'static str| if is_sqlite { sqlite } else { postgres };
    let words = [
        ("{uuid}", word("BLOB", "UUID")),
        ("{json}", word("", "::jsonb")),
        ("{lock}", word("", "FOR UPDATE")),
        ("{now}", word("strftime('%Y-%m-%dT%H:%M:%f', 'now') || '+00:00'", "now()")),
        ("{late}", word("'9999-01-01T00:00:00+00:00'", "'9999-01-01'::timestamptz")),
        ("{new}", word("CAST(printf('%016d', {m}) AS BLOB)", "md5({m}::text)::uuid")),
        ("'floor-{m}'", word("printf('floor-%d', {m})", "'floor-' || {m}::text")),
    ];
    let sql = words.iter().fold(sql.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning));
    [OrderState::Done, OrderState::Erred]
        .into_iter()
        .fold(sql, |sql, each| sql.replace(&format!("{{{}}}", each.as_str()), &state(each).to_string()))
}
