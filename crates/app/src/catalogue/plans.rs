//! Plans of offerings: prices, amounts, discounts, and for whom they are.

use mercat_domain::{
    id::{CustomerId, PlanId},
    invalid::{FieldErrors, Invalid},
    money::Money,
    offering::{BillingType, PlanPrices, cost},
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    catalogue::{offerings_open_to, offerings_provided, plans_of},
    entity::{component, offering, order, plan, plan_component, plan_group, resource},
    facts,
    list::{self, Filter},
    offering::{PlanDetails, plans_with},
};
use serde_json::Value;
use uuid::Uuid;

use super::ProviderOfferings;
use crate::{
    AppError, Tx,
    admin::rows,
    collection::{Collection, Editable, Input, Reader, merged, text},
};

/// Plans of the offerings that somebody provides or may order.
pub struct Plans;

impl Collection for Plans {
    type Entity = plan::Entity;
    type View = PlanDetails;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        let seen = || {
            let scopes = actor.scopes();
            Filter::either([offerings_provided(&scopes), offerings_open_to(&scopes)])
        };
        (!actor.sees_all()).then(|| plans_of(seen()))
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<plan::Model>) -> Result<Vec<PlanDetails>, AppError> {
        Ok(plans_with(reader.conn, rows).await?)
    }
}

async fn provider_of(tx: &Tx, row: &plan::Model) -> Result<CustomerId, AppError> {
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await?;
    Ok(offering.ok_or(AppError::NotFound)?.customer_id)
}

/// A plan that the one who makes the change may change in this way.
async fn permitted(tx: &Tx, id: Uuid, permission: Permission) -> Result<plan::Model, AppError> {
    let row = tx.visible::<Plans>(id).await?;
    let scopes = [Scope::Customer(provider_of(tx, &row).await?), Scope::Offering(row.offering_id)];
    tx.need(permission, &scopes)?;
    Ok(row)
}

/// Adds a plan with every component of its offering at the price of nothing.
pub(super) async fn insert(tx: &Tx, row: plan::Model) -> Result<(), AppError> {
    check_unit_price(&row)?;
    let (id, offering) = (row.id, row.offering_id);
    mercat_store::insert(&tx.db, row).await?;
    let of = Filter::equals(component::Column::OfferingId, offering);
    for component in list::all::<component::Entity>(&tx.db, &[of], &[]).await? {
        mercat_store::insert(&tx.db, rows::plan_component(tx.now, id, component.id, 0, Money::ZERO)).await?;
    }
    Ok(())
}

impl Editable for Plans {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let required = || Invalid::field("offering", "This field is required.");
        let offering = tx.linked::<ProviderOfferings>(&input, "offering", "offering_id").await?.ok_or_else(required)?;
        let scopes = [Scope::Customer(offering.customer_id), Scope::Offering(offering.id)];
        tx.need(Permission::OfferingCreatePlan, &scopes)?;
        let row = merged(&rows::plan(tx.now, offering.id, &text(&input, "name")), input)?;
        let id = row.id.0;
        insert(tx, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &plan::Model) -> Result<(), AppError> {
        let scopes = [Scope::Customer(provider_of(tx, row).await?), Scope::Offering(row.offering_id)];
        tx.need(Permission::OfferingUpdatePlan, &scopes)
    }

    async fn update(tx: &mut Tx, row: plan::Model, mut input: Input) -> Result<(), AppError> {
        // A plan stays with its offering.
        input.remove("offering_id");
        let row = merged(&row, input)?;
        check_unit_price(&row)?;
        Ok(list::replace(&tx.db, row).await?)
    }

    async fn destroy(tx: &mut Tx, row: plan::Model) -> Result<(), AppError> {
        let scopes = [Scope::Customer(provider_of(tx, &row).await?), Scope::Offering(row.offering_id)];
        tx.need(Permission::OfferingUpdatePlan, &scopes)?;
        tx.unused("plan", "resources", &[Filter::equals(resource::Column::PlanId, row.id)]).await?;
        let orders = [Filter::either([
            Filter::equals(order::Column::PlanId, row.id),
            Filter::equals(order::Column::OldPlanId, row.id),
        ])];
        tx.unused("plan", "orders", &orders).await?;
        tx.remove::<plan::Entity>(row.id).await
    }
}

/// Takes a plan out of the catalogue; resources keep it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn archive(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = permitted(tx, id, Permission::OfferingArchivePlan).await?;
    Ok(list::replace(&tx.db, plan::Model { archived: true, ..row }).await?)
}

/// Changes one row for each component that the input names.
async fn change_components(
    tx: &Tx,
    plan: &plan::Model,
    field: &str,
    values: &Value,
    change: impl Fn(plan_component::Model, &Value) -> plan_component::Model,
) -> Result<(), AppError> {
    let of = Filter::equals(component::Column::OfferingId, plan.offering_id);
    let components = list::all::<component::Entity>(&tx.db, &[of], &[]).await?;
    let mut errors = FieldErrors::new();
    for (kind, value) in values.as_object().into_iter().flatten() {
        let Some(component) = components.iter().find(|component| component.kind == *kind) else {
            errors.nest(field, FieldErrors::single(kind, "Component is not found."));
            continue;
        };
        let this = [
            Filter::equals(plan_component::Column::PlanId, plan.id),
            Filter::equals(plan_component::Column::ComponentId, component.id),
        ];
        match list::first::<plan_component::Entity>(&tx.db, &this).await? {
            Some(row) => list::replace(&tx.db, change(row, value)).await?,
            None => {
                let row = rows::plan_component(tx.now, plan.id, component.id, 0, Money::ZERO);
                mercat_store::insert(&tx.db, change(row, value)).await?;
            }
        }
    }
    Ok(errors.into_result()?)
}

fn money(value: &Value) -> Money {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or(Money::ZERO)
}

/// Sets prices by component. Of a plan that resources have, the prices of the next period are set: what is agreed
/// stays for this one.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn set_prices<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let plan = permitted(tx, id, Permission::OfferingUpdatePlan).await?;
    let input = input?;
    check_prices(&input["prices"])?;
    let used = [
        Filter::equals(resource::Column::PlanId, plan.id),
        Filter::differs(resource::Column::State, mercat_domain::order::ResourceState::Terminated),
    ];
    let is_used = list::count(&tx.db, &used).await.map_err(AppError::from)? > 0;
    let change = |row: plan_component::Model, value: &Value| {
        if is_used {
            plan_component::Model { future_price: Some(money(value)), ..row }
        } else {
            plan_component::Model { price: money(value), future_price: None, ..row }
        }
    };
    change_components(tx, &plan, "prices", &input["prices"], change).await?;
    Ok(price_unit(tx, plan).await?)
}

/// Plans that have a price for the next period.
pub(crate) async fn plans_with_next_prices(tx: &Tx) -> Result<Vec<PlanId>, AppError> {
    let set = [Filter::is_set(plan_component::Column::FuturePrice, true)];
    let rows = list::all::<plan_component::Entity>(&tx.db, &set, &[]).await?;
    let plans: std::collections::BTreeSet<PlanId> = rows.into_iter().map(|row| row.plan_id).collect();
    Ok(plans.into_iter().collect())
}

/// Lets the next prices of a plan count now; what its resources cost follows.
pub(crate) async fn take_next_prices(tx: &Tx, id: PlanId) -> Result<(), AppError> {
    let Some(plan) = list::find::<plan::Entity>(&tx.db, id).await? else { return Ok(()) };
    let set =
        [Filter::equals(plan_component::Column::PlanId, id), Filter::is_set(plan_component::Column::FuturePrice, true)];
    for row in list::all::<plan_component::Entity>(&tx.db, &set, &[]).await? {
        let price = row.future_price.unwrap_or(row.price);
        list::replace(&tx.db, plan_component::Model { price, future_price: None, ..row }).await?;
    }
    price_unit(tx, plan).await?;
    let live = [
        Filter::equals(resource::Column::PlanId, id),
        Filter::differs(resource::Column::State, mercat_domain::order::ResourceState::Terminated),
    ];
    for row in list::all::<resource::Entity>(&tx.db, &live, &[]).await? {
        let cost = crate::orders::resource_cost(tx, Some(id), &row.limits).await?;
        crate::resources::store(tx, resource::Model { cost, ..row }).await?;
    }
    Ok(())
}

fn check_unit_price(row: &plan::Model) -> Result<(), Invalid> {
    if row.unit_price < Money::ZERO { Err(Invalid::field("unit_price", NEGATIVE)) } else { Ok(()) }
}

/// Nobody is paid for ordering.
fn check_prices(prices: &Value) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    for (kind, price) in prices.as_object().into_iter().flatten() {
        if money(price) < Money::ZERO {
            errors.nest("prices", FieldErrors::single(kind, NEGATIVE));
        }
    }
    Ok(errors.into_result()?)
}

const NEGATIVE: &str = "Ensure this value is greater than or equal to 0.";

/// The price of a unit is that of the fixed components, where there are some (spec 8).
async fn price_unit(tx: &Tx, plan: plan::Model) -> Result<(), AppError> {
    let prices = facts::prices(&tx.db, &[plan.id]).await?.remove(&plan.id);
    let has_fixed = |prices: &PlanPrices| prices.components.iter().any(|c| c.billing_type == BillingType::Fixed);
    match prices.filter(has_fixed).and_then(|prices| cost::fixed_price(&prices)) {
        Some(unit_price) => Ok(list::replace(&tx.db, plan::Model { unit_price, ..plan }).await?),
        None => Ok(()),
    }
}

/// Sets the amounts of fixed components.
///
/// # Errors
/// As [`set_prices`].
pub async fn set_quotas<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let plan = permitted(tx, id, Permission::OfferingUpdatePlan).await?;
    let input = input?;
    let change = |row: plan_component::Model, value: &Value| plan_component::Model {
        amount: value.as_i64().unwrap_or_default(),
        ..row
    };
    change_components(tx, &plan, "quotas", &input["quotas"], change).await?;
    Ok(price_unit(tx, plan).await?)
}

/// Sets from which amount a discount counts, and its percentage.
///
/// # Errors
/// As [`set_prices`].
pub async fn set_discounts<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let plan = permitted(tx, id, Permission::OfferingUpdatePlan).await?;
    let input = input?;
    let change = |row: plan_component::Model, value: &Value| plan_component::Model {
        discount_threshold: value["discount_threshold"].as_i64(),
        discount_rate: value["discount_rate"].as_i64(),
        ..row
    };
    Ok(change_components(tx, &plan, "discounts", &input["discounts"], change).await?)
}

/// Restricts a plan to these groups of organisations; to none is open to all.
///
/// # Errors
/// As [`set_prices`].
pub async fn set_plan_groups<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let plan = permitted(tx, id, Permission::OfferingUpdatePlan).await?;
    let groups = crate::structure::group_ids(tx, &input?).await?;
    let before = Filter::equals(plan_group::Column::PlanId, plan.id);
    list::delete(&tx.db, &[before]).await.map_err(AppError::from)?;
    for group_id in groups {
        let link = plan_group::Model { plan_id: plan.id, group_id };
        mercat_store::insert(&tx.db, link).await.map_err(AppError::from)?;
    }
    Ok(())
}
