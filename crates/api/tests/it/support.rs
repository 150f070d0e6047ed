//! Words that the tests share: orders in any state, requests by name, changed surroundings.

use chrono::{Days, NaiveDate};
use mercat_domain::{id::OrderId, order::OrderState, permission::Scope};
use mercat_store::entity::{customer, order, project};
use mercat_testkit::{Offered, Reply, TestApp};
use sea_orm::{Set, Unchanged};
use serde_json::{Map, Value, json};

/// The list.
pub const ORDERS: &str = "/api/marketplace-orders/";
/// The words of a 403.
pub const FORBIDDEN: &str = "You do not have permission to perform this action.";
/// The words of a 404.
pub const NO_ORDER: &str = "No Order matches the given query.";

/// The path of an order, or of one of its actions.
pub fn at(order: &str, action: &str) -> String {
    if action.is_empty() { format!("{ORDERS}{order}/") } else { format!("{ORDERS}{order}/{action}/") }
}

/// What only these tests ask of a [`TestApp`].
pub trait Ask {
    /// POST of an action without a body.
    async fn act(&self, who: &str, order: &str, action: &str) -> Reply;
    /// POST of a new order: the usual body with `changes`; null removes a key.
    async fn create(&self, who: &str, offered: &Offered, changes: Value) -> Reply;
    /// The state of an order.
    async fn state(&self, order: &str) -> String;
    /// Puts an order into a state, whatever came before.
    async fn set_state(&self, order: &str, state: OrderState);
    /// An order of `who` in a state.
    async fn order_in(&self, who: &str, offered: &Offered, state: OrderState) -> String;
    /// The day that many days from now.
    fn day(&self, days: i64) -> NaiveDate;
    /// Sets or clears the first and the last day of P.
    async fn set_project(&self, start: Option<i64>, end: Option<i64>);
    /// Blocks or archives K.
    async fn set_consumer(&self, blocked: bool, archived: bool);
    /// Somebody who owns both K and V.
    async fn owner_of_both(&self);
}

impl Ask for TestApp {
    async fn act(&self, who: &str, order: &str, action: &str) -> Reply {
        self.post(who, &at(order, action)).await
    }

    async fn create(&self, who: &str, offered: &Offered, changes: Value) -> Reply {
        self.post_json(who, ORDERS, merged(self.order_body(offered), changes)).await
    }

    async fn state(&self, order: &str) -> String {
        self.order_field(order, "state").await.as_str().unwrap().to_owned()
    }

    async fn set_state(&self, order: &str, state: OrderState) {
        let id: OrderId = order.parse().unwrap();
        self.save(order::ActiveModel { id: Unchanged(id), state: Set(state), ..Default::default() }).await;
    }

    async fn order_in(&self, who: &str, offered: &Offered, state: OrderState) -> String {
        let order = self.order(who, offered).await;
        self.set_state(&order, state).await;
        order
    }

    fn day(&self, days: i64) -> NaiveDate {
        let today = self.app.now().date_naive();
        let distance = Days::new(days.unsigned_abs());
        if days < 0 { today - distance } else { today + distance }
    }

    async fn set_project(&self, start: Option<i64>, end: Option<i64>) {
        let day = |days: Option<i64>| Set(days.map(|days| self.day(days)));
        let id = Unchanged(self.world.project);
        self.save(project::ActiveModel { id, start_date: day(start), end_date: day(end), ..Default::default() }).await;
    }

    async fn set_consumer(&self, blocked: bool, archived: bool) {
        let (blocked, archived) = (Set(blocked), Set(archived));
        let id = Unchanged(self.world.consumer);
        self.save(customer::ActiveModel { id, blocked, archived, ..Default::default() }).await;
    }

    async fn owner_of_both(&self) {
        let dual = self.person("dual").await;
        for customer in [self.world.consumer, self.world.provider] {
            self.grant(dual, "CUSTOMER.OWNER", Scope::Customer(customer)).await;
        }
    }
}

/// An object with changes; null removes a key.
pub fn merged(mut body: Value, changes: Value) -> Value {
    let (Some(body_map), Value::Object(changes)) = (body.as_object_mut(), changes) else { panic!("objects only") };
    for (key, value) in changes {
        if value.is_null() {
            body_map.remove(&key)
        } else {
            body_map.insert(key, value)
        };
    }
    body
}

/// `{"detail": …}`.
pub fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

/// `{"field": ["…"]}`.
pub fn field(name: &str, message: &str) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), json!([message]))]))
}

/// `{"non_field_errors": ["…"]}`.
pub fn non_field(message: &str) -> Value {
    field("non_field_errors", message)
}

/// Stops the test unless a reply has this status and this JSON body; null is an empty body.
#[track_caller]
pub fn assert_reply(reply: &Reply, status: u16, body: &Value, about: &str) {
    let text = String::from_utf8_lossy(&reply.bytes);
    assert_eq!(reply.status.as_u16(), status, "{about}: {text}");
    assert_eq!(&reply.json(), body, "{about}");
}
