//! What a provider or its agent reports of a resource: ids, limits, addresses, states.

use mercat_domain::{
    id::{EndpointId, ResourceId},
    order::ResourceState,
    permission::{Permission, Scope},
};
use mercat_store::{
    entity::{offering, resource, resource_endpoint},
    facts,
    list::{self, Filter},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    ProviderResources,
    settings::{LIVE, store},
};
use crate::{
    AppError, Tx,
    catalogue::check_address,
    collection::{Input, text},
    ids,
    orders::set_quotas,
};

/// A resource that whoever makes the change provides and may report on.
async fn permitted(tx: &Tx, id: Uuid, permission: Permission) -> Result<resource::Model, AppError> {
    let row = tx.visible::<ProviderResources>(id).await?;
    tx.need(permission, &[Scope::Customer(row.provider_id), Scope::Offering(row.offering_id)])?;
    Ok(row)
}

/// Notes the id that the backend knows the resource by; the same once more does no harm.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn set_backend_id<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<bool, X> {
    let row = permitted(tx, id, Permission::ResourceSetBackendId).await?;
    let backend_id = text(&input?, "backend_id");
    if backend_id == row.backend_id {
        return Ok(false);
    }
    store(tx, resource::Model { backend_id, ..row }).await?;
    Ok(true)
}

/// Keeps what the backend tells of the resource.
///
/// # Errors
/// As [`set_backend_id`].
pub async fn set_backend_metadata<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::ResourceSetBackendMetadata).await?;
    match input?.remove("backend_metadata") {
        Some(backend_metadata) => Ok(store(tx, resource::Model { backend_metadata, ..row }).await?),
        None => Ok(()),
    }
}

/// Writes the limits that the backend really gave, without an order; the cost follows.
///
/// # Errors
/// As [`set_backend_id`].
pub async fn set_limits<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::ResourceSetState).await?;
    if row.state == ResourceState::Terminated {
        return Err(AppError::ResourceState(LIVE).into());
    }
    let limits = input?.remove("limits").unwrap_or(Value::Null);
    Ok(take_limits(tx, row, limits).await?)
}

async fn take_limits(tx: &Tx, row: resource::Model, limits: Value) -> Result<(), AppError> {
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await?.ok_or(AppError::NotFound)?;
    let priced = offering.parent_id.unwrap_or(offering.id);
    let components = facts::components(&tx.db, priced).await?;
    let known = |kind: &str| components.iter().any(|(_, component)| component.kind == kind);
    if let Some(kind) = limits.as_object().into_iter().flatten().map(|(kind, _)| kind).find(|kind| !known(kind)) {
        let text = format!("There is no component {kind}.");
        return Err(mercat_domain::invalid::Invalid::field("limits", text).into());
    }
    set_quotas(tx, &components, row.id, &limits).await?;
    let cost = crate::orders::resource_cost(tx, row.plan_id, &limits).await?;
    store(tx, resource::Model { limits, cost, ..row }).await
}

/// Replaces the addresses under which the resource is reached.
///
/// # Errors
/// As [`set_backend_id`].
pub async fn set_endpoints<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::ResourceSetState).await?;
    let input = input?;
    let before = Filter::equals(resource_endpoint::Column::ResourceId, row.id);
    list::delete(&tx.db, &[before]).await.map_err(AppError::from)?;
    let resource_id: ResourceId = row.id;
    for entry in input.get("endpoints").and_then(Value::as_array).into_iter().flatten() {
        let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        check_address(&word("url")).map_err(AppError::from)?;
        let id: EndpointId = ids::new(tx.now);
        let endpoint = resource_endpoint::Model { id, resource_id, name: word("name"), url: word("url") };
        mercat_store::insert(&tx.db, endpoint).await.map_err(AppError::from)?;
    }
    Ok(())
}

/// What a provider reports of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// It works.
    Ok,
    /// It is broken.
    Erred,
}

/// Sets the state of a resource that no order is working on: a broken one works again, a working one broke.
///
/// # Errors
/// As [`set_backend_id`], and [`AppError::ResourceState`].
pub async fn set_state<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    report: Report,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = permitted(tx, id, Permission::ResourceSetState).await?;
    let valid: &'static [ResourceState] = match report {
        Report::Ok => &[ResourceState::Erred, ResourceState::Ok],
        Report::Erred => {
            &[ResourceState::Ok, ResourceState::Updating, ResourceState::Terminating, ResourceState::Creating]
        }
    };
    if !valid.contains(&row.state) {
        return Err(AppError::ResourceState(valid).into());
    }
    let input = input?;
    let new = match report {
        Report::Ok => resource::Model {
            state: ResourceState::Ok,
            error_message: String::new(),
            error_traceback: String::new(),
            ..row
        },
        Report::Erred => resource::Model {
            state: ResourceState::Erred,
            error_message: text(&input, "error_message"),
            error_traceback: text(&input, "error_traceback"),
            ..row
        },
    };
    Ok(store(tx, new).await?)
}

/// Notes that the agent looked at the resource now.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn refresh_last_sync(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = permitted(tx, id, Permission::ResourceSetState).await?;
    store(tx, resource::Model { last_sync: Some(tx.now), ..row }).await
}

/// Attaches a report in sections.
///
/// # Errors
/// As [`set_backend_id`].
pub async fn submit_report<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::ResourceSubmitReport).await?;
    let report = input?.remove("report").unwrap_or_else(|| Value::Array(Vec::new()));
    Ok(store(tx, resource::Model { report, ..row }).await?)
}
