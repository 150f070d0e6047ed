//! Offerings for tests, each with a plan and a limit component `cpu`.

use mercat_app::admin::{self, rows};
use mercat_domain::{
    id::{ComponentId, OfferingId, PlanId},
    money::Money,
    offering::BillingType,
    permission::Scope,
};
use mercat_store::entity::{component, offering, plan};

use crate::TestApp;

/// An offering that a test made.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// The offering.
    pub id: OfferingId,
    /// Its plan: 5 a month, 2 for each `cpu`, 7 at the start.
    pub plan: PlanId,
    /// Its component `cpu`.
    pub cpu: ComponentId,
}

impl Offered {
    /// The path under which orders name the offering.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/api/marketplace-public-offerings/{}/", self.id)
    }

    /// The path under which orders name the plan.
    #[must_use]
    pub fn plan_path(&self) -> String {
        format!("/api/marketplace-public-offerings/{}/plans/{}/", self.id, self.plan)
    }
}

impl TestApp {
    /// A shared offering of V; `omgr` manages it.
    pub async fn offering(&self, offering_type: &str) -> Offered {
        self.offering_with(offering_type, |_, _, _| {}).await
    }

    /// An offering of tenants in a cloud: their orders hold secrets.
    pub async fn tenants(&self) -> Offered {
        let scope = Some(serde_json::json!({"url": "http://b.example/t/1/"}));
        self.offering_with("OpenStack.Tenant", |offering, _, _| offering.scope = scope).await
    }

    /// As [`Self::offering`], with changes to its rows.
    pub async fn offering_with(
        &self,
        offering_type: &str,
        change: impl FnOnce(&mut offering::Model, &mut plan::Model, &mut component::Model),
    ) -> Offered {
        let now = self.app.now();
        let world = &self.world;
        let mut offering = rows::offering(now, world.provider, world.category, offering_type, offering_type);
        let mut cpu = rows::component(now, offering.id, "cpu", "CPU", "cores", BillingType::Limit);
        let setup = rows::component(now, offering.id, "setup", "Set-up", "event", BillingType::One);
        let mut plan = rows::plan(now, offering.id, "Standard");
        plan.unit_price = money("5");
        change(&mut offering, &mut plan, &mut cpu);
        let prices = [
            rows::plan_component(now, plan.id, cpu.id, 0, money("2")),
            rows::plan_component(now, plan.id, setup.id, 1, money("7")),
        ];
        let offered = Offered { id: offering.id, plan: plan.id, cpu: cpu.id };
        let tx = self.app.begin_own().await.unwrap();
        admin::put(&tx, offering).await.unwrap();
        admin::put(&tx, cpu).await.unwrap();
        admin::put(&tx, setup).await.unwrap();
        admin::put(&tx, plan).await.unwrap();
        for price in prices {
            admin::put(&tx, price).await.unwrap();
        }
        admin::grant(&tx, world.users["omgr"], "OFFERING.MANAGER", Scope::Offering(offered.id)).await.unwrap();
        tx.commit().await.unwrap();
        offered
    }
}

impl TestApp {
    /// A further plan of an offering: 9 a month, 1 for each `cpu`, 3 for a switch to it.
    pub async fn second_plan(&self, offered: &Offered) -> PlanId {
        let now = self.app.now();
        let mut plan = rows::plan(now, offered.id, "Large");
        plan.unit_price = money("9");
        let switch = rows::component(now, offered.id, "switch", "Switch", "event", BillingType::Few);
        let prices = [
            rows::plan_component(now, plan.id, offered.cpu, 0, money("1")),
            rows::plan_component(now, plan.id, switch.id, 1, money("3")),
        ];
        let id = plan.id;
        self.put(switch).await;
        self.put(plan).await;
        for price in prices {
            self.put(price).await;
        }
        id
    }
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}
