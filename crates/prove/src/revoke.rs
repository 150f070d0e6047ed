//! Somebody loses a right while they use it: whatever they ask for after that was answered is refused, in every process.

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{Method, Request, header};
use mercat_domain::{
    id::{OrderId, UserId},
    permission::Scope,
};
use mercat_store::event;
use mercat_testkit::{
    Backend, Offered, TestApp,
    campaign::{Amount, Report},
    reply,
};
use serde_json::{Value, json};
use tokio::{sync::Barrier, task::JoinSet};

/// So many requests of the person are on their way while the right is taken.
const ASKING: usize = 6;
/// After so many cases a new database is taken: each leaves a person behind.
const PEOPLE: u64 = 200;

/// How a right can end.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// The role is taken away.
    Role,
    /// The person is switched off.
    Person,
    /// The token is replaced.
    Token,
}

const LOSSES: [Loss; 3] = [Loss::Role, Loss::Person, Loss::Token];

/// Takes rights away.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let mut report = Report::default();
    let mut stage = Stage::make(backend).await;
    for case in amount.cases() {
        if case > 0 && case % PEOPLE == 0 {
            stage = Stage::make(backend).await;
        }
        let loss = LOSSES[usize::try_from(case).unwrap_or(0) % LOSSES.len()];
        let result = stage.take(loss, case, &mut report).await;
        report.note(format_args!("case {case}, {loss:?}"), result);
    }
    report
}

struct Stage {
    app: TestApp,
    routers: [Router; 2],
    offered: Offered,
}

impl Stage {
    async fn make(backend: Backend) -> Self {
        let app = TestApp::new(backend).await;
        let offered = app.offering("Marketplace.Slurm").await;
        Self { routers: [app.router.clone(), app.sibling().await], app, offered }
    }

    async fn take(&self, loss: Loss, case: u64, report: &mut Report) -> Result<(), String> {
        let name = format!("leaver-{case}");
        let person = self.app.person(&name).await;
        self.app.grant(person, "CUSTOMER.OWNER", Scope::Customer(self.app.world.consumer)).await;
        let token = match loss {
            // Tokens that an operator made stay; those that people made are replaced.
            Loss::Token => self.refresh(person, &format!("token-{name}")).await?,
            Loss::Role | Loss::Person => format!("token-{name}"),
        };
        let order = self.app.order("mgr", &self.offered).await;
        let start = Arc::new(Barrier::new(ASKING + 1));
        let mut asking = JoinSet::new();
        for n in 0..ASKING {
            let (router, start) = (self.routers[n % 2].clone(), Arc::clone(&start));
            let request = self.asked(&token, &order, n);
            asking.spawn(async move {
                start.wait().await;
                reply(router, request).await.status.as_u16()
            });
        }
        start.wait().await;
        self.lose(loss, &token, person).await?;
        // From here on nothing is granted, whatever is still on its way.
        for n in 0..ASKING {
            let status = reply(self.routers[n % 2].clone(), self.asked(&token, &order, n)).await.status.as_u16();
            if !matches!(status, 401 | 404) {
                return Err(format!("request {n} after that was answered with {status}"));
            }
        }
        for status in asking.join_all().await {
            report.see(if status < 300 { "granted before" } else { "refused" }, 1);
            if status >= 500 {
                return Err(format!("a request on its way was answered with {status}"));
            }
        }
        self.at_most_once(&order, person).await
    }

    /// Reading for even numbers, deciding for odd ones.
    fn asked(&self, token: &str, order: &str, n: usize) -> Request<Body> {
        let order = format!("/api/marketplace-orders/{order}/");
        match n % 4 {
            1 | 3 => self.request(token, Method::POST, &format!("{order}approve_by_consumer/"), &Value::Null),
            0 => self.request(token, Method::GET, &order, &Value::Null),
            _ => self.request(token, Method::GET, &format!("{order}history/"), &Value::Null),
        }
    }

    fn request(&self, token: &str, method: Method, path: &str, body: &Value) -> Request<Body> {
        let request = self.app.request("", method, path).header(header::AUTHORIZATION, format!("Token {token}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        request.body(body).unwrap_or_default()
    }

    /// The token that replaces another.
    async fn refresh(&self, person: UserId, token: &str) -> Result<String, String> {
        let path = format!("/api/users/{person}/refresh_token/");
        let answer = reply(self.routers[0].clone(), self.request(token, Method::POST, &path, &Value::Null)).await;
        let fresh: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
        fresh["token"].as_str().map(str::to_owned).ok_or(format!("{path} was answered with {}", answer.status))
    }

    async fn lose(&self, loss: Loss, token: &str, person: UserId) -> Result<(), String> {
        let consumer = self.app.world.consumer;
        let (method, path, body) = match loss {
            Loss::Role => {
                let role = json!({ "user": person.to_string(), "role": "CUSTOMER.OWNER" });
                (Method::POST, format!("/api/customers/{consumer}/delete_user/"), role)
            }
            Loss::Person => (Method::PATCH, format!("/api/users/{person}/"), json!({ "is_active": false })),
            Loss::Token => return self.refresh(person, token).await.map(drop),
        };
        let request = self.request("token-staff", method, &path, &body);
        let answer = reply(self.routers[0].clone(), request).await;
        if answer.status.is_success() { Ok(()) } else { Err(format!("{path} was answered with {}", answer.status)) }
    }

    /// The person's approval counts once or not at all.
    async fn at_most_once(&self, order: &str, person: UserId) -> Result<(), String> {
        let order: OrderId = order.parse().map_err(|_| format!("{order} is no id"))?;
        let events = event::of_order(self.app.app.db.read(), order).await.map_err(|error| error.to_string())?;
        let own = events.iter().filter(|event| event.actor_id == Some(person)).count();
        if own > 1 { Err(format!("the person decided {own} times")) } else { Ok(()) }
    }
}
