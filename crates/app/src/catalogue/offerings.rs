//! Offerings, as their providers keep them and as consumers find them.

use std::collections::HashSet;

use mercat_domain::{
    id::{CustomerId, EndpointId, OfferingId, OrganizationGroupId},
    invalid::{FieldErrors, Invalid},
    offering::{OFFERING_TYPES, OfferingAction, OfferingState, check_schema, state},
    order::ResourceState,
    permission::{Actor, Permission, Scope},
    slug::slugify,
};
use mercat_store::{
    Reads,
    catalogue::{offerings_open_to, offerings_provided, offerings_published},
    entity::{
        component, customer, offering, offering_endpoint, offering_group, order, plan, resource, service_provider,
        terms_consent, user_role,
    },
    facts,
    list::{self, Filter, Key},
    offering::details_of,
};
use serde_json::Value;
use uuid::Uuid;

use super::{Categories, publish};
use crate::{
    App, AppError, Tx,
    admin::rows,
    collection::{Collection, Editable, Input, Reader, id, merged, text, without_link},
    ids,
    orders::OfferingView,
    structure::{Customers, end_all, follow_managers},
};

/// Offerings as those see them who provide them.
pub struct ProviderOfferings;

/// Offerings as those see them who may order them.
pub struct PublicOfferings;

impl Collection for ProviderOfferings {
    type Entity = offering::Entity;
    type View = OfferingView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| offerings_provided(&actor.scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering::Model>,
    ) -> Result<Vec<OfferingView>, AppError> {
        views(reader, rows, None).await
    }
}

impl Collection for PublicOfferings {
    type Entity = offering::Entity;
    type View = OfferingView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        Some(if actor.sees_all() { offerings_published() } else { offerings_open_to(&actor.scopes()) })
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<offering::Model>,
    ) -> Result<Vec<OfferingView>, AppError> {
        let groups = if reader.actor.sees_all() { None } else { Some(own_groups(reader).await?) };
        views(reader, rows, groups).await
    }
}

async fn own_groups<C: Reads>(reader: &Reader<'_, C>) -> Result<Vec<OrganizationGroupId>, AppError> {
    let scopes = reader.actor.scopes();
    let mut customers = scopes.customers;
    customers.extend(facts::customers_of(reader.conn, &scopes.projects).await?);
    Ok(mercat_store::people::groups_of(reader.conn, &customers).await?)
}

/// The offerings with their parts; plans that are open to none of the groups are left out (spec 13.3).
async fn views<C: Reads>(
    reader: &Reader<'_, C>,
    rows: Vec<offering::Model>,
    groups: Option<Vec<OrganizationGroupId>>,
) -> Result<Vec<OfferingView>, AppError> {
    let agreed = [
        Filter::equals(terms_consent::Column::UserId, reader.actor.id),
        Filter::any_of(terms_consent::Column::OfferingId, rows.iter().map(|row| row.id)),
        Filter::is_set(terms_consent::Column::Revoked, false),
    ];
    let agreed = list::all::<terms_consent::Entity>(reader.conn, &agreed, &[]).await?;
    let agreed: HashSet<OfferingId> = agreed.into_iter().map(|consent| consent.offering_id).collect();
    let mut details = details_of(reader.conn, rows, reader.now.date_naive()).await?;
    if let Some(groups) = groups {
        details.iter_mut().for_each(|offering| offering.plans.retain(|plan| plan.is_open_to(&groups)));
    }
    let view = |details: mercat_store::offering::OfferingDetails| OfferingView {
        has_consent: agreed.contains(&details.offering.id),
        sees_secrets: reader.actor.has(
            Permission::OfferingUpdateIntegration,
            &[Scope::Offering(details.offering.id), Scope::Customer(details.offering.customer_id)],
        ),
        details,
    };
    Ok(details.into_iter().map(view).collect())
}

/// The scopes on which rights on an offering count: its own, its provider's and its organisation's.
pub(super) async fn scopes(tx: &Tx, row: &offering::Model) -> Result<Vec<Scope>, AppError> {
    let of = Filter::equals(service_provider::Column::CustomerId, row.customer_id);
    let provider = list::first::<service_provider::Entity>(&tx.db, &[of]).await?;
    let around = provider.map(|provider| Scope::ServiceProvider(provider.id));
    Ok([Scope::Offering(row.id), Scope::Customer(row.customer_id)].into_iter().chain(around).collect())
}

/// An offering that the one who makes the change may change in this way.
pub(super) async fn permitted(tx: &Tx, id: Uuid, permission: Permission) -> Result<offering::Model, AppError> {
    let row = tx.visible::<ProviderOfferings>(id).await?;
    tx.need(permission, &scopes(tx, &row).await?)?;
    Ok(row)
}

impl Editable for ProviderOfferings {
    async fn create(tx: &mut Tx, mut input: Input) -> Result<Uuid, AppError> {
        let required = || Invalid::field("customer", "This field is required.");
        let customer = tx.linked::<Customers>(&input, "customer", "customer_id").await?.ok_or_else(required)?;
        tx.need(Permission::OfferingCreate, &[Scope::Customer(customer.id)])?;
        let of = Filter::equals(service_provider::Column::CustomerId, customer.id);
        if list::count(&tx.db, &[of]).await? == 0 {
            return Err(Invalid::field("customer", "This organization is not a service provider.").into());
        }
        tx.linked::<Categories>(&input, "category", "category_id").await?;
        without_link(&mut input, "compliance_checklist")?;
        let parts = publish::Parts::take(&mut input)?;
        check_columns(&input)?;
        let category =
            id(&input, "category_id").ok_or_else(|| Invalid::field("category", "This field is required."))?;
        let offering_type = text(&input, "offering_type");
        let base = rows::offering(tx.now, customer.id, category, &offering_type, &text(&input, "name"));
        let row = merged(&offering::Model { state: OfferingState::Draft, ..base }, input)?;
        let id = row.id;
        mercat_store::insert(&tx.db, row).await?;
        parts.store(tx, id).await?;
        Ok(id.0)
    }

    async fn destroy(tx: &mut Tx, row: offering::Model) -> Result<(), AppError> {
        tx.need(Permission::OfferingDelete, &scopes(tx, &row).await?)?;
        state::check_deletion(row.state).map_err(|error| AppError::State(error.valid.join(", ")))?;
        tx.unused("offering", "resources", &[Filter::equals(resource::Column::OfferingId, row.id)]).await?;
        tx.unused("offering", "orders", &[Filter::equals(order::Column::OfferingId, row.id)]).await?;
        tx.unused("offering", "child offerings", &[Filter::equals(offering::Column::ParentId, row.id)]).await?;
        let held = end_all(tx, Scope::Offering(row.id)).await?;
        list::delete(&tx.db, &[Filter::equals(user_role::Column::ScopeId, row.id)]).await?;
        let provider = row.customer_id;
        tx.remove::<offering::Entity>(row.id).await?;
        follow_managers(tx, provider, &held).await
    }
}

/// What no single field's check can see.
fn check_columns(input: &Input) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    if let Some(kind) = input.get("offering_type").and_then(Value::as_str)
        && OFFERING_TYPES.iter().all(|known| known.name != kind)
    {
        errors.push("type", format!("\"{kind}\" is not a valid choice."));
    }
    for column in ["options", "resource_options"] {
        if let Some(Err(wrong)) = input.get(column).map(check_schema) {
            errors.nest(column, wrong);
        }
    }
    Ok(errors.into_result()?)
}

/// Which columns a request may set, and what it needs for that.
#[derive(Debug, Clone, Copy)]
pub struct OfferingColumns {
    /// The permission.
    pub permission: Permission,
    /// Columns whose objects are joined with what is there, key by key, instead of replaced.
    pub joined: &'static [&'static str],
}

/// Sets columns of an offering.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn set_columns<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    columns: OfferingColumns,
    input: Result<Input, X>,
) -> Result<(), X> {
    let row = permitted(tx, id, columns.permission).await?;
    let mut input = input?;
    tx.linked::<Categories>(&input, "category", "category_id").await?;
    check_columns(&input)?;
    for column in columns.joined {
        if let Some(Value::Object(new)) = input.get_mut(*column) {
            let old = serde_json::to_value(&row).unwrap_or_default();
            let mut all = old[*column].as_object().cloned().unwrap_or_default();
            all.append(new);
            *new = all;
        }
    }
    let replaced = tx.place_pictures(&mut input, Some(&row)).await?;
    let mut new = merged(&row, input)?;
    new.modified = tx.now;
    if new.slug.is_empty() {
        new.slug = slugify(&new.name);
    }
    list::replace(&tx.db, new).await.map_err(AppError::from)?;
    Ok(tx.forget_pictures(replaced).await?)
}

/// Moves an offering through its life.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::State`], what `input` says, [`AppError::Invalid`], or
/// the database failed.
pub async fn act<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    action: OfferingAction,
    input: Result<Input, X>,
) -> Result<OfferingState, X> {
    let row = tx.visible::<ProviderOfferings>(id).await?;
    match state::transition(action).permission {
        Some(permission) => tx.need(permission, &scopes(tx, &row).await?)?,
        None => tx.only_staff()?,
    }
    let to = state::step(action, row.state).map_err(|error| AppError::State(error.valid.join(", ")))?;
    let input = input?;
    if action == OfferingAction::Activate {
        publish::check_complete(tx, &row).await?;
    }
    let paused_reason = if to == OfferingState::Paused { text(&input, "paused_reason") } else { String::new() };
    let new = offering::Model { state: to, paused_reason, modified: tx.now, ..row };
    list::replace(&tx.db, new).await.map_err(AppError::from)?;
    Ok(to)
}

/// Restricts an offering to these groups of organisations; to none is open to all.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn set_groups<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::OfferingUpdate).await?;
    let groups = crate::structure::group_ids(tx, &input?).await?;
    let before = Filter::equals(offering_group::Column::OfferingId, row.id);
    list::delete(&tx.db, &[before]).await.map_err(AppError::from)?;
    for group_id in groups {
        let link = offering_group::Model { offering_id: row.id, group_id };
        mercat_store::insert(&tx.db, link).await.map_err(AppError::from)?;
    }
    Ok(())
}

/// Adds an address under which the service is reached.
///
/// # Errors
/// As [`set_groups`].
pub async fn add_endpoint<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<EndpointId, X> {
    let row = permitted(tx, id, Permission::OfferingAddEndpoint).await?;
    let input = input?;
    let url = text(&input, "url");
    check_address(&url).map_err(AppError::from)?;
    let id: EndpointId = ids::new(tx.now);
    let endpoint = offering_endpoint::Model { id: id.0, offering_id: row.id, name: text(&input, "name"), url };
    mercat_store::insert(&tx.db, endpoint).await.map_err(AppError::from)?;
    Ok(id)
}

/// An address that portals may make a link of (spec 13.1).
pub(crate) fn check_address(url: &str) -> Result<(), Invalid> {
    let known = ["http", "https", "ldap", "ldaps", "ssh", "rdp"];
    match url.split_once("://") {
        Some((scheme, rest)) if known.contains(&scheme) && !rest.is_empty() => Ok(()),
        _ => Err(Invalid::field("url", "Enter a valid URL.")),
    }
}

/// Removes such an address.
///
/// # Errors
/// As [`set_groups`].
pub async fn remove_endpoint<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = permitted(tx, id, Permission::OfferingDeleteEndpoint).await?;
    let wish: Uuid = crate::collection::id(&input?, "uuid").unwrap_or_default();
    let this = [
        Filter::equals(offering_endpoint::Column::Id, wish),
        Filter::equals(offering_endpoint::Column::OfferingId, row.id),
    ];
    match list::delete(&tx.db, &this).await.map_err(AppError::from)? {
        0 => Err(AppError::from(Invalid::field("uuid", "There is no such endpoint.")).into()),
        _ => Ok(()),
    }
}

/// Whether no resource of the offering, or of all offerings of its provider, has this id at the backend.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn is_unique_backend_id<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<bool, X> {
    let row = permitted(tx, id, Permission::OfferingUpdate).await?;
    let input = input?;
    let backend_id = Filter::equals(resource::Column::BackendId, text(&input, "backend_id"));
    let among = if input.get("check_all_offerings") == Some(&Value::Bool(true)) {
        Filter::equals(resource::Column::ProviderId, row.customer_id)
    } else {
        Filter::equals(resource::Column::OfferingId, row.id)
    };
    Ok(list::count(&tx.db, &[backend_id, among]).await.map_err(AppError::from)? == 0)
}

/// Gives an offering, its resources and orders to another provider.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn move_to<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<ProviderOfferings>(id).await?;
    tx.only_staff()?;
    let input = input?;
    let required = || AppError::from(Invalid::field("customer", "This field is required."));
    let customer = tx.linked::<Customers>(&input, "customer", "customer_id").await?.ok_or_else(required)?;
    let of = Filter::equals(service_provider::Column::CustomerId, customer.id);
    if list::count(&tx.db, &[of]).await.map_err(AppError::from)? == 0 {
        return Err(AppError::from(Invalid::field("customer", "This organization is not a service provider.")).into());
    }
    let on = vec![Filter::equals(user_role::Column::ScopeId, row.id)];
    let held = mercat_store::structure::held(&tx.db, on, tx.now).await.map_err(AppError::from)?;
    if input.get("preserve_permissions") != Some(&Value::Bool(true)) {
        end_all(tx, Scope::Offering(row.id)).await?;
    }
    mercat_store::offering::moved(&tx.db, row.id, customer.id).await.map_err(AppError::from)?;
    let before = row.customer_id;
    let moved = offering::Model { customer_id: customer.id, modified: tx.now, ..row };
    list::replace(&tx.db, moved).await.map_err(AppError::from)?;
    for provider in [before, customer.id] {
        follow_managers(tx, provider, &held).await?;
    }
    Ok(())
}

/// The offerings that the actor provides, with their organisations, by the names of both.
///
/// # Errors
/// The database failed.
pub async fn offerings_by_provider(
    app: &App,
    actor: &Actor,
) -> Result<Vec<(offering::Model, customer::Model)>, AppError> {
    let seen: Vec<_> = ProviderOfferings::seen_by(actor).into_iter().collect();
    let conn = app.db.read();
    let rows = list::all::<offering::Entity>(conn, &seen, &[Key::column(offering::Column::Name, false)]).await?;
    let providers = list::by_ids::<customer::Entity, CustomerId>(conn, rows.iter().map(|row| row.customer_id)).await?;
    let mut pairs: Vec<_> =
        rows.into_iter().filter_map(|row| Some((providers.get(&row.customer_id)?.clone(), row))).collect();
    pairs.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    Ok(pairs.into_iter().map(|(provider, row)| (row, provider)).collect())
}

/// How many resources an offering has that are not terminated, and how many organisations they belong to.
///
/// # Errors
/// The database failed.
pub async fn offering_statistics(app: &App, id: Uuid) -> Result<(u64, u64), AppError> {
    let live = || {
        Filter::both([
            Filter::equals(resource::Column::OfferingId, id),
            Filter::differs(resource::Column::State, ResourceState::Terminated),
        ])
    };
    let conn = app.db.read();
    let customers = list::count(conn, &[mercat_store::catalogue::customers_using(live())]).await?;
    Ok((list::count(conn, &[live()]).await?, customers))
}

/// How many plans and components an offering has of its own.
pub(super) async fn parts_of(tx: &Tx, id: OfferingId) -> Result<(u64, u64), AppError> {
    let plans = list::count(&tx.db, &[Filter::equals(plan::Column::OfferingId, id)]).await?;
    let components = list::count(&tx.db, &[Filter::equals(component::Column::OfferingId, id)]).await?;
    Ok((plans, components))
}
