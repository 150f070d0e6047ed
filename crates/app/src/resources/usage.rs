//! How much of each component resources used, by month.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use mercat_domain::{
    id::{ComponentId, ComponentUsageId, CustomerId, OfferingId, ProjectId, ResourceId},
    invalid::{FieldErrors, Invalid},
    money::Money,
    permission::{Actor, Permission, Scope},
    time::Timestamp,
};
use mercat_store::{
    Reads,
    assets::{self, open_period, usages_of},
    entity::{component, component_usage, customer, offering, project, resource},
    list::{self, Filter},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    AppError, Tx,
    collection::{Collection, Input, Reader, id},
    ids,
};

/// Usages of the resources that somebody consumes or provides.
pub struct Usages;

/// A usage with the names of what it is of.
#[derive(Debug, Clone)]
pub struct UsageView {
    /// The usage.
    pub row: component_usage::Model,
    /// What was used.
    pub component: component::Model,
    /// Of which resource.
    pub resource: resource::Model,
    /// Of which offering.
    pub offering: offering::Model,
    /// In which project.
    pub project: project::Model,
    /// By which organisation.
    pub customer: customer::Model,
}

pub(super) fn seen_resources(actor: &Actor) -> Filter<resource::Entity> {
    let scopes = actor.scopes();
    Filter::either([assets::resources_consumed(&scopes), assets::resources_provided(&scopes)])
}

impl Collection for Usages {
    type Entity = component_usage::Entity;
    type View = UsageView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| usages_of(seen_resources(actor)))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<component_usage::Model>,
    ) -> Result<Vec<UsageView>, AppError> {
        let conn = reader.conn;
        let of: Vec<ResourceId> = rows.iter().map(|row| row.resource_id).collect();
        let resources = list::by_ids::<resource::Entity, ResourceId>(conn, of).await?;
        let of: Vec<ComponentId> = rows.iter().map(|row| row.component_id).collect();
        let components = list::by_ids::<component::Entity, ComponentId>(conn, of).await?;
        let of: Vec<OfferingId> = resources.values().map(|row| row.offering_id).collect();
        let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, of).await?;
        let of: Vec<ProjectId> = resources.values().map(|row| row.project_id).collect();
        let projects = list::by_ids::<project::Entity, ProjectId>(conn, of).await?;
        let of: Vec<CustomerId> = resources.values().map(|row| row.customer_id).collect();
        let customers = list::by_ids::<customer::Entity, CustomerId>(conn, of).await?;
        let view = |row: component_usage::Model| {
            let resource = resources.get(&row.resource_id)?.clone();
            Some(UsageView {
                component: components.get(&row.component_id)?.clone(),
                offering: offerings.get(&resource.offering_id)?.clone(),
                project: projects.get(&resource.project_id)?.clone(),
                customer: customers.get(&resource.customer_id)?.clone(),
                resource,
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// The first day of a moment's month.
pub(super) fn month_of(time: Timestamp) -> NaiveDate {
    let day = time.date_naive();
    day.with_day(1).unwrap_or(day)
}

/// Reports usage of some components in one month; a second report for the same month replaces the first.
///
/// # Errors
/// What `input` says, [`AppError::Invalid`], [`AppError::Forbidden`], or the database failed.
pub async fn set_usage<X: From<AppError>>(tx: &mut Tx, input: Result<Input, X>) -> Result<(), X> {
    let input = input?;
    let target = target(tx, &input).await?;
    tx.need(Permission::ResourceSetUsage, &[Scope::Customer(target.provider_id), Scope::Offering(target.offering_id)])?;
    Ok(report(tx, &target, &input).await?)
}

/// The resource that usage is reported of: by its id, or by that of a plan period of it.
async fn target(tx: &Tx, input: &Input) -> Result<resource::Model, AppError> {
    let by_period = match id::<Uuid>(input, "plan_period") {
        Some(period) => {
            let row = list::find::<mercat_store::entity::plan_period::Entity>(&tx.db, period).await?;
            row.map(|row| row.resource_id.uuid())
        }
        None => None,
    };
    let Some(wish) = id::<Uuid>(input, "resource").or(by_period) else {
        return Err(Invalid::field("resource", "This field is required.").into());
    };
    let actor = tx.person()?;
    let mut filters = vec![Filter::equals(resource::Column::Id, wish)];
    if !actor.sees_all() {
        filters.push(seen_resources(actor));
    }
    let found = list::lock::<resource::Entity>(&tx.db, &filters).await?;
    Ok(found.ok_or_else(|| Invalid::field("resource", "There is no such resource."))?)
}

async fn report(tx: &Tx, target: &resource::Model, input: &Input) -> Result<(), AppError> {
    let offering = list::find::<offering::Entity>(&tx.db, target.offering_id).await?.ok_or(AppError::NotFound)?;
    let of = Filter::equals(component::Column::OfferingId, offering.parent_id.unwrap_or(offering.id));
    let components: HashMap<String, component::Model> =
        list::all::<component::Entity>(&tx.db, &[of], &[]).await?.into_iter().map(|c| (c.kind.clone(), c)).collect();
    let date = input.get("date").and_then(|date| date.as_str()?.parse::<Timestamp>().ok()).unwrap_or(tx.now);
    let mut errors = FieldErrors::new();
    for (at, entry) in input.get("usages").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let kind = entry["type"].as_str().unwrap_or_default();
        match components.get(kind) {
            Some(component) => write(tx, target, component, entry, date).await?,
            None => {
                let wrong = FieldErrors::single("type", format!("Component {kind} is not found."));
                let mut one = FieldErrors::new();
                one.nest(at.to_string(), wrong);
                errors.nest("usages", one);
            }
        }
    }
    Ok(errors.into_result()?)
}

async fn write(
    tx: &Tx,
    target: &resource::Model,
    component: &component::Model,
    entry: &Value,
    date: Timestamp,
) -> Result<(), AppError> {
    let amount = entry["amount"].as_str().and_then(|text| text.parse::<Money>().ok());
    let usage = amount.ok_or_else(|| Invalid::field("usages", "The amount is out of range."))?;
    let month = month_of(date);
    let before = [
        Filter::equals(component_usage::Column::ResourceId, target.id),
        Filter::equals(component_usage::Column::ComponentId, component.id),
        Filter::equals(component_usage::Column::BillingPeriod, month),
    ];
    let description = entry["description"].as_str().unwrap_or_default().to_owned();
    let recurring = entry["recurring"] == true;
    let modified_by = tx.actor().map(|actor| actor.id);
    if let Some(row) = list::first::<component_usage::Entity>(&tx.db, &before).await? {
        let row = component_usage::Model { usage, date, description, recurring, modified_by, modified: tx.now, ..row };
        return Ok(list::replace(&tx.db, row).await?);
    }
    let row = component_usage::Model {
        id: ids::new::<ComponentUsageId>(tx.now),
        resource_id: target.id,
        component_id: component.id,
        plan_period_id: open_period(&tx.db, target.id).await?.map(|period| period.id),
        usage,
        date,
        billing_period: month,
        recurring,
        description,
        modified_by,
        created: tx.now,
        modified: tx.now,
    };
    Ok(mercat_store::insert(&tx.db, row).await?)
}
