//! Orders as callers may see them.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use mercat_domain::{
    id::{CustomerId, OrderId, OrganizationGroupId},
    money::Money,
    offering::cost,
    order::{OrderType, can_terminate, order_subtype},
    permission::{Actor, Permission},
};
use mercat_store::{
    DatabaseTransaction, Reads, counts,
    entity::component,
    facts,
    offering::{self, OfferingDetails},
    order::{self as orders, Details, OrderFilter, OrderRow, Sort, Stretch},
    people,
    reference::Kept,
    texts,
};

use super::load::Target;
use crate::{App, AppError, Tx};

/// An order and what is worked out about it (spec 8, 12).
#[derive(Debug, Clone)]
pub struct OrderView {
    /// The order with what is shown with it.
    pub row: OrderRow,
    /// What the present limits would have cost before the change; zero unless limits change.
    pub old_cost_estimate: Money,
    /// The lump that a Create order brings each period.
    pub fixed_price: Money,
    /// What the order costs once.
    pub activation_price: Money,
    /// What kind of Update it is.
    pub subtype: Option<&'static str>,
    /// Whether orders of this type of offering can be cancelled in this state.
    pub can_terminate: bool,
}

/// An offering as an order's viewer sees it.
#[derive(Debug, Clone)]
pub struct OfferingView {
    /// The offering; plans that the viewer may not see are left out.
    pub details: OfferingDetails,
    /// Whether the viewer has accepted the terms of service.
    pub has_consent: bool,
    /// Whether the viewer may change, and so see, what the offering's backend is signed in to with.
    pub sees_secrets: bool,
}

/// How many orders the caller sees under these filters.
///
/// # Errors
/// The database failed.
pub async fn count(app: &App, actor: &Actor, filters: &[OrderFilter]) -> Result<u64, AppError> {
    Ok(orders::count(app.db.read(), &seen_by(actor, filters)).await?)
}

/// The same, counted up to `most`: what that costs has an end.
///
/// # Errors
/// The database failed.
pub async fn count_up_to(app: &App, actor: &Actor, filters: &[OrderFilter], most: u64) -> Result<u64, AppError> {
    Ok(orders::count_up_to(app.db.read(), &seen_by(actor, filters), most).await?)
}

/// A stretch of the orders that the caller sees.
///
/// # Errors
/// The database failed.
pub async fn list(app: &App, actor: &Actor, stretch: Stretch<'_>) -> Result<Vec<OrderView>, AppError> {
    let filters = &seen_by(actor, stretch.filters);
    Ok(views(orders::list(&app.db, actor.id, Stretch { filters, ..stretch }).await?))
}

/// The same, and how many orders the caller sees in all.
///
/// # Errors
/// The database failed.
pub async fn page(app: &App, actor: &Actor, stretch: Stretch<'_>) -> Result<(Vec<OrderView>, u64), AppError> {
    let filters = &seen_by(actor, stretch.filters);
    let page = orders::page(&app.db, actor.id, Stretch { filters, ..stretch }).await?;
    Ok((views(page.rows), page.total))
}

/// The first orders of several lists that stand on one page, read together.
///
/// # Errors
/// The database failed.
pub async fn first_of_each<const N: usize>(
    app: &App,
    actor: &Actor,
    lists: [&[OrderFilter]; N],
    sorting: &[Sort],
    limit: u64,
) -> Result<[Vec<OrderView>; N], AppError> {
    let conn = app.db.read();
    let page = async |filters| orders::ids(conn, Stretch::new(&seen_by(actor, filters), sorting, 0, limit)).await;
    let pages = try_join_all(lists.into_iter().map(page)).await?;
    let mut ids = pages.concat();
    ids.sort_unstable();
    ids.dedup();
    let views: HashMap<OrderId, OrderView> =
        order_views(&app.db.kept(), &ids).await?.into_iter().map(|view| (view.row.id, view)).collect();
    let mut pages = pages.into_iter();
    Ok(std::array::from_fn(|_| {
        let page = pages.next().unwrap_or_default();
        page.iter().filter_map(|id| views.get(id).cloned()).collect()
    }))
}

/// One order that the caller sees.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn retrieve(app: &App, actor: &Actor, target: &Target) -> Result<OrderView, AppError> {
    retrieve_only(app, actor, target, Details::ALL).await
}

/// The same, with some of its columns.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn retrieve_only(app: &App, actor: &Actor, target: &Target, details: Details) -> Result<OrderView, AppError> {
    let filters = target.only();
    let stretch = Stretch { details, ..Stretch::new(&filters, &[], 0, 1) };
    list(app, actor, stretch).await?.pop().ok_or(AppError::NotFound)
}

/// Whether the caller made an order, which not everybody who may order may see afterwards (spec 5).
///
/// # Errors
/// The database failed.
pub async fn is_own(app: &App, actor: &Actor, id: OrderId) -> Result<bool, AppError> {
    let own = [OrderFilter::Id(id), OrderFilter::CreatedBy(actor.id)];
    Ok(orders::count(app.db.read(), &own).await? > 0)
}

impl Tx {
    /// An order as it is within this change, whoever may see it: for the answer to whoever made it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or the database failed.
    pub async fn order(&self, id: OrderId) -> Result<OrderView, AppError> {
        Ok(view(self.order_row(id).await?))
    }

    /// The same without what is worked out about it.
    pub(crate) async fn order_row(&self, id: OrderId) -> Result<OrderRow, AppError> {
        let conn: &DatabaseTransaction = &self.db;
        let kept = Kept { conn, references: self.app.db.references() };
        orders::rows(&kept, &[id]).await?.pop().ok_or(AppError::NotFound)
    }
}

/// These orders, whoever may see them, for those who show them inside something that may be seen.
pub(crate) async fn order_views<C: Reads>(kept: &Kept<'_, C>, ids: &[OrderId]) -> Result<Vec<OrderView>, AppError> {
    Ok(views(orders::rows(kept, ids).await?))
}

fn views(rows: Vec<OrderRow>) -> Vec<OrderView> {
    rows.into_iter().map(view).collect()
}

/// The filters and, unless the caller sees everything, the caller's own scopes (spec 5).
pub(crate) fn seen_by(actor: &Actor, filters: &[OrderFilter]) -> Vec<OrderFilter> {
    let mut all = filters.to_vec();
    if !actor.sees_all() {
        all.push(OrderFilter::Within(actor.scopes_with(Permission::OrderList)));
    }
    all
}

fn view(row: OrderRow) -> OrderView {
    let plan = row.plan.as_deref().map(|plan| &plan.prices);
    let old_plan = row.old_plan.as_deref().map(|plan| &plan.prices).or(plan);
    let old_limits = row.attributes.get("old_limits").map(facts::limits_from_json);
    let old = old_limits.zip(old_plan).and_then(|(limits, plan)| cost::estimate(plan, &limits));
    let fixed = plan.filter(|_| row.order_type == OrderType::Create).and_then(cost::fixed_price);
    let activation = plan.and_then(|plan| cost::activation_price(row.order_type, plan));
    OrderView {
        old_cost_estimate: old.unwrap_or(Money::ZERO),
        fixed_price: fixed.unwrap_or(Money::ZERO),
        activation_price: activation.unwrap_or(Money::ZERO),
        subtype: order_subtype(row.order_type, &row.attributes),
        can_terminate: can_terminate(&row.offering.offering_type, row.state),
        row,
    }
}

/// The offering of an order that the caller sees; the offering itself may be hidden or archived (spec 10.17).
/// `for_customer` narrows the plans to those open to that organisation.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn offering_of(
    app: &App,
    actor: &Actor,
    target: &Target,
    for_customer: Option<CustomerId>,
) -> Result<OfferingView, AppError> {
    let filters = seen_by(actor, &target.only());
    let details = orders::offering(&app.db, actor.id, &filters, app.now().date_naive()).await?;
    let mut details = details.ok_or(AppError::NotFound)?;
    let is_narrowed = details.plans.iter().any(|plan| !plan.groups.is_empty());
    if is_narrowed && (!actor.sees_all() || for_customer.is_some()) {
        let groups = groups(app, actor, for_customer).await?;
        details.plans.retain(|plan| plan.is_open_to(&groups));
    }
    let (_, has_consent) = facts::terms(app.db.read(), details.offering.id, actor.id).await?;
    Ok(OfferingView { details, has_consent, sees_secrets: false })
}

/// The components of the offering of an order that was read for whoever sees them.
///
/// # Errors
/// The database failed.
pub async fn components_of(app: &App, order: &OrderView) -> Result<Vec<component::Model>, AppError> {
    let owner = order.row.offering.parent_id.unwrap_or(order.row.offering_id);
    Ok(offering::components_of(app.db.read(), &[owner]).await?.remove(&owner).unwrap_or_default())
}

/// Groups of the caller's organisations, or of the one that is asked for if it is the caller's.
async fn groups(
    app: &App,
    actor: &Actor,
    for_customer: Option<CustomerId>,
) -> Result<Vec<OrganizationGroupId>, AppError> {
    let conn = app.db.read();
    let scopes = actor.scopes();
    let mut customers = scopes.customers;
    customers.extend(facts::customers_of(conn, &scopes.projects).await?);
    if let Some(wanted) = for_customer {
        customers =
            if actor.sees_all() { vec![wanted] } else { customers.into_iter().filter(|c| *c == wanted).collect() };
    }
    Ok(people::groups_of(conn, &customers).await?)
}

/// Walks the whole event log; returns the number of events.
///
/// # Errors
/// A number is missing or a hash is wrong, or the database failed.
pub async fn verify_log(app: &App) -> Result<u64, AppError> {
    Ok(mercat_store::event::verify(app.db.read()).await?)
}

/// How many of the counts behind lists are wrong, and how many orders are not found by what they are called; reads every
/// order and resource.
///
/// # Errors
/// The database failed.
pub async fn wrong_indexes(app: &App) -> Result<u64, AppError> {
    let conn = app.db.read();
    Ok(counts::wrong(conn).await? + texts::wrong(conn).await?)
}

/// Counts orders and resources anew, and writes down what orders are found by.
///
/// # Errors
/// The database failed.
pub async fn reindex(app: &App) -> Result<(), AppError> {
    let tx = app.db.write().await?;
    counts::rebuild(&tx).await?;
    texts::rebuild(&tx).await?;
    Ok(tx.commit().await.map_err(mercat_store::StoreError::from)?)
}
