//! What an agent registers, and what its queue holds.

use http::Method;
use mercat_app::{agents, auth};
use mercat_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::support::ORDERS;

const IDENTITIES: &str = "/api/marketplace-site-agent-identities/";

async fn registration(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let body = json!({"offering": offered.id, "name": "agent-1", "dependencies": [{"package": "x", "version": "1"}]});
    app.post_json("own", IDENTITIES, body.clone()).await.expect(400);
    app.post_json("support", IDENTITIES, body.clone()).await.expect(403);
    let identity = app.post_json("vown", IDENTITIES, body.clone()).await.expect(201).json();
    assert_eq!(identity["offering"], offered.id.to_string());
    let again = app.post_json("omgr", IDENTITIES, body.clone()).await.expect(201).json();
    assert_eq!(again["uuid"], identity["uuid"], "the same name is the same agent");
    let at = |rest: &str| format!("{IDENTITIES}{}/{rest}", identity["uuid"].as_str().unwrap());
    let listed = app.get("vown", &format!("{IDENTITIES}?name=agent-1")).await.expect(200);
    assert_eq!(listed.header("x-result-count"), "1");
    assert_eq!(app.get("own", IDENTITIES).await.json(), json!([]));
    app.json_request("vown", Method::PUT, &at(""), json!({"offering": offered.id, "name": "agent-1", "version": "2"}))
        .await
        .expect(200);
    let service = json!({"name": "order_process", "mode": "order_process"});
    app.post_json("own", &at("register_service/"), service.clone()).await.expect(404);
    let first = app.post_json("vown", &at("register_service/"), service.clone()).await.expect(201).json();
    let second = app.post_json("vown", &at("register_service/"), service).await.expect(200).json();
    assert_eq!((&first["uuid"], &first["state"]), (&second["uuid"], &json!("Active")));
    let of_service =
        |rest: &str| format!("/api/marketplace-site-agent-services/{}/{rest}", first["uuid"].as_str().unwrap());
    let processor = json!({"name": "p", "backend_type": "slurm", "backend_version": "23"});
    let made = app.post_json("vown", &of_service("register_processor/"), processor.clone()).await.expect(201).json();
    assert_eq!(made["service"], first["uuid"]);
    app.post_json("vown", &of_service("register_processor/"), processor).await.expect(200);
    let told = json!({"statistics": {"orders": 3}});
    let counted = app.post_json("vown", &of_service("set_statistics/"), told).await.expect(200).json();
    assert_eq!((&counted["statistics"]["orders"], &counted["processors"][0]["name"]), (&json!(3), &json!("p")));
    assert_eq!(app.get("vown", &at("")).await.json()["services"][0]["name"], "order_process");
    let one = app.get("vown", "/api/marketplace-site-agent-processors/").await.json()[0]["uuid"].clone();
    app.get("vown", &format!("/api/marketplace-site-agent-processors/{}/", one.as_str().unwrap())).await.expect(200);
    let wrong = app.post_json("vown", &at("register_queue/"), json!({"object_types": ["nonsense"]})).await.expect(400);
    assert_eq!(wrong.json(), json!({"object_types": ["\"nonsense\" is not a valid choice."]}));
    app.call("own", Method::DELETE, &at("")).await.expect(404);
    app.call("vown", Method::DELETE, &at("")).await.expect(204);
}

/// What waits in a queue, as the types and the states of orders; the queue moves on.
async fn waiting(app: &TestApp, name: &str) -> Vec<String> {
    let actor = auth::actor_named(&app.app, "vown").await.unwrap();
    let queue = agents::open_queue(&app.app, &actor, name).await.unwrap();
    let (messages, read) = agents::backlog(&app.app, &queue, queue.seq).await.unwrap();
    agents::advance(&app.app, &queue, read).await.unwrap();
    let told = |body: &Value| match body["order_state"].as_str() {
        Some(state) => format!("order:{state}"),
        None => body["object_type"].as_str().unwrap_or("untyped").to_owned(),
    };
    messages.iter().map(|message| told(&message.body)).collect()
}

async fn a_queue_is_a_place_in_the_log(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let other = app.offering("Marketplace.Slurm").await;
    app.order("own", &offered).await;
    let identity = json!({"offering": offered.id, "name": "agent"});
    let identity = app.post_json("vown", IDENTITIES, identity).await.expect(201).text("uuid");
    let register = || async {
        let types = json!({"object_types": ["order", "user_role", "resource", "offering_user"]});
        app.post_json("vown", &format!("{IDENTITIES}{identity}/register_queue/"), types).await.expect(201).json()
    };
    let queue = register().await;
    let name = queue["queue_name"].as_str().unwrap();
    assert!(name.starts_with("consumer_"));
    assert_eq!(queue["vhost"], app.world.users["vown"].to_string());
    assert_eq!(waiting(app, name).await, Vec::<String>::new(), "a new queue begins with what happens from now on");
    let order = app.order("own", &offered).await;
    app.order("own", &other).await;
    app.post("vown", &format!("{ORDERS}{order}/approve_by_provider/")).await.expect(200);
    app.order("mgr", &offered).await;
    let member = json!({"role": "PROJECT.MANAGER", "user": app.world.users["user"]});
    app.post_json("own", &format!("/api/projects/{}/add_user/", app.world.project), member).await.expect(201);
    assert_eq!(
        waiting(app, name).await,
        ["order:pending-provider", "order:executing", "order:pending-consumer", "user_role"]
    );
    assert_eq!(register().await["queue_name"], name, "over restarts it is the same queue");
    assert_eq!(waiting(app, name).await, Vec::<String>::new(), "and nothing comes twice");
    let resource = app.order_field(&order, "marketplace_resource_uuid").await;
    let path = format!("/api/marketplace-provider-resources/{}/", resource.as_str().unwrap());
    app.json_request("vown", Method::PATCH, &path, json!({"paused": true})).await.expect(200);
    app.post("vown", &format!("{path}refresh_last_sync/")).await.expect(200);
    assert_eq!(waiting(app, name).await, ["resource"], "what agents report themselves does not come back to them");
    // Others cannot open it, nor its owner once he does not work there any more.
    let open = |who: &'static str| async move {
        agents::open_queue(&app.app, &auth::actor_named(&app.app, who).await.unwrap(), name).await.is_ok()
    };
    assert_eq!((open("vown").await, open("own").await, open("staff").await), (true, false, false));
    let gone = json!({"role": "CUSTOMER.OWNER", "user": app.world.users["vown"]});
    app.post_json("staff", &format!("/api/customers/{}/delete_user/", app.world.provider), gone).await.expect(200);
    assert!(!open("vown").await);
}

async fn older_agents(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let identity = json!({"offering": offered.id, "name": "agent"});
    let identity = app.post_json("vown", IDENTITIES, identity).await.expect(201).text("uuid");
    let register = format!("{IDENTITIES}{identity}/register_event_subscription/");
    let body = json!({"observable_object_type": "order", "description": "orders"});
    let made = app.post_json("vown", &register, body.clone()).await.expect(201).json();
    let again = app.post_json("vown", &register, body).await.expect(200).json();
    assert_eq!((&made["uuid"], &made["user_username"]), (&again["uuid"], &json!("vown")));
    let at = format!("/api/event-subscriptions/{}/", made["uuid"].as_str().unwrap());
    app.get("vown", &at).await.expect(200);
    app.get("own", &at).await.expect(404);
    let wish = json!({"offering_uuid": offered.id, "object_type": "order"});
    let queue = app.post_json("vown", &format!("{at}create_queue/"), wish.clone()).await.expect(201).json();
    let expected = format!("subscription_{}_offering_{}_order", made["uuid"].as_str().unwrap(), offered.id);
    assert_eq!(queue["queue_name"], expected);
    app.post_json("vown", &format!("{at}create_queue/"), wish).await.expect(200);
    app.order("own", &offered).await;
    let actor = auth::actor_named(&app.app, "vown").await.unwrap();
    let opened = agents::open_queue(&app.app, &actor, &expected).await.unwrap();
    let (messages, _) = agents::backlog(&app.app, &opened, opened.seq).await.unwrap();
    assert_eq!(messages[0].body["order_state"], "pending-provider");
    assert_eq!(messages[0].body.get("object_type"), None, "the queue's name says it");
    let own = app.post_json("own", "/api/event-subscriptions/", json!({"description": "mine"})).await.expect(201);
    assert_eq!(own.json()["description"], "mine");
    let listed = app.get("vown", "/api/event-subscriptions/?user_username=vown").await.expect(200);
    assert_eq!(listed.header("x-result-count"), "1");
    app.call("vown", Method::DELETE, &at).await.expect(204);
    assert!(agents::open_queue(&app.app, &actor, &expected).await.is_err(), "the queue goes with it");
}

/// What only the answer to who orders shows is in no queue.
async fn no_secrets(app: &TestApp) {
    let offered = app.tenants().await;
    let identity = json!({"offering": offered.id, "name": "agent"});
    let identity = app.post_json("vown", IDENTITIES, identity).await.expect(201).text("uuid");
    let wish = json!({"object_types": ["order"]});
    let queue =
        app.post_json("vown", &format!("{IDENTITIES}{identity}/register_queue/"), wish).await.expect(201).json();
    let mut body = app.order_body(&offered);
    body["attributes"]["user_password"] = json!("canary");
    app.post_json("own", ORDERS, body).await.expect(201);
    let actor = auth::actor_named(&app.app, "vown").await.unwrap();
    let opened = agents::open_queue(&app.app, &actor, queue["queue_name"].as_str().unwrap()).await.unwrap();
    let (messages, _) = agents::backlog(&app.app, &opened, opened.seq).await.unwrap();
    assert_eq!(messages[0].body["attributes"], json!({"name": "it"}));
}

both! {
    async fn agents_register(app: TestApp) { registration(&app).await; }
    async fn queues_of_agents(app: TestApp) { a_queue_is_a_place_in_the_log(&app).await; }
    async fn secrets_are_not_in_queues(app: TestApp) { no_secrets(&app).await; }
    async fn subscriptions_of_older_agents(app: TestApp) { older_agents(&app).await; }
}
