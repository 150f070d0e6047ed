//! Organisations.

use mercat_domain::{
    id::{CustomerId, OrganizationGroupId},
    invalid::Invalid,
    permission::{Actor, Permission, Scope},
    slug::slugify,
};
use mercat_store::{
    Reads,
    entity::{customer, customer_group, offering, project, service_provider, user_role},
    list::{self, Filter},
    offering::{GroupDetails, groups},
    structure,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    AppError, Tx,
    admin::rows,
    collection::{Collection, Editable, Input, Reader, merged, text},
};

/// The organisations that somebody has a role in.
pub struct Customers;

/// An organisation with what belongs to it.
#[derive(Debug, Clone)]
pub struct CustomerView {
    /// The organisation.
    pub row: customer::Model,
    /// Its groups.
    pub groups: Vec<GroupDetails>,
    /// How many projects it has.
    pub projects: u64,
    /// How many people have a role in it or its projects.
    pub users: u64,
    /// What it is as a provider.
    pub provider: Option<service_provider::Model>,
}

/// Fields that only staff may change; whoever sends them back unchanged does no harm.
const STAFF_ONLY: [&str; 7] = [
    "blocked",
    "archived",
    "backend_id",
    "default_tax_percent",
    "accounting_start_date",
    "sponsor_number",
    "max_service_accounts",
];

impl Collection for Customers {
    type Entity = customer::Entity;
    type View = CustomerView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| structure::customers_within(&actor.scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<customer::Model>,
    ) -> Result<Vec<CustomerView>, AppError> {
        let conn = reader.conn;
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        let memberships = structure::groups_of_customers(conn, &ids).await?;
        let all = groups(conn, memberships.values().flatten().copied().collect()).await?;
        let here = Filter::equals(project::Column::IsRemoved, false);
        let projects = list::counts(conn, project::Column::CustomerId, ids.iter().copied(), &[here]).await?;
        let users = structure::people_counts(conn, &ids, reader.now).await?;
        let of = Filter::any_of(service_provider::Column::CustomerId, ids.iter().copied());
        let providers = list::all::<service_provider::Entity>(conn, &[of], &[]).await?;
        let view = |row: customer::Model| {
            let own = memberships.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            CustomerView {
                groups: all.iter().filter(|group| own.contains(&group.group.id)).cloned().collect(),
                projects: projects.get(&row.id).copied().unwrap_or_default(),
                users: users.get(&row.id).copied().unwrap_or_default(),
                provider: providers.iter().find(|provider| provider.customer_id == row.id).cloned(),
                row,
            }
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

impl Editable for Customers {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let row = merged(&rows::customer(tx.now, &text(&input, "name")), input)?;
        let id = row.id.0;
        mercat_store::insert(&tx.db, slugged(row)).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &customer::Model) -> Result<(), AppError> {
        tx.need(Permission::CustomerUpdate, &[Scope::Customer(row.id)])
    }

    async fn update(tx: &mut Tx, row: customer::Model, input: Input) -> Result<(), AppError> {
        tx.keep_for_staff(&row, &input, &STAFF_ONLY)?;
        Ok(list::replace(&tx.db, slugged(merged(&row, input)?)).await?)
    }

    async fn destroy(tx: &mut Tx, row: customer::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        tx.unused("organization", "projects", &[Filter::equals(project::Column::CustomerId, row.id)]).await?;
        tx.unused("organization", "offerings", &[Filter::equals(offering::Column::CustomerId, row.id)]).await?;
        let provider = Filter::equals(service_provider::Column::CustomerId, row.id);
        tx.unused("organization", "service provider", &[provider]).await?;
        list::delete(&tx.db, &[Filter::equals(user_role::Column::ScopeId, row.id)]).await?;
        tx.remove::<customer::Entity>(row.id).await
    }
}

/// An organisation always has a slug: order slugs begin with it.
fn slugged(row: customer::Model) -> customer::Model {
    if row.slug.is_empty() { customer::Model { slug: slugify(&row.name), ..row } } else { row }
}

/// Puts an organisation into these groups and out of all others.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn set_groups<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<Customers>(id).await?;
    tx.only_staff()?;
    let groups = group_ids(tx, &input?).await?;
    let gone = Filter::equals(customer_group::Column::CustomerId, row.id);
    list::delete(&tx.db, &[gone]).await.map_err(AppError::from)?;
    for group_id in groups {
        let member = customer_group::Model { customer_id: row.id, group_id };
        mercat_store::insert(&tx.db, member).await.map_err(AppError::from)?;
    }
    Ok(())
}

/// The groups that a body names, each once; all of them must exist.
pub(crate) async fn group_ids(tx: &Tx, input: &Input) -> Result<Vec<OrganizationGroupId>, AppError> {
    let named = input.get("organization_groups").and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<OrganizationGroupId> = named.filter_map(|id| id.as_str()?.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    let there =
        list::by_ids::<mercat_store::entity::organization_group::Entity, _>(&tx.db, ids.iter().copied()).await?;
    if there.len() == ids.len() {
        return Ok(ids);
    }
    Err(Invalid::field("organization_groups", "Invalid hyperlink - Object does not exist.").into())
}
