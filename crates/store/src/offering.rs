//! An offering with everything that is shown of it (spec 13).

use std::{collections::HashMap, hash::Hash};

use chrono::NaiveDate;
use mercat_domain::{
    id::{CategoryId, CustomerId, OfferingId, OrganizationGroupId, PlanId},
    offering::PlanPrices,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    counts::{self, Counts},
    entity::{
        campaign, campaign_offering, category, component, customer_group, offering, offering_catalog,
        offering_endpoint, offering_file, offering_group, offering_partition, offering_quota, offering_role,
        offering_screenshot, order, organization_group, plan, plan_component, plan_group, resource, software_catalog,
    },
    error::StoreError,
    facts,
    list::{self, Filter, Key},
    reference::{Organization, Project, read_parts},
};

/// An offering, its surroundings and its parts. Components and plans are the parent's when there is one.
///
/// All but how many orders and resources there are, and which campaigns run today, may be kept (see [`crate::reference`]):
/// whoever adds a table names it in a trigger, as `m0011_offerings` does.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13")]
pub struct OfferingDetails {
    pub offering: offering::Model,
    pub provider: Organization,
    pub project: Option<Project>,
    pub category_title: String,
    pub parent: Option<offering::Model>,
    pub endpoints: Vec<offering_endpoint::Model>,
    pub catalogs: Vec<CatalogDetails>,
    pub partitions: Vec<offering_partition::Model>,
    pub roles: Vec<offering_role::Model>,
    pub components: Vec<component::Model>,
    pub plans: Vec<PlanDetails>,
    pub screenshots: Vec<offering_screenshot::Model>,
    pub files: Vec<offering_file::Model>,
    pub quotas: Vec<offering_quota::Model>,
    pub groups: Vec<GroupDetails>,
    pub campaigns: Vec<campaign::Model>,
    pub order_count: u64,
}

/// A software catalogue as an offering has it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13.1")]
pub struct CatalogDetails {
    pub link: offering_catalog::Model,
    pub catalog: software_catalog::Model,
    pub partition: Option<offering_partition::Model>,
}

/// A plan with its prices and use.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13.3")]
pub struct PlanDetails {
    pub plan: plan::Model,
    pub groups: Vec<GroupDetails>,
    pub components: Vec<(plan_component::Model, component::Model)>,
    pub prices: PlanPrices,
    pub resources: u64,
    pub live_resources: u64,
}

impl OfferingDetails {
    /// One of its plans.
    #[must_use]
    pub fn plan(&self, id: PlanId) -> Option<&PlanDetails> {
        self.plans.iter().find(|plan| plan.plan.id == id)
    }
}

impl PlanDetails {
    fn take(&mut self, counted: &Counts) {
        let resources = counted.resources.get(&self.plan.id).copied().unwrap_or_default();
        (self.resources, self.live_resources) = (resources.all, resources.live);
    }

    /// Whether organisations in these groups may choose it.
    #[must_use]
    pub fn is_open_to(&self, groups: &[OrganizationGroupId]) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|open| groups.contains(&open.group.id))
    }
}

/// A group of organisations with its parent and size.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13.1")]
pub struct GroupDetails {
    pub group: organization_group::Model,
    pub parent: Option<organization_group::Model>,
    pub customers: u64,
}

/// The rows of a table that belong to some offerings, by offering.
macro_rules! parts {
    ($conn:expr, $ids:expr, $e:ident, $by:ident) => {{
        let of = Filter::any_of($e::Column::OfferingId, $ids.iter().copied());
        let rows = list::all::<$e::Entity>($conn, &[of], &[Key::column($e::Column::$by, false)]).await?;
        grouped(rows, |row: &$e::Model| row.offering_id)
    }};
}

fn grouped<T, K: Eq + Hash>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// What belongs to these offerings, in their order: one statement a table, however many offerings. `today` decides which
/// campaigns run.
///
/// # Errors
/// The database failed.
pub async fn details_of(
    conn: &impl ConnectionTrait,
    rows: Vec<offering::Model>,
    today: NaiveDate,
) -> Result<Vec<OfferingDetails>, StoreError> {
    let mut details = parts_of(conn, rows).await?;
    count(conn, &mut details, today).await?;
    Ok(details)
}

/// What may be kept of these offerings: no numbers, and all campaigns.
pub(crate) async fn parts_of(
    conn: &impl ConnectionTrait,
    rows: Vec<offering::Model>,
) -> Result<Vec<OfferingDetails>, StoreError> {
    let ids: Vec<OfferingId> = rows.iter().map(|row| row.id).collect();
    let providers = read_parts::<Organization>(conn, rows.iter().map(|row| row.customer_id)).await?;
    let categories = list::by_ids::<category::Entity, CategoryId>(conn, rows.iter().map(|row| row.category_id)).await?;
    let projects = read_parts::<Project>(conn, rows.iter().filter_map(|row| row.project_id)).await?;
    let parents =
        list::by_ids::<offering::Entity, OfferingId>(conn, rows.iter().filter_map(|row| row.parent_id)).await?;
    let owners: Vec<OfferingId> = rows.iter().map(|row| row.parent_id.unwrap_or(row.id)).collect();
    let components = parts!(conn, owners, component, Kind);
    let plans = plans(conn, &owners, &components).await?;
    let mut partitions = parts!(conn, ids, offering_partition, PartitionName);
    let mut catalogs = catalogs(conn, &ids, &partitions).await?;
    let mut endpoints = parts!(conn, ids, offering_endpoint, Name);
    let mut roles = parts!(conn, ids, offering_role, Name);
    let mut screenshots = parts!(conn, ids, offering_screenshot, Created);
    let mut files = parts!(conn, ids, offering_file, Created);
    let mut quotas = parts!(conn, ids, offering_quota, Name);
    let mut groups = groups_of(conn, &ids).await?;
    let mut campaigns = campaigns(conn, &ids).await?;
    let with_parts = |offering: offering::Model| {
        let id = offering.id;
        let owner = offering.parent_id.unwrap_or(id);
        Some(OfferingDetails {
            provider: providers.get(&offering.customer_id)?.clone(),
            category_title: categories.get(&offering.category_id)?.title.clone(),
            project: offering.project_id.and_then(|id| projects.get(&id).cloned()),
            parent: offering.parent_id.and_then(|id| parents.get(&id).cloned()),
            components: components.get(&owner).cloned().unwrap_or_default(),
            plans: plans.iter().filter(|plan| plan.plan.offering_id == owner).cloned().collect(),
            endpoints: endpoints.remove(&id).unwrap_or_default(),
            catalogs: catalogs.remove(&id).unwrap_or_default(),
            partitions: partitions.remove(&id).unwrap_or_default(),
            roles: roles.remove(&id).unwrap_or_default(),
            screenshots: screenshots.remove(&id).unwrap_or_default(),
            files: files.remove(&id).unwrap_or_default(),
            quotas: quotas.remove(&id).unwrap_or_default(),
            groups: groups.remove(&id).unwrap_or_default(),
            campaigns: campaigns.remove(&id).unwrap_or_default(),
            order_count: 0,
            offering,
        })
    };
    Ok(rows.into_iter().filter_map(with_parts).collect())
}

/// Counts what there is of these offerings, and leaves the campaigns that run.
pub(crate) async fn count(
    conn: &impl ConnectionTrait,
    details: &mut [OfferingDetails],
    today: NaiveDate,
) -> Result<(), StoreError> {
    let ids: Vec<OfferingId> = details.iter().map(|details| details.offering.id).collect();
    let plans: Vec<PlanId> = details.iter().flat_map(|details| &details.plans).map(|plan| plan.plan.id).collect();
    let counted = counts::of(conn, &ids, &plans).await?;
    for details in details {
        details.order_count = counted.orders.get(&details.offering.id).copied().unwrap_or_default();
        details.campaigns.retain(|campaign| campaign.start_date <= today && today <= campaign.end_date);
        details.plans.iter_mut().for_each(|plan| plan.take(&counted));
    }
    Ok(())
}

async fn catalogs(
    conn: &impl ConnectionTrait,
    ids: &[OfferingId],
    partitions: &HashMap<OfferingId, Vec<offering_partition::Model>>,
) -> Result<HashMap<OfferingId, Vec<CatalogDetails>>, StoreError> {
    let links = parts!(conn, ids, offering_catalog, Id);
    let known = links.values().flatten().map(|link| link.catalog_id);
    let catalogs = list::by_ids::<software_catalog::Entity, Uuid>(conn, known).await?;
    let with_catalog = |link: offering_catalog::Model| {
        let here = partitions.get(&link.offering_id).into_iter().flatten();
        let partition = here.into_iter().find(|partition| Some(partition.id) == link.partition_id).cloned();
        Some(CatalogDetails { catalog: catalogs.get(&link.catalog_id)?.clone(), partition, link })
    };
    Ok(links.into_iter().map(|(id, links)| (id, links.into_iter().filter_map(with_catalog).collect())).collect())
}

async fn plans(
    conn: &impl ConnectionTrait,
    offerings: &[OfferingId],
    components: &HashMap<OfferingId, Vec<component::Model>>,
) -> Result<Vec<PlanDetails>, StoreError> {
    let of = Filter::any_of(plan::Column::OfferingId, offerings.iter().copied());
    let plans = list::all::<plan::Entity>(conn, &[of], &[Key::column(plan::Column::Created, false)]).await?;
    priced(conn, plans, components).await
}

/// These plans with prices and use.
///
/// # Errors
/// The database failed.
pub async fn plans_with(conn: &impl ConnectionTrait, plans: Vec<plan::Model>) -> Result<Vec<PlanDetails>, StoreError> {
    let offerings: Vec<OfferingId> = plans.iter().map(|plan| plan.offering_id).collect();
    let components = parts!(conn, offerings, component, Kind);
    let mut plans = priced(conn, plans, &components).await?;
    let ids: Vec<PlanId> = plans.iter().map(|plan| plan.plan.id).collect();
    let counted = counts::of(conn, &[], &ids).await?;
    plans.iter_mut().for_each(|plan| plan.take(&counted));
    Ok(plans)
}

/// These plans with the prices of these components, the use not counted.
async fn priced(
    conn: &impl ConnectionTrait,
    plans: Vec<plan::Model>,
    components: &HashMap<OfferingId, Vec<component::Model>>,
) -> Result<Vec<PlanDetails>, StoreError> {
    let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
    let of = Filter::any_of(plan_component::Column::PlanId, ids.iter().copied());
    let prices = grouped(list::all::<plan_component::Entity>(conn, &[of], &[]).await?, |price| price.plan_id);
    let links = plan_group::Entity::find().filter(plan_group::Column::PlanId.is_in(ids)).all(conn).await?;
    let groups = groups(conn, links.iter().map(|link| link.group_id).collect()).await?;
    let with_parts = |plan: plan::Model| {
        let prices = prices.get(&plan.id).map(Vec::as_slice).unwrap_or_default();
        let priced = |component: &component::Model| {
            let price = prices.iter().find(|price| price.component_id == component.id)?;
            Some((price.clone(), component.clone()))
        };
        let open_to =
            |group: &&GroupDetails| links.iter().any(|link| link.plan_id == plan.id && link.group_id == group.group.id);
        let components: Vec<_> = components.get(&plan.offering_id).into_iter().flatten().filter_map(priced).collect();
        PlanDetails {
            groups: groups.iter().filter(open_to).cloned().collect(),
            prices: PlanPrices {
                unit_price: plan.unit_price,
                components: components.iter().map(|(price, component)| facts::plan_price(price, component)).collect(),
            },
            components,
            resources: 0,
            live_resources: 0,
            plan,
        }
    };
    Ok(plans.into_iter().map(with_parts).collect())
}

/// The components of these offerings, by offering.
///
/// # Errors
/// The database failed.
pub async fn components_of(
    conn: &impl ConnectionTrait,
    ids: &[OfferingId],
) -> Result<HashMap<OfferingId, Vec<component::Model>>, StoreError> {
    Ok(parts!(conn, ids, component, Kind))
}

async fn groups_of(
    conn: &impl ConnectionTrait,
    ids: &[OfferingId],
) -> Result<HashMap<OfferingId, Vec<GroupDetails>>, StoreError> {
    let links = offering_group::Entity::find()
        .filter(offering_group::Column::OfferingId.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let groups = groups(conn, links.iter().map(|link| link.group_id).collect()).await?;
    let of = |id: OfferingId| {
        let here = |group: &&GroupDetails| links.iter().any(|l| l.offering_id == id && l.group_id == group.group.id);
        groups.iter().filter(here).cloned().collect()
    };
    Ok(ids.iter().map(|id| (*id, of(*id))).collect())
}

/// Groups of organisations with their parents and sizes, by name.
///
/// # Errors
/// The database failed.
pub async fn groups(
    conn: &impl ConnectionTrait,
    ids: Vec<OrganizationGroupId>,
) -> Result<Vec<GroupDetails>, StoreError> {
    use organization_group::{Column, Entity};
    let groups = Entity::find().filter(Column::Id.is_in(ids.clone())).order_by_asc(Column::Name).all(conn).await?;
    let parents = Entity::find().filter(Column::Id.is_in(groups.iter().filter_map(|g| g.parent_id))).all(conn).await?;
    let members = customer_group::Entity::find().filter(customer_group::Column::GroupId.is_in(ids)).all(conn).await?;
    let mut sizes: HashMap<OrganizationGroupId, u64> = HashMap::new();
    for member in members {
        *sizes.entry(member.group_id).or_default() += 1;
    }
    let details = |group: organization_group::Model| GroupDetails {
        parent: parents.iter().find(|p| Some(p.id) == group.parent_id).cloned(),
        customers: sizes.get(&group.id).copied().unwrap_or_default(),
        group,
    };
    Ok(groups.into_iter().map(details).collect())
}

async fn campaigns(
    conn: &impl ConnectionTrait,
    ids: &[OfferingId],
) -> Result<HashMap<OfferingId, Vec<campaign::Model>>, StoreError> {
    let links = campaign_offering::Entity::find()
        .filter(campaign_offering::Column::OfferingId.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let linked = Filter::any_of(campaign::Column::Id, links.iter().map(|link| link.campaign_id));
    let by_name = Key::column(campaign::Column::Name, false);
    let campaigns = list::all::<campaign::Entity>(conn, &[linked], &[by_name]).await?;
    let of = |id: OfferingId| {
        let here = |row: &&campaign::Model| links.iter().any(|l| l.offering_id == id && l.campaign_id == row.id);
        campaigns.iter().filter(here).cloned().collect()
    };
    Ok(ids.iter().map(|id| (*id, of(*id))).collect())
}

/// Writes the organisation that an offering has moved to into its resources and orders.
///
/// # Errors
/// The database failed.
pub async fn moved(conn: &impl ConnectionTrait, id: OfferingId, provider: CustomerId) -> Result<(), StoreError> {
    resource::Entity::update_many()
        .col_expr(resource::Column::ProviderId, Expr::val(provider))
        .filter(resource::Column::OfferingId.eq(id))
        .exec(conn)
        .await?;
    order::Entity::update_many()
        .col_expr(order::Column::ProviderId, Expr::val(provider))
        .filter(order::Column::OfferingId.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}
