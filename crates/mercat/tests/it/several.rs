//! Two servers and two workers on one PostgreSQL are one service: what one does the others know, and nothing is done twice.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use mercat_domain::id::OrderId;
use mercat_store::event;
use mercat_testkit::{Backend, TestApp};
use serde_json::{Value, json};

use crate::server::{MERCAT, Server, Worker, call, place};

const CLIENTS: usize = 4;
const ORDERS_A_CLIENT: usize = 15;

fn post(server: &Server, token: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    call("POST", &server.url(path), token, None, body).unwrap()
}

/// Leads one order through its life: each step at another server than the one before, the last one at both at once.
fn lead(servers: &[Server; 2], first: usize, body: &Value) -> String {
    let [one, other] = [&servers[first % 2], &servers[(first + 1) % 2]];
    let (status, made) = post(one, "token-mgr", "/api/marketplace-orders/", Some(body));
    assert_eq!(status, 201, "{made}");
    let order = made["uuid"].as_str().unwrap().to_owned();
    let path = |action: &str| format!("/api/marketplace-orders/{order}/{action}/");
    let shown = call("GET", &other.url(&format!("/api/marketplace-orders/{order}/")), "token-own", None, None).unwrap();
    assert_eq!((shown.0, shown.1["state"].as_str()), (200, Some("pending-consumer")), "the other server shows it");
    let (status, answer) = post(other, "token-own", &path("approve_by_consumer"), None);
    assert_eq!(status, 200, "{answer}");
    let both = std::thread::scope(|scope| {
        let racers = [one, other].map(|server| {
            let path = path("approve_by_provider");
            scope.spawn(move || post(server, "token-vown", &path, None).0)
        });
        racers.map(|racer| racer.join().unwrap())
    });
    assert!(both.contains(&200) && both.iter().filter(|status| **status == 200).count() == 1, "one wins: {both:?}");
    order
}

/// What a follower at one server has of what happens at the other.
fn news(server: &Server, after: i64) -> Vec<Value> {
    let url = server.url(&format!("/api/event-feed/?after={after}&wait=20&limit=500"));
    let (status, answer) = call("GET", &url, "token-staff", None, None).unwrap();
    assert_eq!(status, 200, "{answer}");
    answer["events"].as_array().cloned().unwrap()
}

fn settle(server: &Server) {
    let patience = Instant::now() + Duration::from_secs(60);
    let url = server.url("/api/marketplace-orders/?state=executing&page_size=1&field=uuid");
    while call("GET", &url, "token-staff", None, None).unwrap().1 != json!([]) {
        assert!(Instant::now() < patience, "orders are stuck in executing");
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_two_workers_are_one_service() {
    let app = TestApp::new(Backend::Postgres).await;
    let offered = app.offering("Marketplace.Basic").await;
    let body = app.order_body(&offered);
    let servers = [Server::start(&app), Server::start(&app)];
    let _workers = [(); 2].map(|()| Worker::run(Command::new(MERCAT).arg("worker").args(place(&app))));
    let orders: Vec<String> = tokio::task::block_in_place(|| {
        let orders = std::thread::scope(|scope| {
            // Somebody listens at the second server before anything happens at the first one.
            let listener = scope.spawn(|| news(&servers[1], 0));
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let (servers, body) = (&servers, &body);
                    scope.spawn(move || {
                        (0..ORDERS_A_CLIENT).map(|n| lead(servers, client + n, body)).collect::<Vec<_>>()
                    })
                })
                .collect();
            let orders = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
            assert!(!listener.join().unwrap().is_empty(), "the second server hears of the first one");
            orders
        });
        servers.iter().for_each(settle);
        orders
    });
    assert_eq!(orders.len(), CLIENTS * ORDERS_A_CLIENT);
    for order in &orders {
        let id: OrderId = order.parse().unwrap();
        let log = event::of_order(app.app.db.read(), id).await.unwrap();
        let actions: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
        assert_eq!(actions, ["submit", "approve_by_consumer", "approve_by_provider", "complete"], "{order}");
    }
    event::verify(app.app.db.read()).await.unwrap();
    changes_of_names_are_seen_everywhere(&app, &servers);
}

/// Each server keeps what orders refer to; a new name at one is the name at the other at once.
fn changes_of_names_are_seen_everywhere(app: &TestApp, servers: &[Server; 2]) {
    let list = |server: &Server| {
        let url = server.url("/api/marketplace-orders/?page_size=1&field=project_name");
        tokio::task::block_in_place(|| call("GET", &url, "token-staff", None, None)).unwrap().1
    };
    for (n, server) in [0, 1, 0].into_iter().enumerate() {
        let name = format!("Name {n}");
        let url = servers[server].url(&format!("/api/projects/{}/", app.world.project));
        let (status, answer) =
            tokio::task::block_in_place(|| call("PATCH", &url, "token-staff", None, Some(&json!({ "name": name }))))
                .unwrap();
        assert_eq!(status, 200, "{answer}");
        for server in servers {
            assert_eq!(list(server), json!([{ "project_name": name }]));
        }
    }
}
