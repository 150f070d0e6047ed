//! Orders that differ in everything that a filter can ask for.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use mercat_app::admin::rows;
use mercat_domain::{
    id::{CategoryId, CustomerId, ProjectId},
    order::OrderState,
};
use mercat_testkit::{Offered, TestApp};
use serde_json::{Value, json};

use crate::support::{Ask as _, ORDERS, merged};

/// The orders by name: `a` and `b` for Slurm in P; `c` for its child, without a plan; `d` for K's own offering in the
/// second project; `e` of another organisation. Each was made an hour after the one before.
pub struct Town {
    pub slurm: Offered,
    pub storage: CategoryId,
    pub second: ProjectId,
    pub stranger: CustomerId,
    pub orders: HashMap<&'static str, String>,
}

impl Town {
    pub async fn build(app: &TestApp) -> Self {
        let now = app.app.now();
        let storage = rows::category(now, "Storage");
        let stranger = rows::customer(now, "Fremd");
        let (second, third) =
            (rows::project(now, app.world.consumer, "Zweites"), rows::project(now, stranger.id, "Drittes"));
        let (storage_id, stranger_id, second_id, third_id) = (storage.id, stranger.id, second.id, third.id);
        app.put(storage).await;
        app.put(stranger).await;
        app.put(second).await;
        app.put(third).await;
        let slurm = app.offering("Marketplace.Slurm").await;
        let consumer = app.world.consumer;
        let child = app
            .offering_with("Marketplace.Basic", |offering, _, _| {
                (offering.parent_id, offering.category_id) = (Some(slurm.id), storage_id);
                offering.slug = "child".to_owned();
            })
            .await;
        let own = app.offering_with("Support.OfferingTemplate", |offering, _, _| offering.customer_id = consumer).await;
        let mut town =
            Self { slurm, storage: storage_id, second: second_id, stranger: stranger_id, orders: HashMap::new() };
        let project = app.world.project;
        town.add(app, "a", "mgr", &slurm, project, json!({"attributes": {"name": "Alpha 100%"}})).await;
        town.add(app, "b", "own", &slurm, project, json!({"attributes": {"name": "Beta"}, "limits": {"cpu": 50}}))
            .await;
        town.add(
            app,
            "c",
            "own",
            &child,
            project,
            json!({"attributes": {"name": "Gamma"}, "plan": null, "limits": null}),
        )
        .await;
        town.add(app, "d", "staff", &own, second_id, json!({"type": "Terminate", "attributes": {"name": "Delta_x"}}))
            .await;
        town.add(app, "e", "staff", &slurm, third_id, json!({"attributes": {"name": "Epsilon"}})).await;
        app.set_state(&town.orders["c"], OrderState::Done).await;
        town
    }

    async fn add(
        &mut self,
        app: &TestApp,
        name: &'static str,
        who: &str,
        offered: &Offered,
        project: ProjectId,
        changes: Value,
    ) {
        let body = merged(app.order_body(offered), json!({"project": format!("/api/projects/{project}/")}));
        let order = app.post_json(who, ORDERS, merged(body, changes)).await.expect(201).text("uuid");
        self.orders.insert(name, order);
        app.clock.advance(TimeDelta::hours(1));
    }

    /// The uuid of an order.
    pub fn uuid(&self, name: &str) -> &str {
        &self.orders[name]
    }

    /// The names of orders that a query finds, in their order.
    pub async fn found(&self, app: &TestApp, who: &str, query: &str) -> String {
        let list = app.get(who, &format!("{ORDERS}?field=uuid&{query}")).await.expect(200).json();
        let name = |uuid: &Value| self.orders.iter().find(|(_, order)| uuid == *order).map(|(name, _)| *name).unwrap();
        list.as_array().unwrap().iter().map(|order| name(&order["uuid"])).collect()
    }

    /// All names that somebody sees, joined.
    pub async fn seen(&self, app: &TestApp, who: &str) -> String {
        self.found(app, who, "").await.chars().collect::<BTreeSet<_>>().into_iter().collect()
    }
}
