//! Resources to those who consume them and to those who provide them.

use std::collections::{HashMap, HashSet};

use chrono::Datelike as _;
use mercat_domain::{
    id::{CategoryId, ComponentId, CustomerId, OfferingId, OrderId, PlanId, ProjectId, ResourceId, RoleId, UserId},
    money::Money,
    order::{OrderType, ResourceState},
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    assets::{self, OPEN},
    entity::{
        category, component, component_usage, customer, offering, offering_user, order, plan, plan_period, project,
        resource, resource_endpoint, role, user,
    },
    list::{self, Filter, Key},
    offering::components_of,
    reference::Kept,
};
use uuid::Uuid;

use crate::{
    App, AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged, retrieve},
    orders::{OrderView, order_views},
};

/// Resources of the projects and organisations that somebody has a role in.
pub struct Resources;

/// Resources of the offerings that somebody provides.
pub struct ProviderResources;

/// A resource with what belongs to it.
#[derive(Debug, Clone)]
pub struct ResourceView {
    /// The resource.
    pub row: resource::Model,
    /// Its project.
    pub project: project::Model,
    /// The organisation that consumes it.
    pub customer: customer::Model,
    /// The organisation that provides it.
    pub provider: customer::Model,
    /// What was ordered.
    pub offering: offering::Model,
    /// The offering above.
    pub parent_offering: Option<offering::Model>,
    /// The offering's category.
    pub category: category::Model,
    /// The components of the offering.
    pub components: Vec<component::Model>,
    /// The present plan.
    pub plan: Option<plan::Model>,
    /// The resource that this one is a part of.
    pub parent: Option<resource::Model>,
    /// Where it is reached.
    pub endpoints: Vec<resource_endpoint::Model>,
    /// What it used this month, by component type.
    pub usages: Vec<(String, Money)>,
    /// The order that is open.
    pub order_in_progress: Option<OrderView>,
    /// The order that it came by.
    pub creation_order: Option<OrderView>,
    /// The viewer's account at the offering.
    pub username: Option<String>,
    /// Whether the viewer may order its end now.
    pub can_terminate: bool,
}

impl Collection for Resources {
    type Entity = resource::Entity;
    type View = ResourceView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| assets::resources_consumed(&actor.scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<resource::Model>,
    ) -> Result<Vec<ResourceView>, AppError> {
        views(reader, rows).await
    }
}

impl Collection for ProviderResources {
    type Entity = resource::Entity;
    type View = ResourceView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| assets::resources_provided(&actor.scopes()))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<resource::Model>,
    ) -> Result<Vec<ResourceView>, AppError> {
        views(reader, rows).await
    }
}

/// The orders of a page of resources: the open one and the first one of each.
struct Orders {
    open: HashMap<ResourceId, OrderId>,
    first: HashMap<ResourceId, OrderId>,
    views: HashMap<OrderId, OrderView>,
}

impl Orders {
    async fn of<C: Reads>(reader: &Reader<'_, C>, ids: &[ResourceId]) -> Result<Self, AppError> {
        let (mut open, mut first) = (HashMap::new(), HashMap::new());
        for row in assets::orders_of(reader.conn, ids, Filter::any_of(order::Column::State, OPEN)).await? {
            open.insert(row.resource_id, row.id);
        }
        if reader.wants("creation_order") {
            let created = Filter::equals(order::Column::OrderType, OrderType::Create);
            for row in assets::orders_of(reader.conn, ids, created).await? {
                first.entry(row.resource_id).or_insert(row.id);
            }
        }
        let shown = reader.wants("order_in_progress") || reader.wants("creation_order");
        let mut wanted: Vec<OrderId> = open.values().chain(first.values()).copied().filter(|_| shown).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let views = order_views(&Kept { conn: reader.conn, references: reader.references }, &wanted).await?;
        Ok(Self { open, first, views: views.into_iter().map(|view| (view.row.id, view)).collect() })
    }

    fn view(&self, id: Option<&OrderId>) -> Option<OrderView> {
        id.and_then(|id| self.views.get(id)).cloned()
    }
}

async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<resource::Model>) -> Result<Vec<ResourceView>, AppError> {
    let conn = reader.conn;
    let ids: Vec<ResourceId> = rows.iter().map(|row| row.id).collect();
    let projects = list::by_ids::<project::Entity, ProjectId>(conn, rows.iter().map(|row| row.project_id)).await?;
    let mut owners: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
    owners.extend(rows.iter().map(|row| row.provider_id));
    let customers = list::by_ids::<customer::Entity, CustomerId>(conn, owners).await?;
    let offered: Vec<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
    let offerings = list::by_ids::<offering::Entity, OfferingId>(conn, offered.iter().copied()).await?;
    let above: Vec<OfferingId> = offerings.values().filter_map(|row| row.parent_id).collect();
    let above = list::by_ids::<offering::Entity, OfferingId>(conn, above).await?;
    let categories: Vec<CategoryId> = offerings.values().map(|row| row.category_id).collect();
    let categories = list::by_ids::<category::Entity, CategoryId>(conn, categories).await?;
    let plans = list::by_ids::<plan::Entity, PlanId>(conn, rows.iter().filter_map(|row| row.plan_id)).await?;
    let parents = list::by_ids::<resource::Entity, ResourceId>(conn, rows.iter().filter_map(|row| row.parent_id));
    let parents = parents.await?;
    let priced: Vec<OfferingId> = offerings.values().map(|row| row.parent_id.unwrap_or(row.id)).collect();
    let components = components_of(conn, &priced).await?;
    let endpoints = [Filter::any_of(resource_endpoint::Column::ResourceId, ids.iter().copied())];
    let endpoints = list::all(conn, &endpoints, &[Key::column(resource_endpoint::Column::Name, false)]).await?;
    let usages = month_usages(reader, &ids).await?;
    let orders = Orders::of(reader, &ids).await?;
    let accounts = [
        Filter::equals(offering_user::Column::UserId, reader.actor.id),
        Filter::any_of(offering_user::Column::OfferingId, offered),
    ];
    let accounts = list::all::<offering_user::Entity>(conn, &accounts, &[]).await?;
    let view = |row: resource::Model| {
        let offering = offerings.get(&row.offering_id)?.clone();
        let customer = customers.get(&row.customer_id)?.clone();
        let components = components.get(&offering.parent_id.unwrap_or(offering.id)).cloned().unwrap_or_default();
        let kind = |id: ComponentId| components.iter().find(|component| component.id == id).map(|c| c.kind.clone());
        let account = accounts.iter().find(|account| account.offering_id == row.offering_id);
        Some(ResourceView {
            project: projects.get(&row.project_id)?.clone(),
            provider: customers.get(&row.provider_id)?.clone(),
            category: categories.get(&offering.category_id)?.clone(),
            parent_offering: offering.parent_id.and_then(|id| above.get(&id).cloned()),
            plan: row.plan_id.and_then(|id| plans.get(&id).cloned()),
            parent: row.parent_id.and_then(|id| parents.get(&id).cloned()),
            endpoints: endpoints.iter().filter(|endpoint| endpoint.resource_id == row.id).cloned().collect(),
            usages: usages
                .iter()
                .filter(|usage| usage.resource_id == row.id)
                .filter_map(|usage| Some((kind(usage.component_id)?, usage.usage)))
                .collect(),
            order_in_progress: orders.view(orders.open.get(&row.id)),
            creation_order: orders.view(orders.first.get(&row.id)),
            username: account.and_then(|account| account.username.clone()),
            can_terminate: can_terminate(reader.actor, &row, &customer) && !orders.open.contains_key(&row.id),
            components,
            offering,
            customer,
            row,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// Whether a right and the state allow to order the end (spec 14).
fn can_terminate(actor: &Actor, row: &resource::Model, customer: &customer::Model) -> bool {
    let paths = [Scope::Project(row.project_id), Scope::Customer(row.customer_id), Scope::Customer(row.provider_id)];
    matches!(row.state, ResourceState::Ok | ResourceState::Erred)
        && !customer.blocked
        && !customer.archived
        && actor.has(Permission::ResourceTerminate, &paths)
}

async fn month_usages<C: Reads>(
    reader: &Reader<'_, C>,
    ids: &[ResourceId],
) -> Result<Vec<component_usage::Model>, AppError> {
    let today = reader.now.date_naive();
    let month = today.with_day(1).unwrap_or(today);
    let here = [
        Filter::any_of(component_usage::Column::ResourceId, ids.iter().copied()),
        Filter::equals(component_usage::Column::BillingPeriod, month),
    ];
    Ok(list::all(reader.conn, &here, &[]).await?)
}

/// The scopes on which rights to change a resource count.
pub(super) fn scopes(row: &resource::Model) -> [Scope; 4] {
    [
        Scope::Project(row.project_id),
        Scope::Customer(row.customer_id),
        Scope::Offering(row.offering_id),
        Scope::Customer(row.provider_id),
    ]
}

/// The right that a change of a resource's record needs.
pub struct UpdateRight;

impl UpdateRight {
    fn check(tx: &Tx, row: &resource::Model) -> Result<(), AppError> {
        tx.need(Permission::ResourceUpdate, &scopes(row))
    }
}

async fn change_record(tx: &mut Tx, row: resource::Model, input: Input) -> Result<(), AppError> {
    let new: resource::Model = merged(&row, input)?;
    if new.end_date != row.end_date {
        super::settings::check_end(tx, &row, new.end_date).await?;
    }
    let requested = if new.end_date == row.end_date { row.end_date_requested_by } else { tx.actor().map(|a| a.id) };
    let new = resource::Model { end_date_requested_by: requested, ..new };
    let (id, end) = (new.id, new.end_date);
    super::settings::note_change(tx, &row, &new);
    super::settings::store(tx, new).await?;
    crate::endings::follow_resource(tx, id, end).await
}

impl Editable for Resources {
    async fn may_update(tx: &Tx, row: &resource::Model) -> Result<(), AppError> {
        UpdateRight::check(tx, row)
    }

    async fn update(tx: &mut Tx, row: resource::Model, input: Input) -> Result<(), AppError> {
        change_record(tx, row, input).await
    }
}

impl Editable for ProviderResources {
    async fn may_update(tx: &Tx, row: &resource::Model) -> Result<(), AppError> {
        UpdateRight::check(tx, row)
    }

    async fn update(tx: &mut Tx, row: resource::Model, input: Input) -> Result<(), AppError> {
        change_record(tx, row, input).await
    }
}

/// From when to when a resource had a plan, and what it used meanwhile.
#[derive(Debug, Clone)]
pub struct Period {
    /// The period.
    pub row: plan_period::Model,
    /// The plan.
    pub plan: plan::Model,
    /// What was used, with the component.
    pub usages: Vec<(component_usage::Model, component::Model)>,
}

/// The plan periods of a resource that the actor sees, oldest first.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn plan_periods<C: Collection<Entity = resource::Entity>>(
    app: &App,
    actor: &Actor,
    id: Uuid,
) -> Result<Vec<Period>, AppError> {
    retrieve::<C>(app, actor, id, &[]).await?;
    let conn = app.db.read();
    let of = [Filter::equals(plan_period::Column::ResourceId, id)];
    let rows = list::all(conn, &of, &[Key::column(plan_period::Column::Start, false)]).await?;
    let plans = list::by_ids::<plan::Entity, PlanId>(conn, rows.iter().map(|row| row.plan_id)).await?;
    let of = [Filter::any_of(component_usage::Column::PlanPeriodId, rows.iter().map(|row| row.id))];
    let usages = list::all::<component_usage::Entity>(conn, &of, &[]).await?;
    let components = usages.iter().map(|usage| usage.component_id);
    let components = list::by_ids::<component::Entity, ComponentId>(conn, components).await?;
    let period = |row: plan_period::Model| {
        let here = usages.iter().filter(|usage| usage.plan_period_id == Some(row.id));
        let usages = here.filter_map(|u| Some((u.clone(), components.get(&u.component_id)?.clone()))).collect();
        Some(Period { plan: plans.get(&row.plan_id)?.clone(), usages, row })
    };
    Ok(rows.into_iter().filter_map(period).collect())
}

/// Somebody with a role in the project of a resource.
#[derive(Debug, Clone)]
pub struct TeamMember {
    /// Who.
    pub user: user::Model,
    /// The name of the role.
    pub role: String,
    /// When the role ends.
    pub expires: Option<mercat_domain::time::Timestamp>,
    /// The person's account at the offering.
    pub account: Option<offering_user::Model>,
}

/// The team of a resource that the actor sees: one entry a person, by name.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn team<C: Collection<Entity = resource::Entity, View = ResourceView>>(
    app: &App,
    actor: &Actor,
    id: Uuid,
) -> Result<Vec<TeamMember>, AppError> {
    let row = retrieve::<C>(app, actor, id, &[]).await?.row;
    let conn = app.db.read();
    let held = assets::project_roles(conn, row.project_id, app.now()).await?;
    let roles = list::by_ids::<role::Entity, RoleId>(conn, held.iter().map(|held| held.role_id)).await?;
    let people = list::by_ids::<user::Entity, UserId>(conn, held.iter().map(|held| held.user_id)).await?;
    let accounts = [
        Filter::equals(offering_user::Column::OfferingId, row.offering_id),
        Filter::any_of(offering_user::Column::UserId, held.iter().map(|held| held.user_id)),
    ];
    let accounts = list::all::<offering_user::Entity>(conn, &accounts, &[]).await?;
    let mut seen = HashSet::new();
    let member = |held: mercat_store::entity::user_role::Model| {
        let user = people.get(&held.user_id).filter(|user| user.is_active && seen.insert(user.id))?.clone();
        let account = accounts.iter().find(|account| account.user_id == user.id).cloned();
        Some(TeamMember { user, role: roles.get(&held.role_id)?.name.clone(), expires: held.expires, account })
    };
    let mut team: Vec<TeamMember> = held.into_iter().filter_map(member).collect();
    team.sort_by(|a, b| a.user.username.cmp(&b.user.username));
    Ok(team)
}
