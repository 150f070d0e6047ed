//! Usage and its limits by account.

use mercat_domain::{
    id::{ComponentId, ComponentUserUsageId, OfferingId, OfferingUserId, ResourceId, UsageLimitId},
    invalid::Invalid,
    money::Money,
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    assets::{usage_limits_of, usages_of, user_usages_of},
    entity::{component, component_usage, component_user_usage, offering, offering_user, resource, usage_limit},
    list::{self, Filter},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Resources, UsageView, Usages, usage::seen_resources};
use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, id, merged, text},
    ids,
};

/// Usages by accounts, of the resources that somebody consumes or provides.
pub struct UserUsages;

/// A usage by an account, with the usage that it is a part of.
#[derive(Debug, Clone)]
pub struct UserUsageView {
    /// The account's usage.
    pub row: component_user_usage::Model,
    /// The usage of the resource.
    pub usage: UsageView,
}

impl Collection for UserUsages {
    type Entity = component_user_usage::Entity;
    type View = UserUsageView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| user_usages_of(usages_of(seen_resources(actor))))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<component_user_usage::Model>,
    ) -> Result<Vec<UserUsageView>, AppError> {
        let of = Filter::any_of(component_usage::Column::Id, rows.iter().map(|row| row.usage_id));
        let usages = list::all::<component_usage::Entity>(reader.conn, &[of], &[]).await?;
        let usages = Usages::views(reader, usages).await?;
        let view = |row: component_user_usage::Model| {
            let usage = usages.iter().find(|usage| usage.row.id == row.usage_id)?.clone();
            Some(UserUsageView { usage, row })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// Reports what accounts used of a component in the month of a usage; a second report replaces the first.
///
/// # Errors
/// [`AppError::NotFound`], what `input` says, [`AppError::Invalid`], [`AppError::Forbidden`], or the database failed.
pub async fn set_user_usage<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Vec<Input>, X>) -> Result<(), X> {
    let usage = tx.visible::<Usages>(id).await?;
    let found = list::find::<resource::Entity>(&tx.db, usage.resource_id).await.map_err(AppError::from)?;
    let resource = found.ok_or(AppError::NotFound)?;
    let scopes = [Scope::Offering(resource.offering_id), Scope::Customer(resource.provider_id)];
    tx.need(Permission::ResourceSetUsage, &scopes)?;
    for entry in input? {
        if let Some(account) = crate::collection::id::<OfferingUserId>(&entry, "user") {
            check_account(tx, &resource, account).await?;
        }
        write(tx, &usage, &entry).await?;
    }
    Ok(())
}

/// An account counts only at the offering of the resource.
async fn check_account(tx: &Tx, resource: &resource::Model, account: OfferingUserId) -> Result<(), AppError> {
    let account = list::find::<offering_user::Entity>(&tx.db, account).await?;
    if account.is_some_and(|account| account.offering_id == resource.offering_id) {
        return Ok(());
    }
    Err(Invalid::field("user", "Invalid hyperlink - Object does not exist.").into())
}

/// The offering of a resource and the one above it.
async fn offering_of(tx: &Tx, resource: &resource::Model) -> Result<Vec<OfferingId>, AppError> {
    let row = list::find::<offering::Entity>(&tx.db, resource.offering_id).await?.ok_or(AppError::NotFound)?;
    Ok(std::iter::once(row.id).chain(row.parent_id).collect())
}

async fn write(tx: &Tx, usage: &component_usage::Model, entry: &Input) -> Result<(), AppError> {
    let amount = entry.get("usage").and_then(Value::as_str).and_then(|text| text.parse::<Money>().ok());
    let amount = amount.ok_or_else(|| Invalid::field("usage", "A valid number is required."))?;
    let username = text(entry, "username");
    let before = [
        Filter::equals(component_user_usage::Column::UsageId, usage.id),
        Filter::equals(component_user_usage::Column::Username, username.as_str()),
    ];
    let account: Option<OfferingUserId> = id(entry, "user");
    let date = entry.get("date").and_then(|date| date.as_str()?.parse().ok()).unwrap_or(usage.date);
    if let Some(row) = list::first::<component_user_usage::Entity>(&tx.db, &before).await? {
        let user_id = account.or(row.user_id);
        let row = component_user_usage::Model { usage: amount, user_id, date, modified: tx.now, ..row };
        return Ok(list::replace(&tx.db, row).await?);
    }
    let row = component_user_usage::Model {
        id: ids::new::<ComponentUserUsageId>(tx.now),
        usage_id: usage.id,
        user_id: account,
        username,
        usage: amount,
        description: String::new(),
        backend_id: String::new(),
        date,
        created: tx.now,
        modified: tx.now,
    };
    Ok(mercat_store::insert(&tx.db, row).await?)
}

/// How much of a component accounts may use of a resource.
pub struct UsageLimits;

/// A limit with its component.
#[derive(Debug, Clone)]
pub struct UsageLimitView {
    /// The limit.
    pub row: usage_limit::Model,
    /// Of what.
    pub component: component::Model,
}

impl Collection for UsageLimits {
    type Entity = usage_limit::Entity;
    type View = UsageLimitView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| usage_limits_of(seen_resources(actor)))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<usage_limit::Model>,
    ) -> Result<Vec<UsageLimitView>, AppError> {
        let of: Vec<ComponentId> = rows.iter().map(|row| row.component_id).collect();
        let components = list::by_ids::<component::Entity, ComponentId>(reader.conn, of).await?;
        let view = |row: usage_limit::Model| {
            Some(UsageLimitView { component: components.get(&row.component_id)?.clone(), row })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

async fn may_limit(tx: &Tx, id: ResourceId) -> Result<(), AppError> {
    let row = list::find::<resource::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    let scopes = [Scope::Project(row.project_id), Scope::Customer(row.customer_id)];
    tx.need(Permission::ResourceConsumptionLimitation, &scopes)
}

impl Editable for UsageLimits {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let required = |field: &str| AppError::from(Invalid::field(field, "This field is required."));
        let resource = tx.linked::<Resources>(&input, "resource", "resource_id").await?;
        let resource = resource.ok_or_else(|| required("resource"))?;
        may_limit(tx, resource.id).await?;
        let component: Uuid = id(&input, "component_id").ok_or_else(|| required("component"))?;
        let priced = offering_of(tx, &resource).await?;
        let component = list::find::<component::Entity>(&tx.db, component).await?;
        let component = component
            .filter(|component| priced.contains(&component.offering_id))
            .ok_or_else(|| Invalid::field("component", "There is no such component."))?;
        let user: OfferingUserId = id(&input, "user_id").ok_or_else(|| required("user"))?;
        check_account(tx, &resource, user).await?;
        let id: UsageLimitId = ids::new(tx.now);
        let row = usage_limit::Model {
            id,
            resource_id: resource.id,
            component_id: component.id,
            user_id: user,
            limit_value: Money::ZERO,
            created: tx.now,
        };
        match mercat_store::insert(&tx.db, merged(&row, input)?).await {
            Err(mercat_store::StoreError::Duplicate(_)) => {
                Err(Invalid::non_field("There is a limit for this user and component already.").into())
            }
            other => Ok(other.map(|()| id.0)?),
        }
    }

    async fn may_update(tx: &Tx, row: &usage_limit::Model) -> Result<(), AppError> {
        may_limit(tx, row.resource_id).await
    }

    async fn update(tx: &mut Tx, row: usage_limit::Model, mut input: Input) -> Result<(), AppError> {
        // A limit stays with its resource, component and account.
        for fixed in ["resource_id", "component_id", "user_id"] {
            input.remove(fixed);
        }
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: usage_limit::Model) -> Result<(), AppError> {
        may_limit(tx, row.resource_id).await?;
        tx.remove::<usage_limit::Entity>(row.id).await
    }
}
