//! How PostgreSQL plans what lists are answered by: once a connection, quickly, and by an index of orders.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Body,
    http::{Request, header},
};
use mercat_api::ApiConfig;
use mercat_app::{App, Settings, files::Files};
use mercat_domain::time::FixedClock;
use mercat_store::{ConnectionTrait as _, Db, EntityTrait as _, entity::order};
use mercat_testkit::{Backend, reply};
use sea_orm::{DatabaseConnection, DbBackend, QueryResult, Statement};
use tempfile::TempDir;

use crate::{
    data,
    load::requests::{self, Paths},
};

const ORDERS: usize = 20_000;
/// In milliseconds.
const PLANNED_WITHIN: f64 = 10.0;

/// The filters and orders that clients use, beside the requests of the table.
const QUERIES: &[&str] = &[
    "project_uuid={project}",
    "customer_uuid={customer}",
    "provider_uuid={provider}",
    "resource_uuid={resource}",
    "offering_uuid={offering}&state=pending-provider&state=executing",
    "created=2022-11-01T00:00:00Z",
    "modified=2022-11-01T00:00:00Z",
    "modified=2022-11-01T00:00:00Z&offering_uuid={offering}",
    "type=Terminate&state=done",
    "o=created",
    "o=-created",
    "o=state",
    "o=-state",
    "o=cost",
    "o=-cost",
    "o=consumer_reviewed_at",
    "o=-consumer_reviewed_at",
    "can_approve_as_provider=true",
    "can_approve_as_consumer=true",
];

/// The statements about orders that this connection has prepared, with the types of their values: the driver keeps the
/// newest hundred.
async fn prepared(conn: &DatabaseConnection) -> Vec<(String, String)> {
    let sql = "SELECT statement, ARRAY_TO_STRING(parameter_types, ', ') FROM pg_prepared_statements
               WHERE statement LIKE 'SELECT%' AND statement LIKE '%orders%'";
    let rows = ask(conn, sql).await;
    rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
}

async fn ask(conn: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    conn.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap()
}

/// The plan that serves all values of a statement, and the milliseconds that it took to make.
async fn plan(conn: &DatabaseConnection, number: usize, statement: &str, types: &str) -> (String, f64) {
    let (typed, values) = match types {
        "" => (String::new(), String::new()),
        types => (format!("({types})"), format!("({})", vec!["NULL"; types.split(", ").count()].join(", "))),
    };
    conn.execute_unprepared(&format!("PREPARE planned_{number}{typed} AS {statement}")).await.unwrap();
    let (mut plan, mut millis) = (String::new(), f64::MAX);
    // The quickest of some: the machine may have had something else to do.
    for _ in 0..3 {
        conn.execute_unprepared("DISCARD PLANS").await.unwrap();
        let lines = ask(conn, &format!("EXPLAIN (SUMMARY) EXECUTE planned_{number}{values}")).await;
        let lines: Vec<String> = lines.iter().map(|line| line.try_get_by_index(0).unwrap()).collect();
        let took = lines.iter().find_map(|line| line.strip_prefix("Planning Time: ")?.strip_suffix(" ms"));
        millis = millis.min(took.unwrap().parse().unwrap());
        plan = lines.join("\n");
    }
    (plan, millis)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_has_an_index_and_is_planned_quickly() {
    let folder = TempDir::new().unwrap();
    let url = Backend::Postgres.create(folder.path()).await;
    data::make(&url, folder.path(), ORDERS).await.unwrap();
    // One connection has all the statements.
    let db = Db::connect(&url, 1).await.unwrap();
    let files = Files::local(folder.path()).unwrap();
    let app = App::new(db.clone(), Arc::new(FixedClock::new(data::begin())), files, Settings::default());
    let router = mercat_api::router(app, ApiConfig::default());
    let (ids, requests) = (requests::ids(&db).await.unwrap(), requests::all(&db, DbBackend::Postgres).await.unwrap());
    let mut asked: Vec<(String, String)> = Vec::new();
    let order = order::Entity::find_by_id(ids.order).one(db.read()).await.unwrap().unwrap();
    for query in QUERIES {
        let query = query
            .replace("{project}", &order.project_id.to_string())
            .replace("{customer}", &ids.customer.to_string())
            .replace("{provider}", &ids.provider.to_string())
            .replace("{offering}", &ids.offering.to_string())
            .replace("{resource}", &order.resource_id.to_string());
        for viewer in ["staff", "customer", "provider", "member"] {
            asked.push((viewer.to_owned(), format!("/api/marketplace-orders/?{query}")));
        }
    }
    for request in requests {
        if let Paths::One(path) = request.paths
            && request.method == "GET"
        {
            // A far page of so few orders.
            asked.push((request.viewer.to_owned(), path.replace("page=50000", "page=1500")));
        }
    }
    let mut statements = BTreeSet::new();
    for (viewer, path) in asked {
        let request = Request::get(&path).header(header::AUTHORIZATION, format!("Token bench-{viewer}"));
        reply(router.clone(), request.body(Body::empty()).unwrap()).await.expect(200);
        statements.extend(prepared(db.read()).await);
    }
    assert!(statements.len() > QUERIES.len(), "statements are not prepared: only {}", statements.len());
    // Of so few orders a third, which the planner expects of any range, is read quickest from the table. What counts is
    // whether there is another way for those who have a million.
    for setting in ["plan_cache_mode = force_generic_plan", "enable_seqscan = off"] {
        db.read().execute_unprepared(&format!("SET {setting}")).await.unwrap();
    }
    for (number, (statement, types)) in statements.iter().enumerate() {
        let (plan, millis) = plan(db.read(), number, statement, types).await;
        assert!(!plan.contains("Seq Scan on orders"), "{statement}\n{plan}");
        assert!(millis < PLANNED_WITHIN, "planned in {millis} ms: {statement}\n{plan}");
    }
}
