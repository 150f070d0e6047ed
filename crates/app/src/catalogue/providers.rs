//! Organisations that offer services.

use std::collections::HashMap;

use mercat_domain::{
    id::{CustomerId, ServiceProviderId},
    invalid::Invalid,
    offering::OfferingState,
    order::{OrderState, ResourceState},
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    entity::{customer, offering, order, resource, service_provider, user_role},
    list::{self, Filter},
    offering::{GroupDetails, groups},
    structure,
};
use uuid::Uuid;

use crate::{
    App, AppError, Tx, auth,
    collection::{Collection, Editable, Input, Reader, merged, retrieve},
    ids,
    structure::Customers,
};

/// All providers: whoever is signed in may know who offers services.
pub struct Providers;

/// A provider with its organisation.
#[derive(Debug, Clone)]
pub struct ProviderView {
    /// The provider.
    pub row: service_provider::Model,
    /// Its organisation.
    pub customer: customer::Model,
    /// The groups of its organisation.
    pub groups: Vec<GroupDetails>,
    /// How many offerings it has.
    pub offerings: u64,
}

impl Collection for Providers {
    type Entity = service_provider::Entity;
    type View = ProviderView;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<service_provider::Model>,
    ) -> Result<Vec<ProviderView>, AppError> {
        let conn = reader.conn;
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
        let customers = list::by_ids::<customer::Entity, CustomerId>(conn, ids.iter().copied()).await?;
        let memberships = structure::groups_of_customers(conn, &ids).await?;
        let all = groups(conn, memberships.values().flatten().copied().collect()).await?;
        let offerings: HashMap<CustomerId, u64> = list::counts(conn, offering::Column::CustomerId, ids, &[]).await?;
        let view = |row: service_provider::Model| {
            let own = memberships.get(&row.customer_id).map(Vec::as_slice).unwrap_or_default();
            Some(ProviderView {
                customer: customers.get(&row.customer_id)?.clone(),
                groups: all.iter().filter(|group| own.contains(&group.group.id)).cloned().collect(),
                offerings: offerings.get(&row.customer_id).copied().unwrap_or_default(),
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

fn scopes(row: &service_provider::Model) -> [Scope; 2] {
    [Scope::ServiceProvider(row.id), Scope::Customer(row.customer_id)]
}

impl Editable for Providers {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let required = || Invalid::field("customer", "This field is required.");
        let customer = tx.linked::<Customers>(&input, "customer", "customer_id").await?.ok_or_else(required)?;
        tx.need(Permission::ServiceProviderRegister, &[Scope::Customer(customer.id)])?;
        let taken = Filter::equals(service_provider::Column::CustomerId, customer.id);
        if list::count(&tx.db, &[taken]).await? > 0 {
            return Err(Invalid::field("customer", "This organization is a service provider already.").into());
        }
        let id: ServiceProviderId = ids::new(tx.now);
        let row = service_provider::Model {
            id,
            customer_id: customer.id,
            description: String::new(),
            enable_notifications: true,
            image: None,
            api_secret_hash: None,
            created: tx.now,
        };
        mercat_store::insert(&tx.db, merged(&row, input)?).await?;
        Ok(id.0)
    }

    async fn may_update(tx: &Tx, row: &service_provider::Model) -> Result<(), AppError> {
        tx.need(Permission::ServiceProviderUpdate, &scopes(row))
    }

    async fn update(tx: &mut Tx, row: service_provider::Model, mut input: Input) -> Result<(), AppError> {
        // A provider stays with its organisation.
        input.remove("customer_id");
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: service_provider::Model) -> Result<(), AppError> {
        tx.need(Permission::ServiceProviderDelete, &scopes(&row))?;
        let offerings = Filter::equals(offering::Column::CustomerId, row.customer_id);
        tx.unused("service provider", "offerings", &[offerings]).await?;
        list::delete(&tx.db, &[Filter::equals(user_role::Column::ScopeId, row.id)]).await?;
        tx.remove::<service_provider::Entity>(row.id).await
    }
}

/// Makes a new secret code for signing reports and returns it; only its hash is kept.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn new_secret_code(tx: &mut Tx, id: Uuid) -> Result<String, AppError> {
    let row = tx.visible::<Providers>(id).await?;
    tx.need(Permission::ServiceProviderGenerateApiSecretCode, &scopes(&row))?;
    let secret = ids::secret();
    let row = service_provider::Model { api_secret_hash: Some(auth::hash(&secret)), ..row };
    list::replace(&tx.db, row).await?;
    Ok(secret)
}

/// What a provider's front page counts, by name.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn provider_statistics(app: &App, actor: &Actor, id: Uuid) -> Result<Vec<(&'static str, u64)>, AppError> {
    let view = retrieve::<Providers>(app, actor, id, &[]).await?;
    if !(actor.has(Permission::ServiceProviderGetStatistics, &scopes(&view.row)) || actor.is_support) {
        return Err(AppError::Forbidden);
    }
    let (conn, customer) = (app.db.read(), view.row.customer_id);
    let resources = || Filter::equals(resource::Column::ProviderId, customer);
    let live = || Filter::differs(resource::Column::State, ResourceState::Terminated);
    let offered = Filter::equals(offering::Column::CustomerId, customer);
    let open = Filter::any_of(offering::Column::State, [OfferingState::Active, OfferingState::Paused]);
    let orders = Filter::equals(order::Column::ProviderId, customer);
    let pending = Filter::equals(order::Column::State, OrderState::PendingProvider);
    let erred = Filter::equals(resource::Column::State, ResourceState::Erred);
    let served = mercat_store::catalogue::customers_served_by(customer);
    Ok(vec![
        ("active_campaigns", 0),
        ("current_customers", list::count(conn, &[served]).await?),
        ("customers_number_change", 0),
        ("active_resources", list::count(conn, &[resources(), live()]).await?),
        ("resources_number_change", 0),
        ("active_and_paused_offerings", list::count(conn, &[offered, open]).await?),
        ("unresolved_tickets", 0),
        ("pending_orders", list::count(conn, &[orders, pending]).await?),
        ("erred_resources", list::count(conn, &[resources(), erred]).await?),
    ])
}
