//! The demo's offerings: one of each kind that orders can be shown with.

use std::collections::HashMap;

use mercat_app::entity::{component, offering};
use mercat_app::{
    App, Tx,
    admin::{self, rows},
};
use mercat_domain::{
    id::{CategoryId, OfferingId, PlanId},
    offering::{BillingType, LimitPeriod, OfferingState},
    permission::Scope,
    time::Timestamp,
};
use serde_json::{Value, json};

use super::people::World;

/// An offering of the demo.
pub struct Offered {
    pub id: OfferingId,
    pub plans: Vec<PlanId>,
}

/// The offerings by key.
pub type Catalogue = HashMap<&'static str, Offered>;

/// A component as a line: type, name, unit, billing, smallest and largest limit (0: none).
type ComponentLine = (&'static str, &'static str, &'static str, BillingType, i64, i64);
/// A plan as a line: name, unit price, prices by component (type, amount, price).
type PlanLine = (&'static str, &'static str, &'static [(&'static str, i64, &'static str)]);

struct Line {
    key: &'static str,
    provider: &'static str,
    category: &'static str,
    offering_type: &'static str,
    name: &'static str,
    description: &'static str,
    components: &'static [ComponentLine],
    plans: &'static [PlanLine],
}

use BillingType::{Few, Fixed, Limit, One, Usage};

const CATEGORIES: &[(&str, &str)] = &[
    ("hpc", "High-performance computing"),
    ("cloud", "Virtual machines"),
    ("storage", "Storage"),
    ("people", "Help by experts"),
    ("licences", "Licences"),
];

const LINES: &[Line] = &[
    Line {
        key: "hpc",
        provider: "nrc",
        category: "hpc",
        offering_type: "Marketplace.Slurm",
        name: "Aurora HPC",
        description: "Node hours on 412 CPU nodes and 96 GPUs, with a parallel file system.",
        components: &[
            ("cpu", "CPU", "k-hours", Limit, 1, 10_000),
            ("gpu", "GPU", "hours", Limit, 0, 5_000),
            ("storage", "Project storage", "TB", Limit, 1, 500),
        ],
        plans: &[
            ("Academic", "0", &[("cpu", 0, "2.5"), ("gpu", 0, "0.8"), ("storage", 0, "12")]),
            ("Industry", "150", &[("cpu", 0, "6.25"), ("gpu", 0, "2.1"), ("storage", 0, "30")]),
        ],
    },
    Line {
        key: "vm",
        provider: "nrc",
        category: "cloud",
        offering_type: "Marketplace.Script",
        name: "Virtual machine",
        description: "A Linux machine in one of two regions, made by a script.",
        components: &[("ram", "Memory", "GB", Limit, 1, 512), ("cores", "Cores", "cores", Limit, 1, 64)],
        plans: &[("Standard", "0", &[("ram", 0, "1.2"), ("cores", 0, "4")])],
    },
    Line {
        key: "bucket",
        provider: "nrc",
        category: "storage",
        offering_type: "Marketplace.Basic",
        name: "Object storage",
        description: "S3-compatible buckets, three copies, two sites.",
        components: &[
            ("storage", "Capacity", "TB", Limit, 1, 2_000),
            ("versioning", "Versioning", "", Limit, 0, 1),
            ("egress", "Traffic out", "TB", Usage, 0, 0),
        ],
        plans: &[("Standard", "5", &[("storage", 0, "8"), ("versioning", 0, "3"), ("egress", 0, "20")])],
    },
    Line {
        key: "advice",
        provider: "nrc",
        category: "people",
        offering_type: "Support.OfferingTemplate",
        name: "Porting workshop",
        description: "Two days with an expert who makes your code run on Aurora.",
        components: &[("setup", "Workshop", "event", One, 0, 0)],
        plans: &[("Two days", "0", &[("setup", 1, "1800")])],
    },
    Line {
        key: "gpu",
        provider: "alpine",
        category: "hpc",
        offering_type: "Marketplace.Slurm",
        name: "Summit GPU",
        description: "Eight-way GPU nodes for training.",
        components: &[("gpu", "GPU", "hours", Limit, 10, 20_000)],
        plans: &[("Shared", "0", &[("gpu", 0, "1.9")]), ("Reserved", "400", &[("gpu", 0, "1.4")])],
    },
    Line {
        key: "notebooks",
        provider: "alpine",
        category: "cloud",
        offering_type: "Marketplace.Basic",
        name: "Notebook hub",
        description: "Notebooks in the browser for a whole group.",
        components: &[
            ("seats", "Seats", "people", Fixed, 0, 0),
            ("switch", "Change of size", "event", Few, 0, 0),
            ("hours", "Compute", "hours", Usage, 0, 0),
        ],
        plans: &[
            ("Small group", "40", &[("seats", 10, "4"), ("switch", 0, "15"), ("hours", 0, "0.3")]),
            ("Large group", "150", &[("seats", 50, "3"), ("switch", 0, "15"), ("hours", 0, "0.25")]),
        ],
    },
    Line {
        key: "licence",
        provider: "alpine",
        category: "licences",
        offering_type: "Marketplace.Basic",
        name: "Solver licences",
        description: "Floating licences of a finite-element solver, paid in advance.",
        components: &[("seats", "Seats", "seats", One, 0, 0), ("setup", "Set-up", "event", One, 0, 0)],
        plans: &[("Prepaid", "0", &[("seats", 0, "90"), ("setup", 1, "50")])],
    },
    Line {
        key: "steward",
        provider: "alpine",
        category: "people",
        offering_type: "Support.OfferingTemplate",
        name: "Data steward",
        description: "Somebody who writes the data management plan with you.",
        components: &[("days", "Days", "days", Limit, 1, 60)],
        plans: &[("By the day", "0", &[("days", 0, "620")])],
    },
    Line {
        key: "lab",
        provider: "lakeside",
        category: "hpc",
        offering_type: "Marketplace.Basic",
        name: "Department cloud",
        description: "Lakeside's own machines, for Lakeside's projects only.",
        components: &[("cores", "Cores", "cores", Limit, 1, 128)],
        plans: &[("Internal", "0", &[("cores", 0, "0")])],
    },
    Line {
        key: "tape",
        provider: "alpine",
        category: "storage",
        offering_type: "Marketplace.Basic",
        name: "Tape archive",
        description: "Ten-year archive; paused while the robot is replaced.",
        components: &[("storage", "Capacity", "TB", Limit, 10, 5_000)],
        plans: &[("Archive", "0", &[("storage", 0, "0.9")])],
    },
];

/// Makes the offerings.
pub async fn make(app: &App, world: &World) -> anyhow::Result<Catalogue> {
    let tx = app.begin_own().await?;
    let now = app.now();
    let mut categories: HashMap<&str, CategoryId> = HashMap::new();
    for (key, title) in CATEGORIES {
        let row = rows::category(now, title);
        categories.insert(key, row.id);
        admin::put(&tx, row).await?;
    }
    let mut catalogue = Catalogue::new();
    for line in LINES {
        let provider = world.organisations[line.provider];
        let mut row = rows::offering(now, provider, categories[line.category], line.offering_type, line.name);
        line.description.clone_into(&mut row.description);
        row.country = "FI".to_owned();
        specialise(line.key, &mut row);
        let id = row.id;
        admin::put(&tx, row).await?;
        let plans = price(&tx, now, id, line).await?;
        catalogue.insert(line.key, Offered { id, plans });
    }
    admin::grant(&tx, world.users["otto"], "OFFERING.MANAGER", Scope::Offering(catalogue["hpc"].id)).await?;
    tx.commit().await?;
    Ok(catalogue)
}

/// What single offerings have beyond the table.
fn specialise(key: &str, row: &mut offering::Model) {
    match key {
        "hpc" => {
            row.access_url = "https://hpc.example.org/".to_owned();
            row.getting_started = "Sign in with your organisation's account, then run `sbatch`.".to_owned();
        }
        "vm" => {
            row.options = vm_options();
            row.resource_options = json!({"order": ["size"], "options": {"size": {"type": "string", "label": "Size"}}});
            row.secret_options = json!({"language": "bash", "create": "true", "update": "true", "terminate": "true"});
        }
        "bucket" => {
            row.plugin_options = json!({"require_purchase_order_upload": false, "enable_purchase_order_upload": true})
        }
        "licence" => {
            row.plugin_options = json!({"is_resource_termination_date_required": true, "default_resource_termination_offset_in_days": 180, "max_resource_termination_offset_in_days": 730})
        }
        "lab" => {
            row.shared = false;
            row.billable = false;
        }
        "tape" => {
            row.state = OfferingState::Paused;
            row.paused_reason = "The tape robot is being replaced until spring.".to_owned();
        }
        _ => {}
    }
}

/// Options of every kind that an order form can show (spec 7.4).
fn vm_options() -> Value {
    let option = |kind: &str, label: &str| json!({"type": kind, "label": label});
    json!({
        "order": ["image", "disk", "budget", "public", "note", "zones", "until", "at", "nodes"],
        "options": {
            "image": {"type": "select_string", "label": "Image", "choices": ["debian-12", "ubuntu-24.04", "rocky-9"], "required": true},
            "disk": {"type": "integer", "label": "Disk, GB", "min": 10, "max": 2000, "default": 40},
            "budget": option("money", "Budget"),
            "public": option("boolean", "Public address"),
            "note": option("text", "Note for the operator"),
            "zones": {"type": "select_string_multi", "label": "Zones", "choices": ["north", "south"]},
            "until": option("date", "Needed until"),
            "at": option("time", "Nightly backup at"),
            "nodes": {"type": "component_multiplier", "label": "Nodes", "component_multiplier_config": {"component_type": "cores", "factor": 1}},
        },
    })
}

async fn price(tx: &Tx, now: Timestamp, offering: OfferingId, line: &Line) -> anyhow::Result<Vec<PlanId>> {
    let mut components = HashMap::new();
    for component in line.components {
        let row = component_row(now, offering, component);
        components.insert(component.0, row.id);
        admin::put(tx, row).await?;
    }
    let mut plans = Vec::new();
    for (name, unit_price, prices) in line.plans {
        let mut plan = rows::plan(now, offering, name);
        plan.unit_price = unit_price.parse()?;
        plans.push(plan.id);
        let id = plan.id;
        admin::put(tx, plan).await?;
        for (kind, amount, price) in *prices {
            admin::put(tx, rows::plan_component(now, id, components[kind], *amount, price.parse()?)).await?;
        }
    }
    Ok(plans)
}

fn component_row(
    now: Timestamp,
    offering: OfferingId,
    (kind, name, unit, billing, min, max): &ComponentLine,
) -> component::Model {
    let bound = |value: &i64| (*value != 0).then_some(*value);
    component::Model {
        min_value: bound(min),
        max_value: bound(max),
        limit_period: (*billing == Limit).then_some(LimitPeriod::Month),
        is_boolean: *max == 1,
        is_prepaid: *kind == "seats" && *billing == One,
        ..rows::component(now, offering, kind, name, unit, *billing)
    }
}
