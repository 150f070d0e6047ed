//! The same steps, asked of the service.

use chrono::{Days, TimeDelta};
use http::Method;
use mercat_app::jobs;
use mercat_domain::{
    id::{OrderId, PlanId},
    time::start_of_day,
};
use mercat_store::{
    entity::{customer, order, project, resource},
    list,
};
use mercat_testkit::{Backend, Offered, TestApp};
use sea_orm::{Set, Unchanged};
use serde_json::{Value, json};

use super::{
    op::{Act, Kind, Op, Who, side},
    rules::Model,
};

/// Days after 19 May 2025 on which sequences begin: that one, the last hours of a summer and the first of the next, the last
/// of a February of 29 days, of a year, and of a month.
const DAYS: [i64; 6] = [0, 160, 314, 1_016, 1_322, 1_353];

/// The service with what sequences are about.
pub struct Server {
    app: TestApp,
    offered: Vec<Offered>,
    /// Both plans of each.
    plans: Vec<[PlanId; 2]>,
}

/// What a sequence has made so far, in its own numbering.
#[derive(Default)]
pub struct Made {
    orders: Vec<String>,
    resources: Vec<String>,
}

impl Server {
    /// Starts one, at noon of a day that differs from one `number` to the next.
    pub async fn start(backend: Backend, number: u64) -> Self {
        let app = TestApp::new(backend).await;
        app.clock.advance(TimeDelta::days(DAYS[usize::try_from(number).unwrap_or(0) % DAYS.len()]));
        let (mut offered, mut plans) = (Vec::new(), Vec::new());
        for kind in Kind::ALL {
            let one = app.offering(kind.name()).await;
            plans.push([one.plan, app.second_plan(&one).await]);
            offered.push(one);
        }
        // What is done once a day is done for this one: no sequence begins with it.
        jobs::ensure_standing(&app.app).await.expect("the database is there");
        app.drain().await;
        Self { app, offered, plans }
    }

    /// As it was before any step, and with the right time.
    ///
    /// # Errors
    /// The service failed.
    pub async fn reset(&self) -> Result<(), String> {
        let now = self.app.app.now();
        self.set_clock(start_of_day(now.date_naive()) + TimeDelta::hours(12) - now).await?;
        self.block(false).await;
        self.date(None, None).await;
        Ok(())
    }

    /// As a worker does that sees it.
    async fn set_clock(&self, by: TimeDelta) -> Result<(), String> {
        self.app.clock.advance(by);
        if by < TimeDelta::zero() {
            jobs::ensure_standing(&self.app.app).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// The status with which the step is answered.
    pub async fn step(&self, op: Op, model: &Model, made: &mut Made) -> u16 {
        match op {
            Op::Create(who, kind) => {
                let body = self.app.order_body(&self.offered[kind as usize]);
                let (status, answer) = self.post(who, "marketplace-orders/", body).await;
                if let Some(uuid) = answer["uuid"].as_str() {
                    made.orders.push(uuid.to_owned());
                    made.resources.push(self.resource_of(uuid).await);
                }
                status
            }
            Op::Act(who, order, act) => self.act(who, &made.orders[order], act).await,
            Op::Terminate(who, order) => self.change(who, order, "terminate", json!({}), made).await,
            Op::Grow(who, order) => {
                let cpu = model.resources[model.orders[order].resource].cpu + 1;
                self.change(who, order, "update_limits", json!({ "limits": { "cpu": cpu } }), made).await
            }
            Op::Switch(who, order) => {
                let (kind, plan) = model.kind_and_plan(order);
                let (offered, plan) = (self.offered[kind as usize], self.plans[kind as usize][1 - plan]);
                let path = Offered { plan, ..offered }.plan_path();
                self.change(who, order, "switch_plan", json!({ "plan": path }), made).await
            }
            Op::Work => {
                self.app.drain().await;
                200
            }
            Op::Day => {
                self.app.pass(TimeDelta::days(1)).await;
                200
            }
            Op::Clock(ahead) => {
                let hour = TimeDelta::hours(if ahead { 1 } else { -1 });
                self.set_clock(hour).await.map_or(500, |()| 200)
            }
            Op::Block(blocked) => {
                self.block(blocked).await;
                200
            }
            Op::Over(over) => {
                let id = Unchanged(self.app.world.project);
                let end_date = Set(over.then(|| self.app.app.now().date_naive() - Days::new(1)));
                self.app.save(project::ActiveModel { id, end_date, ..Default::default() }).await;
                200
            }
            Op::Ahead(true) => {
                let id = Unchanged(self.app.world.project);
                let start_date = Set(Some(self.app.app.now().date_naive() + Days::new(1)));
                self.app.save(project::ActiveModel { id, start_date, ..Default::default() }).await;
                200
            }
            Op::Ahead(false) => {
                let path = format!("/api/projects/{}/", self.app.world.project);
                let body = json!({ "start_date": null });
                self.app.json_request("staff", Method::PATCH, &path, body).await.status.as_u16()
            }
        }
    }

    async fn post(&self, who: Who, path: &str, body: Value) -> (u16, Value) {
        let reply = self.app.post_json(who.name(), &format!("/api/{path}"), body).await;
        let answer = serde_json::from_slice(&reply.bytes).unwrap_or_default();
        (reply.status.as_u16(), answer)
    }

    async fn act(&self, who: Who, order: &str, act: Act) -> u16 {
        let path = format!("/api/marketplace-orders/{order}/{}", act.path());
        let reply = match act {
            Act::Destroy => self.app.call(who.name(), Method::DELETE, &path).await,
            Act::SetBackendId => {
                let body = json!({ "backend_id": mercat_app::ids::new::<OrderId>(self.app.app.now()) });
                self.app.post_json(who.name(), &path, body).await
            }
            _ => self.app.post(who.name(), &path).await,
        };
        reply.status.as_u16()
    }

    async fn change(&self, who: Who, order: usize, what: &str, body: Value, made: &mut Made) -> u16 {
        let resource = made.resources[order].clone();
        let (status, answer) = self.post(who, &format!("{}-resources/{resource}/{what}/", side(who)), body).await;
        if let Some(uuid) = answer["order_uuid"].as_str() {
            made.orders.push(uuid.to_owned());
            made.resources.push(resource);
        }
        status
    }

    async fn resource_of(&self, order: &str) -> String {
        self.app.order_row(order).await.resource_id.to_string()
    }

    async fn block(&self, blocked: bool) {
        let id = Unchanged(self.app.world.consumer);
        self.app.save(customer::ActiveModel { id, blocked: Set(blocked), ..Default::default() }).await;
    }

    async fn date(&self, start: Option<chrono::NaiveDate>, end: Option<chrono::NaiveDate>) {
        let id = Unchanged(self.app.world.project);
        let dates = project::ActiveModel { id, start_date: Set(start), end_date: Set(end), ..Default::default() };
        self.app.save(dates).await;
    }

    /// Where the service differs from the model.
    pub async fn compare(&self, model: &Model, made: &Made) -> Result<(), String> {
        if made.orders.len() != model.orders.len() {
            return Err(format!("{} orders were made, {} expected", made.orders.len(), model.orders.len()));
        }
        let conn = self.app.app.db.read();
        let orders = made.orders.iter().filter_map(|id| id.parse::<OrderId>().ok());
        let orders = list::by_ids::<order::Entity, OrderId>(conn, orders).await.map_err(|e| e.to_string())?;
        for (at, (id, expected)) in made.orders.iter().zip(&model.orders).enumerate() {
            let found = id.parse().ok().and_then(|id: OrderId| orders.get(&id)).map(|row| row.state.as_str());
            if found != expected.state.name() {
                return Err(format!("order {at} is {found:?}, expected {:?}", expected.state.name()));
            }
            let row = self.resource(&made.resources[at]).await?;
            let expected = &model.resources[expected.resource];
            let plan = self.plans[model.kind_and_plan(at).0 as usize][expected.plan];
            let found = (row.state.as_str(), row.limits["cpu"].as_i64(), row.plan_id == Some(plan));
            if found != (expected.state, Some(expected.cpu), true) {
                return Err(format!("the resource of order {at} is {found:?}, expected {expected:?}"));
            }
        }
        Ok(())
    }

    async fn resource(&self, id: &str) -> Result<resource::Model, String> {
        let id: mercat_domain::id::ResourceId = id.parse().map_err(|_| format!("{id} is no id"))?;
        let row = list::find::<resource::Entity>(self.app.app.db.read(), id).await.map_err(|e| e.to_string())?;
        row.ok_or_else(|| format!("resource {id} is gone"))
    }
}
