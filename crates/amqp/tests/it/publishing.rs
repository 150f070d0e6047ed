//! What the broker gets.

use lapin::types::{AMQPValue, FieldTable};
use mercat_app::{agents, auth};
use mercat_testkit::{TestApp, both};
use serde_json::json;

use crate::support::{Consumer, Got, approved, broker, publisher, queue};

/// What an agent would be pushed over `/rmqws-stomp`.
async fn pushed(app: &TestApp, queue: &str) -> Vec<Got> {
    let actor = auth::actor_named(&app.app, "vown").await.unwrap();
    let queue = agents::open_queue(&app.app, &actor, queue).await.unwrap();
    let (messages, _) = agents::backlog(&app.app, &queue, queue.seq).await.unwrap();
    messages.into_iter().map(|message| (message.seq, message.body)).collect()
}

/// Without what came again.
fn first_of_each(mut all: Vec<Got>) -> Vec<Got> {
    let mut seen = std::collections::HashSet::new();
    all.retain(|(seq, _)| seen.insert(*seq));
    all
}

/// Full after one message, and says so.
fn full_after_one() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-max-length".into(), AMQPValue::LongInt(1));
    arguments.insert("x-overflow".into(), AMQPValue::LongString("reject-publish".into()));
    arguments
}

both! {
    async fn the_broker_gets_what_agents_would_be_pushed(app: TestApp) {
        let (offered, other) = (app.offering("Marketplace.Slurm").await, app.offering("Marketplace.Slurm").await);
        // From before there was a queue, and from before the broker was used.
        approved(&app, &offered).await;
        let (name, full) = (queue(&app, &offered).await, queue(&app, &other).await);
        let order = approved(&app, &offered).await;
        let waiting = agents::next_shipment(&app.app, 0).await.unwrap().messages;
        assert!(waiting.len() == 2 && waiting.iter().all(|(_, message)| message.body["order_uuid"] == order));
        let broker = broker();
        let consumer = Consumer::connect(&broker).await;
        consumer.make(&full, full_after_one()).await;
        publisher(app.app.clone(), &broker);
        consumer.waits_for(&name).await;
        let before = pushed(&app, &name).await.len();
        // A queue that is full costs the others nothing.
        for _ in 0..5 {
            approved(&app, &other).await;
        }
        let order = approved(&app, &offered).await;
        let got = consumer.until(&name, &order, "executing").await;
        assert_eq!(got, pushed(&app, &name).await[before..]);
        // A queue that comes later.
        let third = app.offering("Marketplace.Slurm").await;
        let later = queue(&app, &third).await;
        consumer.waits_for(&later).await;
        let order = approved(&app, &third).await;
        assert_eq!(consumer.until(&later, &order, "executing").await.len(), 2);
        // Whoever does not work there any more is told nothing.
        assert_ne!(agents::next_shipment(&app.app, 0).await.unwrap().messages, []);
        let gone = json!({"role": "CUSTOMER.OWNER", "user": app.world.users["vown"]});
        let path = format!("/api/customers/{}/delete_user/", app.world.provider);
        app.post_json("staff", &path, gone).await.expect(200);
        assert_eq!(agents::next_shipment(&app.app, 0).await.unwrap().messages, []);
        assert!(consumer.is_empty(&name).await && consumer.is_empty(&later).await);
    }

    async fn an_outage_of_the_broker_loses_nothing(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let name = queue(&app, &offered).await;
        let mut broker = broker();
        let publisher = publisher(app.app.clone(), &broker);
        let consumer = Consumer::connect(&broker).await;
        consumer.waits_for(&name).await;
        broker.sync();
        for _ in 0..10 {
            approved(&app, &offered).await;
        }
        broker.kill();
        for _ in 0..10 {
            approved(&app, &offered).await;
        }
        broker.start_again();
        let last = approved(&app, &offered).await;
        let consumer = Consumer::connect(&broker).await;
        let got = consumer.until(&name, &last, "executing").await;
        assert_eq!(first_of_each(got), pushed(&app, &name).await, "all of them, in their order");
        assert!(!publisher.is_finished());
    }

    async fn of_two_processes_one_publishes(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let name = queue(&app, &offered).await;
        let broker = broker();
        let other = app.sibling_app().await;
        let heard = tokio::spawn({ let other = other.clone(); async move { loop { mercat_app::events::poll_other_processes(&other).await.unwrap(); } } });
        let processes = [publisher(app.app.clone(), &broker), publisher(other, &broker)];
        let consumer = Consumer::connect(&broker).await;
        consumer.waits_for(&name).await;
        let mut last = String::new();
        for _ in 0..20 {
            last = approved(&app, &offered).await;
        }
        let mut got = consumer.until(&name, &last, "executing").await;
        assert_eq!(got, pushed(&app, &name).await, "each once");
        // Whichever of them it was: the other goes on where it stopped.
        for process in processes {
            process.abort();
            let successor = publisher(app.app.clone(), &broker);
            last = approved(&app, &offered).await;
            got.extend(consumer.until(&name, &last, "executing").await);
            assert_eq!(got, pushed(&app, &name).await, "each once");
            successor.abort();
        }
        heard.abort();
    }
}
