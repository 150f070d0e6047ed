//! Words that the tests share.

mod receiver;
mod running;

use std::time::Duration;

use mercat_app::{
    AppError, Begun, Tx, auth,
    collection::{self, Editable},
    entity::delivery,
    list::{self, Filter, Key},
};
use mercat_domain::{delivery::DeliveryState, id::HookId};
use mercat_mail::{Mailer, Outbox, Sent, Transport};
use mercat_outbound::{Client, Policy};
use mercat_store::entity::{delivery_attempt, hook};
use mercat_testkit::{Offered, TestApp};
use mercat_worker::Sender;
use serde_json::{Value, json};
use uuid::Uuid;

pub use receiver::{Receiver, Seen};
pub use running::{Running, eventually};

/// What a message leaves by in a test: calls to this machine only, mail into memory.
pub struct Post {
    pub sender: Sender,
    pub mail: Outbox,
}

/// A receiver that says nothing is given up after this long, unless a test says otherwise.
const TIMEOUT: Duration = Duration::from_millis(300);

impl Post {
    pub fn new() -> Self {
        Self::patient(TIMEOUT)
    }

    /// Gives a receiver that says nothing so long.
    pub fn patient(timeout: Duration) -> Self {
        let policy = Policy {
            allowed: vec!["127.0.0.0/8".parse().unwrap()],
            allow_http: true,
            connect_timeout: timeout,
            total_timeout: timeout,
            // Nobody listens there: no test asks for a name.
            name_servers: vec!["127.0.0.1:9".parse().unwrap()],
            ..Policy::default()
        };
        let mail = Outbox::default();
        let mailer = Mailer::new("Mercat <mercat@example.org>", Transport::Memory(mail.clone())).unwrap();
        Self { sender: Sender { client: Client::new(policy).unwrap(), mailer }, mail }
    }

    /// Sends all that is due.
    pub async fn deliver(&self, app: &TestApp) -> usize {
        mercat_worker::deliver_due(&app.app, &self.sender).await.unwrap()
    }

    /// The mail so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.mail.lock().unwrap().clone()
    }

    /// To whom mail went so far, sorted.
    pub fn recipients(&self) -> Vec<String> {
        let mut to: Vec<_> = self.sent().into_iter().map(|sent| sent.to).collect();
        to.sort();
        to
    }
}

/// A change by a person.
pub async fn begin(app: &TestApp, who: &str) -> Tx {
    let actor = auth::actor_named(&app.app, who).await.unwrap();
    match app.app.begin(actor, None).await.unwrap() {
        Begun::Fresh(tx) => tx,
        Begun::Replayed(_) => panic!("no key was given"),
    }
}

/// Makes a hook of a person for everything that happens to orders.
pub async fn hook<C: Editable>(app: &TestApp, who: &str, destination: &str) -> HookId {
    let mut tx = begin(app, who).await;
    let values = json!({ "name": "test", "destination": destination, "event_types": ["order.*"] });
    let values: Result<_, AppError> = Ok(values.as_object().unwrap().clone());
    let id = collection::create::<C, _>(&mut tx, values).await.unwrap();
    tx.commit().await.unwrap();
    HookId(id)
}

/// The hook as it is now.
pub async fn hook_row(app: &TestApp, id: HookId) -> hook::Model {
    list::find::<hook::Entity>(app.app.db.read(), id).await.unwrap().unwrap()
}

/// The messages to a hook, oldest first.
pub async fn messages(app: &TestApp, hook: HookId) -> Vec<delivery::Model> {
    all(app, &[Filter::equals(delivery::Column::HookId, hook)]).await
}

/// Messages, oldest first.
pub async fn all(app: &TestApp, filters: &[Filter<delivery::Entity>]) -> Vec<delivery::Model> {
    let oldest_first = [Key::column(delivery::Column::Number, false)];
    list::all::<delivery::Entity>(app.app.db.read(), filters, &oldest_first).await.unwrap()
}

/// How many of these messages are in a state.
pub fn count(rows: &[delivery::Model], state: DeliveryState) -> usize {
    rows.iter().filter(|row| row.state == state).count()
}

/// The tries of a message, oldest first.
pub async fn tries(app: &TestApp, message: &delivery::Model) -> Vec<delivery_attempt::Model> {
    let of = [Filter::equals(delivery_attempt::Column::DeliveryId, message.id)];
    let by_time = [Key::column(delivery_attempt::Column::At, false)];
    list::all::<delivery_attempt::Entity>(app.app.db.read(), &of, &by_time).await.unwrap()
}

/// Does an action of an order.
pub async fn act(app: &TestApp, who: &str, order: &str, action: &str) {
    app.post(who, &format!("/api/marketplace-orders/{order}/{action}/")).await.expect(200);
}

/// An order from its creation to its end: four events.
pub async fn whole_life(app: &TestApp, offered: &Offered) -> String {
    let order = app.order("mgr", offered).await;
    to_its_end(app, &order).await;
    order
}

/// The rest of an order's life.
pub async fn to_its_end(app: &TestApp, order: &str) {
    act(app, "own", order, "approve_by_consumer").await;
    act(app, "vown", order, "approve_by_provider").await;
    app.drain().await;
}

/// An order with a `callback_url`.
pub async fn order_with_callback(app: &TestApp, offered: &Offered, url: &str) -> String {
    let mut body = app.order_body(offered);
    body["callback_url"] = json!(url);
    app.post_json("mgr", "/api/marketplace-orders/", body).await.expect(201).text("uuid")
}

/// The messages of an order that are callbacks, oldest first.
pub async fn callbacks(app: &TestApp, order: &str) -> Vec<delivery::Model> {
    let order: Uuid = order.parse().unwrap();
    all(app, &[Filter::equals(delivery::Column::OrderId, order), Filter::equals(delivery::Column::Kind, "callback")])
        .await
}

/// The body of a request as JSON.
pub fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}
