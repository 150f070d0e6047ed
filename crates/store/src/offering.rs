//! An offering with everything that is shown of it (spec 13).

use std::collections::HashMap;

use chrono::NaiveDate;
use mercat_domain::{
    id::{OfferingId, OrganizationGroupId, PlanId},
    order::ResourceState,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::{
    entity::{
        campaign, campaign_offering, category, component, customer, customer_group, offering, offering_catalog,
        offering_endpoint, offering_file, offering_group, offering_partition, offering_quota, offering_role,
        offering_screenshot, order, organization_group, plan, plan_component, plan_group, project, resource,
        software_catalog,
    },
    error::StoreError,
};

/// An offering, its surroundings and its parts. Components and plans are the parent's when there is one.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13")]
pub struct OfferingDetails {
    pub offering: offering::Model,
    pub provider: customer::Model,
    pub project: Option<project::Model>,
    pub category: category::Model,
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
    pub resources: u64,
    pub live_resources: u64,
}

/// A group of organisations with its parent and size.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 13.1")]
pub struct GroupDetails {
    pub group: organization_group::Model,
    pub parent: Option<organization_group::Model>,
    pub customers: u64,
}

/// Rows of entity `$e` whose column is the offering, in the order of their names or keys.
macro_rules! of_offering {
    ($conn:expr, $e:ident, $id:expr, $by:ident) => {
        $e::Entity::find().filter($e::Column::OfferingId.eq($id)).order_by_asc($e::Column::$by).all($conn).await?
    };
}

/// Reads an offering; `today` decides which campaigns run.
///
/// # Errors
/// The database failed.
pub async fn details(
    conn: &impl ConnectionTrait,
    id: OfferingId,
    today: NaiveDate,
) -> Result<Option<OfferingDetails>, StoreError> {
    let Some(offering) = offering::Entity::find_by_id(id).one(conn).await? else { return Ok(None) };
    let Some(provider) = customer::Entity::find_by_id(offering.customer_id).one(conn).await? else { return Ok(None) };
    let Some(category) = category::Entity::find_by_id(offering.category_id).one(conn).await? else { return Ok(None) };
    let project = match offering.project_id {
        Some(id) => project::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let parent = match offering.parent_id {
        Some(id) => offering::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let own = parent.as_ref().map_or(id, |parent| parent.id);
    let components = of_offering!(conn, component, own, Kind);
    let partitions = of_offering!(conn, offering_partition, id, PartitionName);
    let group_ids = offering_group::Entity::find().filter(offering_group::Column::OfferingId.eq(id)).all(conn).await?;
    Ok(Some(OfferingDetails {
        endpoints: of_offering!(conn, offering_endpoint, id, Name),
        catalogs: catalogs(conn, id, &partitions).await?,
        roles: of_offering!(conn, offering_role, id, Name),
        plans: plans(conn, own, &components).await?,
        screenshots: of_offering!(conn, offering_screenshot, id, Created),
        files: of_offering!(conn, offering_file, id, Created),
        quotas: of_offering!(conn, offering_quota, id, Name),
        groups: groups(conn, group_ids.into_iter().map(|g| g.group_id).collect()).await?,
        campaigns: campaigns(conn, id, today).await?,
        order_count: order::Entity::find().filter(order::Column::OfferingId.eq(id)).count(conn).await?,
        offering,
        provider,
        project,
        category,
        parent,
        partitions,
        components,
    }))
}

async fn catalogs(
    conn: &impl ConnectionTrait,
    id: OfferingId,
    partitions: &[offering_partition::Model],
) -> Result<Vec<CatalogDetails>, StoreError> {
    let links = of_offering!(conn, offering_catalog, id, Id);
    let ids = links.iter().map(|link| link.catalog_id);
    let catalogs = software_catalog::Entity::find().filter(software_catalog::Column::Id.is_in(ids)).all(conn).await?;
    let with_catalog = |link: offering_catalog::Model| {
        let catalog = catalogs.iter().find(|c| c.id == link.catalog_id)?.clone();
        let partition = partitions.iter().find(|p| Some(p.id) == link.partition_id).cloned();
        Some(CatalogDetails { link, catalog, partition })
    };
    Ok(links.into_iter().filter_map(with_catalog).collect())
}

async fn plans(
    conn: &impl ConnectionTrait,
    offering: OfferingId,
    components: &[component::Model],
) -> Result<Vec<PlanDetails>, StoreError> {
    let plans = plan::Entity::find()
        .filter(plan::Column::OfferingId.eq(offering))
        .order_by_asc(plan::Column::Created)
        .order_by_asc(plan::Column::Id)
        .all(conn)
        .await?;
    let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
    let prices =
        plan_component::Entity::find().filter(plan_component::Column::PlanId.is_in(ids.clone())).all(conn).await?;
    let links = plan_group::Entity::find().filter(plan_group::Column::PlanId.is_in(ids)).all(conn).await?;
    let groups = groups(conn, links.iter().map(|link| link.group_id).collect()).await?;
    let mut all = Vec::with_capacity(plans.len());
    for plan in plans {
        let with_plan = || resource::Entity::find().filter(resource::Column::PlanId.eq(plan.id));
        let priced = |component: &component::Model| {
            let price = prices.iter().find(|p| p.plan_id == plan.id && p.component_id == component.id)?;
            Some((price.clone(), component.clone()))
        };
        all.push(PlanDetails {
            groups: groups
                .iter()
                .filter(|g| links.iter().any(|l| l.plan_id == plan.id && l.group_id == g.group.id))
                .cloned()
                .collect(),
            components: components.iter().filter_map(priced).collect(),
            resources: with_plan().count(conn).await?,
            live_resources: with_plan()
                .filter(resource::Column::State.ne(ResourceState::Terminated))
                .count(conn)
                .await?,
            plan,
        });
    }
    Ok(all)
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
    id: OfferingId,
    today: NaiveDate,
) -> Result<Vec<campaign::Model>, StoreError> {
    let links =
        campaign_offering::Entity::find().filter(campaign_offering::Column::OfferingId.eq(id)).all(conn).await?;
    let query = campaign::Entity::find()
        .filter(campaign::Column::Id.is_in(links.iter().map(|link| link.campaign_id)))
        .filter(campaign::Column::StartDate.lte(today))
        .filter(campaign::Column::EndDate.gte(today))
        .order_by_asc(campaign::Column::Name);
    Ok(query.all(conn).await?)
}
