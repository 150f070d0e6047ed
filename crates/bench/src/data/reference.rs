//! What all orders share: organisations, projects and offerings.

use mercat_app::{
    App, Tx,
    admin::{self, rows},
};
use mercat_domain::{
    id::{CategoryId, CustomerId, OfferingId, PlanId, ProjectId},
    offering::BillingType,
};
use mercat_store::entity::{offering, plan, service_provider};
use serde_json::json;
use uuid::Uuid;

use super::line::{CUSTOMERS, OFFERINGS, PROJECTS, PROVIDERS, customer_of};

const CATEGORIES: usize = 5;

/// The rows that orders lead to, each at its place.
pub struct Reference {
    pub customers: Vec<CustomerId>,
    pub projects: Vec<ProjectId>,
    pub offerings: Vec<(OfferingId, PlanId)>,
}

/// Makes them.
pub async fn make(app: &App) -> anyhow::Result<Reference> {
    let tx = app.begin_own().await?;
    let now = tx.now();
    let mut made = Reference { customers: Vec::new(), projects: Vec::new(), offerings: Vec::new() };
    for c in 0..CUSTOMERS {
        let row = rows::customer(now, &format!("Organization {c}"));
        made.customers.push(row.id);
        admin::put(&tx, row).await?;
    }
    for provider in made.customers.iter().take(PROVIDERS) {
        let row = service_provider::Model {
            id: mercat_app::ids::new::<Uuid>(now).into(),
            customer_id: *provider,
            description: String::new(),
            enable_notifications: true,
            image: None,
            api_secret_hash: None,
            created: now,
        };
        admin::put(&tx, row).await?;
    }
    for p in 0..PROJECTS {
        let row = rows::project(now, made.customers[customer_of(p)], &format!("Project {p}"));
        made.projects.push(row.id);
        admin::put(&tx, row).await?;
    }
    let mut categories = Vec::new();
    for c in 0..CATEGORIES {
        let row = rows::category(now, &format!("Category {c}"));
        categories.push(row.id);
        admin::put(&tx, row).await?;
    }
    for o in 0..OFFERINGS {
        made.offerings.push(offering(&tx, o, made.customers[o / 10], categories[o % CATEGORIES]).await?);
    }
    tx.commit().await?;
    Ok(made)
}

async fn offering(
    tx: &Tx,
    o: usize,
    provider: CustomerId,
    category: CategoryId,
) -> anyhow::Result<(OfferingId, PlanId)> {
    let now = tx.now();
    let offering_type = match o % 10 {
        0..6 => "Marketplace.Basic",
        6..8 => "Support.OfferingTemplate",
        _ => "Marketplace.Slurm",
    };
    let options = json!({"order": ["os", "nodes"], "options": {
        "os": {"type": "select_string", "label": "System", "choices": ["linux", "bsd"]},
        "nodes": {"type": "integer", "label": "Nodes", "min": 1, "max": 64},
    }});
    let row = offering::Model {
        description: format!(
            "Offering number {o} of the set: computing time, memory and storage for projects, billed by the month and by use."
        ),
        options: if o.is_multiple_of(10) { options } else { json!({}) },
        plugin_options: json!({"auto_approve_remote_orders": false, "service_provider_can_create_offering_user": true}),
        ..rows::offering(now, provider, category, offering_type, &format!("Offering {o}"))
    };
    let id = row.id;
    let plan = plan::Model { unit_price: "5".parse()?, ..rows::plan(now, id, "Standard") };
    let plan_id = plan.id;
    admin::put(tx, row).await?;
    admin::put(tx, plan).await?;
    for (kind, unit, billing_type, amount, price) in [
        ("cpu", "hours", BillingType::Usage, 0, "0.05"),
        ("ram", "GB", BillingType::Fixed, 10, "0.50"),
        ("storage", "GB", BillingType::Limit, 0, "0.10"),
    ] {
        let mut component = rows::component(now, id, kind, kind, unit, billing_type);
        if billing_type == BillingType::Limit {
            (component.min_value, component.max_value) = (Some(1), Some(10_000));
        }
        let priced = rows::plan_component(now, plan_id, component.id, amount, price.parse()?);
        admin::put(tx, component).await?;
        admin::put(tx, priced).await?;
    }
    Ok((id, plan_id))
}
