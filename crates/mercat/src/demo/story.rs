//! Four months of orders: planned as steps at moments, sorted by time, and lived through by the use cases.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use mercat_app::{
    App, AppError, Tx,
    orders::{self, CreateOrder, ResourceSide, Target},
};
use mercat_domain::{
    id::{OrderId, ResourceId},
    invalid::FieldErrors,
    offering::Limits,
    order::{Action, OrderType},
    time::{Clock as _, FixedClock, Timestamp},
};
use mercat_worker::Sender;
use serde_json::json;

use super::{begin, catalogue::Catalogue, people::World};

/// How many tales are told; with the changes of resources that some go on to, they make three hundred orders.
const ORDERS: usize = 258;

/// What happens to an order after it was made, and by whom.
#[derive(Clone, Copy)]
enum Deed {
    Do(Action),
    Fail(&'static str),
    Terminate,
    Limits,
}
use Deed::{Do, Fail, Limits as Resize, Terminate};

/// One way that an order's life can go: after so many hours somebody does something.
type Life = &'static [(i64, &'static str, Deed)];

/// Who orders what in which project, and how it goes on. `owner` and `provider` stand for the people in charge.
struct Tale {
    offering: &'static str,
    project: &'static str,
    by: &'static str,
    name: &'static str,
    order_type: OrderType,
    life: Life,
}

const APPROVED: Life = &[(5, "owner", Do(Action::ApproveByConsumer)), (26, "provider", Do(Action::ApproveByProvider))];
const FULFILLED: Life = &[
    (3, "owner", Do(Action::ApproveByConsumer)),
    (20, "provider", Do(Action::ApproveByProvider)),
    (22, "provider", Do(Action::SetStateDone)),
];
const RESIZED: Life = &[
    (3, "owner", Do(Action::ApproveByConsumer)),
    (20, "provider", Do(Action::ApproveByProvider)),
    (22, "provider", Do(Action::SetStateDone)),
    (200, "owner", Resize),
    (210, "provider", Do(Action::ApproveByProvider)),
    (211, "provider", Do(Action::SetStateDone)),
];
const ENDED: Life = &[
    (3, "owner", Do(Action::ApproveByConsumer)),
    (20, "provider", Do(Action::ApproveByProvider)),
    (22, "provider", Do(Action::SetStateDone)),
    (300, "owner", Terminate),
    (306, "provider", Do(Action::ApproveByProvider)),
    (308, "provider", Do(Action::SetStateDone)),
];
const FAILED: Life = &[
    (4, "owner", Do(Action::ApproveByConsumer)),
    (18, "provider", Do(Action::ApproveByProvider)),
    (19, "provider", Fail("sbatch: error: Batch job submission failed: Requested node configuration is not available")),
];
const REFUSED: Life = &[(9, "owner", Do(Action::RejectByConsumer))];
const TURNED_DOWN: Life =
    &[(4, "owner", Do(Action::ApproveByConsumer)), (49, "provider", Do(Action::RejectByProvider))];
const WITHDRAWN: Life = &[(6, "owner", Do(Action::Cancel))];
const HALF_WAY: Life = &[(8, "owner", Do(Action::ApproveByConsumer))];
const OPEN: Life = &[];
const HELPED: Life = &[(2, "owner", Do(Action::ApproveByConsumer)), (90, "provider", Do(Action::SetStateDone))];
const HANDED_OVER: Life = &[
    (3, "owner", Do(Action::ApproveByConsumer)),
    (30, "provider", Do(Action::ApproveByProvider)),
    (400, "owner", Terminate),
    (420, "provider", Do(Action::ApproveByProvider)),
];

const fn tale(offering: &'static str, project: &'static str, by: &'static str, name: &'static str, life: Life) -> Tale {
    Tale { offering, project, by, name, order_type: OrderType::Create, life }
}

const TALES: &[Tale] = &[
    tale("hpc", "genomics", "marc", "assembly", FULFILLED),
    tale("bucket", "climate", "amir", "model output", APPROVED),
    tale("hpc", "climate", "amir", "ensemble", RESIZED),
    tale("advice", "genomics", "marc", "port the assembler", HELPED),
    tale("gpu", "aurora", "sofia", "training", ENDED),
    tale("notebooks", "ice", "jonas", "group notebooks", HANDED_OVER),
    tale("licence", "proteins", "rita", "solver seats", APPROVED),
    tale("hpc", "ice", "jonas", "glacier flow", FAILED),
    tale("vm", "proteins", "rita", "gateway", &[(7, "owner", Do(Action::ApproveByConsumer))]),
    tale("bucket", "aurora", "sofia", "camera archive", REFUSED),
    tale("steward", "genomics", "marc", "data management plan", WITHDRAWN),
    tale("hpc", "proteins", "rita", "docking", TURNED_DOWN),
    tale("lab", "genomics", "marc", "scratch cloud", APPROVED),
    Tale { order_type: OrderType::Restore, ..tale("bucket", "proteins", "rita", "old results", APPROVED) },
    tale("gpu", "proteins", "rita", "screening", FULFILLED),
];

/// How the orders of the last days stand, so that there is something to decide.
const RECENT: &[Tale] = &[
    tale("hpc", "genomics", "marc", "polishing", OPEN),
    tale("hpc", "climate", "amir", "downscaling", HALF_WAY),
    tale("bucket", "ice", "jonas", "satellite scenes", HALF_WAY),
    tale("gpu", "aurora", "sofia", "segmentation", OPEN),
    tale("hpc", "proteins", "hugo", "free energy", APPROVED),
    tale("advice", "climate", "lena", "port the model", OPEN),
    tale("notebooks", "future", "hugo", "sensor dashboards", OPEN),
    tale("licence", "proteins", "hugo", "later seats", HALF_WAY),
    tale("gpu", "proteins", "hugo", "starts later", &[(10, "provider", Do(Action::ApproveByProvider))]),
];

/// Tales of the last days, beside the long ones.
const RECENT_ORDERS: usize = 45;

/// Something to do at a moment.
struct Step {
    at: Timestamp,
    by: &'static str,
    order: usize,
    deed: Option<Deed>,
}

/// Where the tales are told: the service, how its messages leave, and its clock.
pub struct Told<'a> {
    pub app: &'a App,
    pub sender: &'a Sender,
    pub clock: &'a FixedClock,
}

impl Told<'_> {
    /// Moves the clock, and does and sends what is due then, so that the mail too is as if it had happened.
    async fn pass(&self, until: Timestamp) -> anyhow::Result<()> {
        self.clock.advance(until - self.clock.now());
        self.settle().await
    }

    async fn settle(&self) -> anyhow::Result<()> {
        mercat_worker::drain(self.app).await?;
        mercat_worker::deliver_due(self.app, self.sender).await?;
        Ok(())
    }
}

/// Lives through all tales and leaves the clock at `end`.
pub async fn tell(told: Told<'_>, world: &World, catalogue: &Catalogue, end: Timestamp) -> anyhow::Result<()> {
    let Told { app, clock, .. } = told;
    let begin = clock.now();
    let mut steps = plan(begin, end);
    steps.sort_by_key(|step| (step.at, step.order));
    let mut teller = Teller { app, world, catalogue, current: HashMap::new() };
    for step in steps.iter().take_while(|step| step.at < end) {
        told.pass(step.at).await?;
        teller.live(step).await?;
        told.settle().await?;
    }
    told.pass(end).await
}

/// The order's tale: the last orders come from the table of recent ones.
fn tale_of(order: usize) -> &'static Tale {
    // 7 is prime to both table lengths, so that neighbours differ.
    if order < ORDERS - RECENT_ORDERS { &TALES[order * 7 % TALES.len()] } else { &RECENT[order * 7 % RECENT.len()] }
}

fn plan(begin: Timestamp, end: Timestamp) -> Vec<Step> {
    let old = ORDERS - RECENT_ORDERS;
    // Changes of resources are orders too: the tales that make them count for more than one.
    let recent_begin = end - TimeDelta::days(4);
    let mut steps = Vec::new();
    for order in 0..ORDERS {
        let at = if order < old {
            begin + (recent_begin - begin) / 300 * i32::try_from(order).unwrap_or_default()
        } else {
            recent_begin + TimeDelta::minutes(i64::try_from(order - old).unwrap_or_default() * 97)
        };
        // A working day's unevenness, the same in every demo.
        let at = at + TimeDelta::seconds(i64::try_from(order * 7919 % 3600).unwrap_or_default());
        let tale = tale_of(order);
        steps.push(Step { at, by: tale.by, order, deed: None });
        for (hours, by, deed) in tale.life {
            let delay =
                TimeDelta::hours(*hours) + TimeDelta::minutes(i64::try_from(order * 13 % 55).unwrap_or_default());
            steps.push(Step { at: at + delay, by, order, deed: Some(*deed) });
        }
    }
    steps
}

struct Teller<'a> {
    app: &'a App,
    world: &'a World,
    catalogue: &'a Catalogue,
    /// The order that a tale is about at present, and its resource.
    current: HashMap<usize, (OrderId, ResourceId)>,
}

impl Teller<'_> {
    async fn live(&mut self, step: &Step) -> anyhow::Result<()> {
        let tale = tale_of(step.order);
        let mut tx = begin(self.app, self.who(step.by, tale)).await?;
        let current = self.current.get(&step.order).copied();
        let made = match (step.deed, current) {
            (None, _) => Ok(Some(orders::create(&mut tx, self.order(tale, step)?).await?)),
            (Some(deed), Some((order, resource))) => act(&mut tx, deed, order, resource).await,
            (Some(_), None) => return Ok(()),
        };
        match made {
            Ok(Some(order)) => {
                let resource = tx.order(order).await?.row.resource_id;
                self.current.insert(step.order, (order, resource));
            }
            Ok(None) => {}
            // A step that the order's life made needless, such as the approval of what was approved by itself.
            Err(AppError::Refused { .. } | AppError::ResourceState(_) | AppError::Invalid(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        Ok(tx.commit().await?)
    }

    /// The person in charge of a side.
    fn who(&self, role: &'static str, tale: &Tale) -> &'static str {
        let consumer = match tale.project {
            "genomics" | "climate" => "lena",
            "ice" | "aurora" => "ingrid",
            _ => "hugo",
        };
        match (role, tale.offering) {
            ("owner", _) | ("provider", "lab") => consumer,
            ("provider", "gpu" | "notebooks" | "licence" | "steward" | "tape") => "pia",
            ("provider", _) => "nora",
            (person, _) => person,
        }
    }

    fn order(&self, tale: &Tale, step: &Step) -> anyhow::Result<CreateOrder> {
        let offered = &self.catalogue[tale.offering];
        let size = i64::try_from(step.order % 9)? + 1;
        let limits: &[(&str, i64)] = match tale.offering {
            "hpc" => &[("cpu", 40), ("gpu", 20), ("storage", 2)],
            "vm" => &[("ram", 16), ("cores", 4)],
            "bucket" => &[("storage", 6), ("versioning", 0)],
            "gpu" => &[("gpu", 100)],
            "lab" => &[("cores", 8)],
            "steward" => &[("days", 3)],
            "licence" => &[("seats", 2)],
            _ => &[],
        };
        let scaled = |(kind, value): &(&str, i64)| ((*kind).to_owned(), value * if *value > 1 { size } else { 1 });
        let later = tale.name == "starts later" || tale.name == "later seats";
        let start: Option<NaiveDate> = later.then(|| (step.at + TimeDelta::days(20)).date_naive());
        Ok(CreateOrder {
            errors: FieldErrors::new(),
            offering: Some(offered.id),
            project: Some(self.world.projects[tale.project]),
            plan: Some(offered.plans[step.order % offered.plans.len()]),
            order_type: tale.order_type,
            attributes: attributes(tale, step),
            limits: limits.iter().map(scaled).collect::<Limits>(),
            accepts_terms: Some(true),
            callback_url: None,
            request_comment: step.order.is_multiple_of(4).then(|| format!("Needed for {}.", tale.name)),
            start_date: start,
            slug: None,
        })
    }
}

fn attributes(tale: &Tale, step: &Step) -> serde_json::Value {
    let name = format!("{} {}", tale.name, step.order + 1);
    match tale.offering {
        "vm" => json!({"name": name, "image": "debian-12", "disk": 80, "public": false, "zones": ["north"]}),
        "licence" => json!({"name": name, "end_date": (step.at + TimeDelta::days(365)).date_naive()}),
        _ => json!({"name": name}),
    }
}

/// Does one deed; an order that it makes takes over the tale.
async fn act(tx: &mut Tx, deed: Deed, order: OrderId, resource: ResourceId) -> Result<Option<OrderId>, AppError> {
    let target = Target::from(order);
    match deed {
        Do(action) => orders::act(tx, &target, action).await.map(|_| None),
        Fail(message) => {
            let text = (message.to_owned(), format!("Traceback: {message}"));
            orders::set_erred(tx, &target, Ok(text)).await.map(|()| None)
        }
        Terminate => orders::terminate(tx, ResourceSide::Consumer, resource, Ok(json!({}))).await.map(Some),
        Resize => {
            let limits = [("cpu", 500), ("gpu", 250), ("storage", 20)];
            let limits = limits.into_iter().map(|(kind, value)| (kind.to_owned(), value)).collect();
            orders::update_limits(tx, resource, Ok((limits, None))).await.map(Some)
        }
    }
}
