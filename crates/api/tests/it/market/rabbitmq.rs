//! Whom RabbitMQ is told to let in.

use http::{Request, header};
use mercat_api::ApiConfig;
use mercat_app::Settings;
use mercat_testkit::{Backend, Reply, TestApp, both};
use serde_json::json;

const IDENTITIES: &str = "/api/marketplace-site-agent-identities/";

async fn form_to(app: &TestApp, path: &str, form: String) -> Reply {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    app.send(request.body(form.into()).unwrap()).await
}

/// What RabbitMQ is told when it asks whom to let in.
async fn asked_by_rabbitmq(app: &TestApp) {
    let offered = app.offering("Marketplace.Slurm").await;
    let identity = json!({"offering": offered.id, "name": "agent"});
    let identity = app.post_json("vown", IDENTITIES, identity).await.expect(201).text("uuid");
    let at = |rest: &str| format!("{IDENTITIES}{identity}/{rest}");
    let types = json!({"object_types": ["order"]});
    let queue = app.post_json("vown", &at("register_queue/"), types).await.expect(201).json();
    assert_eq!(queue["vhost"], "agents");
    let name = queue["queue_name"].as_str().unwrap();
    let older = json!({"observable_object_type": "order", "description": "orders"});
    let older = app.post_json("vown", &at("register_event_subscription/"), older).await.expect(201).text("uuid");
    let wish = json!({"offering_uuid": offered.id, "object_type": "order"});
    let path = format!("/api/event-subscriptions/{older}/create_queue/");
    let made = app.post_json("vown", &path, wish).await.expect(201).json();
    assert_eq!(made["vhost"], "agents");
    let own = made["queue_name"].as_str().unwrap();

    let ask = |what: &'static str, form: String| async move {
        let reply = form_to(app, &format!("/rabbitmq/{what}"), form).await.expect(200);
        reply.bytes == b"allow"
    };
    for (login, password, may) in [
        (name, "token-vown", true),
        (&older, "token-vown", true),
        (name, "token-own", false),
        (name, "token-staff", false),
        (name, "nonsense", false),
        (name, "", false),
        (own, "token-vown", true),
        ("vown", "token-vown", false),
        ("", "token-vown", false),
    ] {
        let form = format!("username={login}&password={password}&vhost=agents");
        assert_eq!(ask("user", form).await, may, "{login} with {password}");
    }
    assert!(ask("vhost", format!("username={name}&vhost=agents&ip=127.0.0.1")).await);
    assert!(!ask("vhost", format!("username={name}&vhost=%2F&ip=127.0.0.1")).await);
    for (login, vhost, resource, wanted, permission, may) in [
        (name, "agents", "queue", name, "read", true),
        (&older, "agents", "queue", own, "read", true),
        (name, "agents", "queue", own, "read", false),
        (&older, "agents", "queue", name, "read", false),
        (name, "agents", "queue", name, "configure", false),
        (name, "agents", "queue", name, "write", false),
        (name, "agents", "exchange", name, "read", false),
        (name, "%2F", "queue", name, "read", false),
        ("guest", "agents", "queue", name, "read", false),
    ] {
        let form = format!("username={login}&vhost={vhost}&resource={resource}&name={wanted}&permission={permission}");
        assert_eq!(ask("resource", form.clone()).await, may, "{form}");
    }
    assert!(!ask("topic", format!("username={name}&vhost=agents&resource=topic&name=amq.topic&permission=read")).await);
    assert!(!ask("user", String::new()).await);
    form_to(app, "/rabbitmq/user", "x".repeat(9000)).await.expect(413);
    // Whoever does not work there any more cannot sign in.
    let gone = json!({"role": "CUSTOMER.OWNER", "user": app.world.users["vown"]});
    app.post_json("staff", &format!("/api/customers/{}/delete_user/", app.world.provider), gone).await.expect(200);
    assert!(!ask("user", format!("username={name}&password=token-vown")).await);
}

#[tokio::test]
async fn rabbitmq_asks_whom_to_let_in() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let config = ApiConfig { agents_virtual_host: Some("agents".to_owned()), ..ApiConfig::default() };
        asked_by_rabbitmq(&TestApp::with(backend, Settings::default(), config).await).await;
    }
}

both! {
    async fn without_rabbitmq_nobody_is_asked(app: TestApp) {
        form_to(&app, "/rabbitmq/user", "username=x&password=token-vown".to_owned()).await.expect(404);
    }
}
