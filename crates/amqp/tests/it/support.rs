//! An offering with an agent's queue, a broker, and publishers.

use std::{future::pending, time::Duration};

use lapin::{
    Channel, Connection, ConnectionProperties,
    options::{BasicAckOptions, BasicGetOptions, QueueDeclareOptions},
    types::FieldTable,
};
use mercat_amqp::Settings;
use mercat_app::App;
use mercat_testkit::{Offered, RabbitMq, TestApp};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::timeout};

const IDENTITIES: &str = "/api/marketplace-site-agent-identities/";
const PATIENCE: Duration = Duration::from_secs(60);
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// A message as a consumer gets it: the number of its event, and the body.
pub type Got = (i64, Value);

/// Starts a broker; nobody signs in but us.
pub fn broker() -> RabbitMq {
    RabbitMq::start("http://127.0.0.1:9")
}

/// Registers the queue of an agent at an offering; gives its name.
pub async fn queue(app: &TestApp, offered: &Offered) -> String {
    let identity = json!({"offering": offered.id, "name": "agent"});
    let identity = app.post_json("vown", IDENTITIES, identity).await.expect(201).text("uuid");
    let types = json!({"object_types": ["order"]});
    app.post_json("vown", &format!("{IDENTITIES}{identity}/register_queue/"), types)
        .await
        .expect(201)
        .text("queue_name")
}

/// A process that publishes until it is aborted.
pub fn publisher(app: App, broker: &RabbitMq) -> JoinHandle<()> {
    let settings = Settings::new(&broker.url(), A_DAY).unwrap();
    tokio::spawn(mercat_amqp::run(app, settings, pending()))
}

/// An order that the agent hears of twice: when it waits for the provider, and when it is to be carried out.
pub async fn approved(app: &TestApp, offered: &Offered) -> String {
    let order = app.order("own", offered).await;
    app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
    order
}

/// A consumer.
pub struct Consumer {
    channel: Channel,
    _connection: Connection,
}

impl Consumer {
    pub async fn connect(broker: &RabbitMq) -> Self {
        let connection = Connection::connect(&broker.url_for_all(), ConnectionProperties::default()).await.unwrap();
        Self { channel: connection.create_channel().await.unwrap(), _connection: connection }
    }

    /// Makes a queue with arguments of its own.
    pub async fn make(&self, name: &str, arguments: FieldTable) {
        let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        self.channel.queue_declare(name.into(), options, arguments).await.unwrap();
    }

    /// Whether a queue is there.
    async fn has(connection: &Connection, name: &str) -> bool {
        let channel = connection.create_channel().await.unwrap();
        let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        channel.queue_declare(name.into(), options, FieldTable::default()).await.is_ok()
    }

    /// Waits until a queue is there.
    pub async fn waits_for(&self, name: &str) {
        let there = async { while !Self::has(&self._connection, name).await {} };
        timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("nobody made {name}"));
    }

    /// The next message, if there is one.
    async fn next(&self, queue: &str) -> Option<Got> {
        let got = self.channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap()?;
        got.ack(BasicAckOptions::default()).await.unwrap();
        let properties = &got.properties;
        assert_eq!(properties.delivery_mode(), &Some(2), "it outlives the broker");
        assert_eq!(properties.expiration().as_ref().unwrap().as_str(), A_DAY.as_millis().to_string());
        let seq = properties.message_id().as_ref().unwrap().as_str().parse().unwrap();
        Some((seq, serde_json::from_slice(&got.data).unwrap()))
    }

    /// Messages as they come, until one is about this order in this state.
    pub async fn until(&self, queue: &str, order: &str, state: &str) -> Vec<Got> {
        let mut all = Vec::new();
        let come = async {
            loop {
                let Some((seq, body)) = self.next(queue).await else { continue };
                let is_last = body["order_uuid"] == order && body["order_state"] == state;
                all.push((seq, body));
                if is_last {
                    return;
                }
            }
        };
        timeout(PATIENCE, come).await.unwrap_or_else(|_| panic!("{order} did not come"));
        all
    }

    /// Whether nothing is left.
    pub async fn is_empty(&self, queue: &str) -> bool {
        self.next(queue).await.is_none()
    }
}
