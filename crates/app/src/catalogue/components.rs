//! The measured units of an offering.

use mercat_domain::{
    id::OfferingId,
    invalid::{FieldErrors, Invalid},
    offering::{BillingType, ComponentDefinition, check_component},
    order::ResourceState,
    permission::Permission,
};
use mercat_store::{
    assets::resources_of,
    entity::{component, component_quota, component_usage, offering, plan, plan_component, resource},
    list::{self, Filter},
};
use serde_json::Value;
use uuid::Uuid;

use super::offerings::permitted;
use crate::{
    AppError, Tx,
    admin::rows,
    collection::{Input, id, merged, text},
};

/// What the rules look at in the columns of a component.
pub(super) fn definition(input: &Input) -> ComponentDefinition {
    let number = |name: &str| input.get(name).and_then(Value::as_i64);
    let truth = |name: &str| input.get(name).and_then(Value::as_bool).unwrap_or_default();
    ComponentDefinition {
        kind: text(input, "kind"),
        billing_type: text(input, "billing_type").parse().unwrap_or(BillingType::Limit),
        limit_period: text(input, "limit_period").parse().ok(),
        limit_amount: number("limit_amount"),
        min_value: number("min_value"),
        max_value: number("max_value"),
        default_limit: number("default_limit"),
        is_boolean: truth("is_boolean"),
        is_prepaid: truth("is_prepaid"),
        min_prepaid_duration: number("min_prepaid_duration"),
        max_prepaid_duration: number("max_prepaid_duration"),
    }
}

/// The row of a component: a boolean one has bounds of its own (spec 7.5).
pub(super) fn row(tx: &Tx, offering: OfferingId, mut input: Input) -> Result<component::Model, AppError> {
    if input.get("limit_period") == Some(&Value::String(String::new())) {
        input.insert("limit_period".to_owned(), Value::Null);
    }
    let checked = definition(&input).normalized();
    let base = rows::component(tx.now, offering, &checked.kind, "", "", checked.billing_type);
    let row = merged(&base, input)?;
    Ok(component::Model {
        limit_period: checked.limit_period,
        limit_amount: checked.limit_amount,
        min_value: checked.min_value,
        max_value: checked.max_value,
        ..row
    })
}

async fn siblings(tx: &Tx, offering: OfferingId, except: Option<Uuid>) -> Result<Vec<String>, AppError> {
    let of = Filter::equals(component::Column::OfferingId, offering);
    let rows = list::all::<component::Entity>(&tx.db, &[of], &[]).await?;
    Ok(rows.into_iter().filter(|row| Some(row.id.0) != except).map(|row| row.kind).collect())
}

fn check(input: &Input, others: &[String]) -> Result<(), FieldErrors> {
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    check_component(&definition(input).normalized(), &others)
}

/// Adds a component; every plan of the offering gets it at the price of nothing.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn add_component<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let offering = permitted(tx, id, Permission::OfferingUpdateComponents).await?;
    let input = input?;
    check(&input, &siblings(tx, offering.id, None).await?).map_err(|errors| AppError::from(Invalid::from(errors)))?;
    let row = row(tx, offering.id, input)?;
    let component = row.id;
    mercat_store::insert(&tx.db, row).await.map_err(AppError::from)?;
    let plans = [Filter::equals(plan::Column::OfferingId, offering.id)];
    for plan in list::all::<plan::Entity>(&tx.db, &plans, &[]).await.map_err(AppError::from)? {
        let priced = rows::plan_component(tx.now, plan.id, component, 0, mercat_domain::money::Money::ZERO);
        mercat_store::insert(&tx.db, priced).await.map_err(AppError::from)?;
    }
    Ok(())
}

async fn own(tx: &Tx, offering: OfferingId, input: &Input) -> Result<component::Model, AppError> {
    let this = [
        Filter::equals(component::Column::Id, id::<Uuid>(input, "uuid").unwrap_or_default()),
        Filter::equals(component::Column::OfferingId, offering),
    ];
    let found = list::lock::<component::Entity>(&tx.db, &this).await?;
    Ok(found.ok_or_else(|| Invalid::field("uuid", "There is no such component."))?)
}

/// Changes a component. The type of one that is in use stays: limits and usages are kept under it.
///
/// # Errors
/// As [`add_component`].
pub async fn change_component<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let offering = permitted(tx, id, Permission::OfferingUpdateComponents).await?;
    let mut input = input?;
    let present = own(tx, offering.id, &input).await?;
    input.remove("uuid");
    let input = completed(&present, input);
    let others = siblings(tx, offering.id, Some(present.id.0)).await?;
    check(&input, &others).map_err(|errors| AppError::from(Invalid::from(errors)))?;
    if text(&input, "kind") != present.kind && is_used(tx, &present).await? {
        let text = "The type of a component that resources use cannot be changed.";
        return Err(AppError::from(Invalid::field("type", text)).into());
    }
    let id = present.id;
    let fresh = row(tx, offering.id, input)?;
    Ok(list::replace(&tx.db, component::Model { id, ..fresh }).await.map_err(AppError::from)?)
}

/// What is left out of a change stays as it is.
fn completed(present: &component::Model, input: Input) -> Input {
    let Ok(Value::Object(mut all)) = serde_json::to_value(present) else { return input };
    all.remove("id");
    all.extend(input);
    all
}

/// Whether limits, usages, prices of live resources or open orders name the component.
async fn is_used(tx: &Tx, component: &component::Model) -> Result<bool, AppError> {
    let quotas = Filter::equals(component_quota::Column::ComponentId, component.id);
    let usages = Filter::equals(component_usage::Column::ComponentId, component.id);
    let offerings = || {
        Filter::either([
            Filter::equals(offering::Column::Id, component.offering_id),
            Filter::equals(offering::Column::ParentId, component.offering_id),
        ])
    };
    let live = Filter::differs(resource::Column::State, ResourceState::Terminated);
    Ok(list::count(&tx.db, &[quotas]).await? > 0
        || list::count(&tx.db, &[usages]).await? > 0
        || list::count(&tx.db, &[resources_of(offerings()), live]).await? > 0)
}

/// Removes a component that nothing uses.
///
/// # Errors
/// As [`add_component`], and [`AppError::InUse`].
pub async fn remove_component<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let offering = permitted(tx, id, Permission::OfferingUpdateComponents).await?;
    let present = own(tx, offering.id, &input?).await?;
    if is_used(tx, &present).await? {
        return Err(AppError::InUse { object: "component", existing: "resources" }.into());
    }
    let prices = Filter::equals(plan_component::Column::ComponentId, present.id);
    list::delete(&tx.db, &[prices]).await.map_err(AppError::from)?;
    Ok(tx.remove::<component::Entity>(present.id).await?)
}
