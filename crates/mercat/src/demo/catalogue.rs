//! The demo's offerings: one of each kind that orders can be shown with.

use std::collections::HashMap;

use mercat_app::{
    App, AppError, Tx,
    catalogue::{self, Categories, OfferingColumns, Plans, ProviderOfferings, Providers},
    collection::{Input, create},
    structure::MemberRequest,
};
use mercat_domain::{
    id::{CategoryId, OfferingId, PlanId},
    offering::OfferingAction,
    permission::{Permission, Scope},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    begin, input,
    people::{World, owner_of},
};

/// An offering of the demo.
pub struct Offered {
    pub id: OfferingId,
    pub plans: Vec<PlanId>,
}

/// The offerings by key.
pub type Catalogue = HashMap<String, Offered>;

/// The offerings as their providers write them, by column.
const OFFERINGS: &str = include_str!("offerings.json");
const PROVIDERS: &[&str] = &["nrc", "alpine", "lakeside"];
const CATEGORIES: &[&str] =
    &["High-performance computing", "Virtual machines", "Storage", "Help by experts", "Licences"];

#[derive(Deserialize)]
struct Line {
    key: String,
    provider: String,
    category: String,
    columns: Input,
    #[serde(default)]
    integration: Input,
    plans: Vec<Plan>,
    paused_reason: Option<String>,
}

#[derive(Deserialize)]
struct Plan {
    name: String,
    unit_price: String,
    prices: Input,
    #[serde(default)]
    quotas: Input,
}

/// Lets staff make the categories, and the providers' owners everything else.
pub async fn make(app: &App, world: &World) -> anyhow::Result<Catalogue> {
    let mut tx = begin(app, "ada").await?;
    let mut categories: HashMap<&str, CategoryId> = HashMap::new();
    for title in CATEGORIES {
        let id = create::<Categories, AppError>(&mut tx, input(json!({ "title": title }))).await?;
        categories.insert(title, id.into());
    }
    tx.commit().await?;
    for provider in PROVIDERS {
        let mut tx = begin(app, owner_of(provider)?).await?;
        let new = json!({ "customer_id": world.organisations[provider] });
        create::<Providers, AppError>(&mut tx, input(new)).await?;
        tx.commit().await?;
    }
    let mut catalogue = Catalogue::new();
    for mut line in serde_json::from_str::<Vec<Line>>(OFFERINGS)? {
        let mut tx = begin(app, owner_of(&line.provider)?).await?;
        let (customer, category) = (world.organisations[line.provider.as_str()], categories[line.category.as_str()]);
        line.columns.extend(input(json!({ "customer_id": customer, "category_id": category, "country": "FI" }))?);
        let key = line.key.clone();
        let offered = offer(&mut tx, line).await?;
        if key == "hpc" {
            let on = MemberRequest {
                scope: Scope::Offering(offered.id),
                around: Some(Scope::Customer(customer)),
                is_gone: false,
            };
            world.give(&mut tx, "otto", "OFFERING.MANAGER", on).await?;
        }
        tx.commit().await?;
        catalogue.insert(key, offered);
    }
    Ok(catalogue)
}

/// Makes one offering with its components and plans, and opens it.
async fn offer(tx: &mut Tx, line: Line) -> Result<Offered, AppError> {
    let id = create::<ProviderOfferings, AppError>(tx, Ok(line.columns)).await?;
    let integration = OfferingColumns { permission: Permission::OfferingUpdateIntegration, joined: &[] };
    catalogue::set_columns::<AppError>(tx, id, integration, Ok(line.integration)).await?;
    let mut plans = Vec::new();
    for Plan { name, unit_price, prices, quotas } in line.plans {
        let new = json!({ "offering_id": OfferingId(id), "name": name, "unit_price": unit_price });
        let plan = create::<Plans, AppError>(tx, input(new)).await?;
        catalogue::set_prices(tx, plan, input(json!({ "prices": prices }))).await?;
        catalogue::set_quotas(tx, plan, input(json!({ "quotas": quotas }))).await?;
        plans.push(plan.into());
    }
    catalogue::act::<AppError>(tx, id, OfferingAction::Activate, Ok(Input::new())).await?;
    if let Some(reason) = line.paused_reason {
        catalogue::act(tx, id, OfferingAction::Pause, input(json!({ "paused_reason": reason }))).await?;
    }
    Ok(Offered { id: id.into(), plans })
}
