//! What is set on a resource directly, without an order.

use chrono::NaiveDate;
use mercat_domain::{
    id::ProjectId,
    invalid::Invalid,
    offering::{PluginOptions, check_options},
    order::{ResourceState, check_end_date},
    permission::{Permission, Scope},
};
use mercat_store::{
    entity::{offering, order, resource},
    list::{self, Filter},
    resource as resources,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ProviderResources;
use crate::{
    AppError, Tx,
    collection::{Collection, Input, merged},
    events::{Note, note},
    structure::Projects,
};

/// A change of columns, and what it needs.
#[derive(Debug, Clone, Copy)]
pub enum ResourceSetting {
    /// Only staff.
    Staff,
    /// A right at the provider.
    Provider(Permission),
}

/// Writes a resource as it is now, guarded by the version that it was read with.
pub(crate) async fn store(tx: &Tx, row: resource::Model) -> Result<(), AppError> {
    let (id, version) = (row.id, row.version);
    let all = mercat_store::columns(resource::Model { modified: tx.now(), ..row });
    // The version is raised by the guarded write itself.
    let change = resource::ActiveModel { version: mercat_store::NotSet, ..all };
    if resources::update(&tx.db, id, version, change).await? { Ok(()) } else { Err(AppError::Conflict) }
}

/// Tells agents of what somebody else than they changed: what they report themselves would come back to them.
pub(super) fn note_change(tx: &mut Tx, old: &resource::Model, new: &resource::Model) {
    let mut log = Vec::new();
    if new.paused && !old.paused {
        log.push("marketplace_resource_paused");
    }
    if new.downscaled && !old.downscaled {
        log.push("marketplace_resource_downscaled");
    }
    if new.end_date != old.end_date {
        log.push("marketplace_resource_update_end_date_succeeded");
    }
    note(
        tx,
        Note {
            kind: "resource.updated",
            project: Some(new.project_id),
            customer: Some(new.customer_id),
            provider: Some(new.provider_id),
            changes: json!({ "log": log, "resource_uuid": new.id, "offering_uuid": new.offering_id }),
            message: format!("Resource {} was changed.", new.name),
        },
    );
}

/// Sets columns of a resource.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn set<C: Collection<Entity = resource::Entity>, X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    setting: ResourceSetting,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = tx.visible::<C>(id).await?;
    match setting {
        ResourceSetting::Staff => tx.only_staff()?,
        ResourceSetting::Provider(permission) => tx.need(permission, &provider(&row))?,
    }
    let new: resource::Model = merged(&row, input?)?;
    note_change(tx, &row, &new);
    Ok(store(tx, new).await?)
}

/// The scopes on which a provider's rights count.
pub(super) fn provider(row: &resource::Model) -> [Scope; 2] {
    [Scope::Offering(row.offering_id), Scope::Customer(row.provider_id)]
}

/// A new end is not in the past, and within what the offering allows (spec 7.6). What has ended stays ended.
pub(super) async fn check_end(tx: &Tx, row: &resource::Model, end: Option<NaiveDate>) -> Result<(), AppError> {
    if row.state == ResourceState::Terminated {
        return Err(AppError::ResourceState(LIVE));
    }
    let Some(end) = end else { return Ok(()) };
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await?.ok_or(AppError::NotFound)?;
    Ok(check_end_date(PluginOptions::new(&offering.plugin_options), tx.now().date_naive(), end)?)
}

/// Every state but the last.
pub(super) const LIVE: &[ResourceState] = &[
    ResourceState::Creating,
    ResourceState::Ok,
    ResourceState::Erred,
    ResourceState::Updating,
    ResourceState::Terminating,
];

/// Sets the day on which a resource ends: by its provider, or by staff.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn set_end_date<C: Collection<Entity = resource::Entity>, X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    setting: ResourceSetting,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = tx.visible::<C>(id).await?;
    match setting {
        ResourceSetting::Staff => tx.only_staff()?,
        ResourceSetting::Provider(permission) => tx.need(permission, &provider(&row))?,
    }
    let new: resource::Model = merged(&row, input?)?;
    check_end(tx, &row, new.end_date).await?;
    let end_date_requested_by = tx.actor().map(|actor| actor.id);
    let new = resource::Model { end_date_requested_by, ..new };
    let (id, end) = (new.id, new.end_date);
    note_change(tx, &row, &new);
    store(tx, new).await?;
    Ok(crate::endings::follow_resource(tx, id, end).await?)
}

/// The options of a resource joined with new ones.
///
/// # Errors
/// [`AppError::Invalid`] when there is no form for them or they do not fit it.
pub(crate) fn joined_options(offering: &offering::Model, present: &Value, new: &Value) -> Result<Value, AppError> {
    let schema = &offering.resource_options;
    let has_schema = schema.get("options").and_then(Value::as_object).is_some_and(|options| !options.is_empty());
    if !has_schema {
        return Err(Invalid::field("options", "Metadata for resource options is not defined.").into());
    }
    let mut all = present.as_object().cloned().unwrap_or_default();
    all.extend(new.as_object().cloned().unwrap_or_default());
    let all = Value::Object(all);
    check_options(schema, &all)?;
    Ok(all)
}

/// Sets the options of a resource at once: by its provider.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn set_options<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<ProviderResources>(id).await?;
    tx.need(Permission::ResourceUpdateOptions, &[Scope::Customer(row.provider_id)])?;
    let input = input?;
    let offering = list::find::<offering::Entity>(&tx.db, row.offering_id).await.map_err(AppError::from)?;
    let offering = offering.ok_or(AppError::NotFound)?;
    let options = joined_options(&offering, &row.options, input.get("options").unwrap_or(&Value::Null))?;
    Ok(store(tx, resource::Model { options, ..row }).await?)
}

/// Forgets a resource with its orders, whatever the backend says: for staff, and only when nothing hangs on it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::InUse`], or the database failed.
pub async fn unlink<C: Collection<Entity = resource::Entity>>(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    // Whoever is not staff is told so, whether there is such a resource or not.
    tx.only_staff()?;
    let row = tx.visible::<C>(id).await?;
    tx.unused("resource", "child resources", &[Filter::equals(resource::Column::ParentId, row.id)]).await?;
    for order in list::all(&tx.db, &[Filter::equals(order::Column::ResourceId, row.id)], &[]).await? {
        crate::orders::unlink_row(tx, &order).await?;
    }
    tx.remove::<resource::Entity>(row.id).await
}

/// Gives a resource and its orders to another project.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn move_to<C: Collection<Entity = resource::Entity>, X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = tx.visible::<C>(id).await?;
    tx.only_staff()?;
    let input = input?;
    let required = || AppError::from(Invalid::field("project", "This field is required."));
    let project = tx.linked::<Projects>(&input, "project", "project_id").await?.ok_or_else(required)?;
    crate::structure::present(&project)
        .map_err(|_| AppError::from(Invalid::field("project", "The project was deleted.")))?;
    if row.state == ResourceState::Terminated {
        return Err(AppError::ResourceState(&[ResourceState::Ok, ResourceState::Erred]).into());
    }
    mercat_store::order::moved(&tx.db, row.id, project.id, project.customer_id).await.map_err(AppError::from)?;
    let moved = resource::Model { project_id: project.id, customer_id: project.customer_id, ..row };
    Ok(store(tx, moved).await?)
}

/// A name for a new resource of an offering in a project, which no other resource there has.
///
/// # Errors
/// What `input` says, [`AppError::Invalid`], or the database failed.
pub async fn suggest_name<X: From<AppError>>(tx: &mut Tx, input: Result<Input, X>) -> Result<String, X> {
    let input = input?;
    let project = tx.linked::<Projects>(&input, "project", "project").await?;
    let offering = tx.linked::<crate::catalogue::PublicOfferings>(&input, "offering", "offering").await?;
    let (Some(project), Some(offering)) = (project, offering) else {
        return Err(AppError::from(Invalid::non_field("Project and offering are required.")).into());
    };
    let base = format!("{}-{}", project.slug, offering.slug);
    let of = |project: ProjectId| Filter::equals(resource::Column::ProjectId, project);
    let taken = list::all::<resource::Entity>(&tx.db, &[of(project.id)], &[]).await.map_err(AppError::from)?;
    let free = |name: &String| taken.iter().all(|row| row.name != *name);
    let names = std::iter::once(base.clone()).chain((2..).map(|number: u32| format!("{base}-{number}")));
    Ok(names.into_iter().find(free).unwrap_or(base))
}
