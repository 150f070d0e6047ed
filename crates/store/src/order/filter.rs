//! Filters of the order list, one value each; they are joined by AND (spec 11.1).

use mercat_domain::{
    id::{CategoryId, CustomerId, OfferingId, OrderId, ProjectId, ResourceId, UserId},
    money::Money,
    order::{OrderState, OrderType},
    permission::{GrantedScopes, ScopeKind},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait as _, Condition, DbBackend, EntityTrait as _, ExprTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, Func, IntoCondition as _, Query, SelectStatement, SimpleExpr, UnionType, Value},
};

use crate::{
    entity::{
        customer, offering,
        order::{Column as Order, Entity as OrderEntity},
        project, resource, user_role,
    },
    list::contains,
    texts,
};

/// One condition on orders.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderFilter {
    /// Exactly this order.
    Id(OrderId),
    /// One of these orders.
    Ids(Vec<OrderId>),
    /// In the project, consumer organisation or provider organisation of one of these scopes (spec 5).
    Within(GrantedScopes),
    /// In one of these projects or consumer organisations.
    ConsumedWithin(GrantedScopes),
    /// Provided by one of these organisations.
    ProvidedWithin(GrantedScopes),
    /// In one of these states.
    State(Vec<OrderState>),
    /// Of one of these types.
    Type(Vec<OrderType>),
    /// For this offering.
    Offering(OfferingId),
    /// For an offering with one of these slugs.
    OfferingSlug(Vec<String>),
    /// For an offering of one of these types.
    OfferingType(Vec<String>),
    /// For a child of this offering.
    ParentOffering(OfferingId),
    /// For an offering of this category.
    Category(CategoryId),
    /// In this project.
    Project(ProjectId),
    /// By this consumer organisation.
    Customer(CustomerId),
    /// From this provider organisation.
    Provider(CustomerId),
    /// About this resource.
    Resource(ResourceId),
    /// About a resource whose name contains the text, any case.
    ResourceName(String),
    /// Created at this time or later.
    CreatedFrom(Timestamp),
    /// Created at this time or earlier.
    CreatedTo(Timestamp),
    /// Modified at this time or later.
    ModifiedFrom(Timestamp),
    /// Modified at this time or earlier.
    ModifiedTo(Timestamp),
    /// For a shared offering on which this user holds a role.
    ServiceManager(UserId),
    /// Project name, resource name, `attributes.name` or slug contains the text, any case (`crate::texts`).
    Text(String),
    /// In a project whose name contains the text, any case.
    ProjectNamed(String),
    /// By a consumer organisation whose name contains the text, any case.
    CustomerNamed(String),
    /// From a provider organisation whose name contains the text, any case.
    ProviderNamed(String),
    /// For an offering whose name contains the text, any case.
    OfferingNamed(String),
    /// Made by this user.
    CreatedBy(UserId),
    /// It costs more than this.
    CostAbove(Money),
    /// It costs less than this.
    CostBelow(Money),
    /// It costs from the first amount to the second, both included.
    Cost(Money, Money),
    /// After this order, by id.
    After(OrderId),
    /// All filters of one of these groups.
    Either(Vec<Vec<OrderFilter>>),
    /// Not all of these filters.
    Not(Vec<OrderFilter>),
    /// No order at all.
    Nothing,
}

/// The columns of orders, as a condition names them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The database that it is for.
    pub backend: DbBackend,
    /// Whether SQLite may look for an index for them.
    pub by_index: bool,
}

impl Columns {
    /// All columns as they are.
    pub const fn of(backend: DbBackend) -> Self {
        Self { backend, by_index: true }
    }

    fn column(self, column: Order) -> SimpleExpr {
        // SQLite has no figures about single values, and takes any index it can; a sign in front of the name keeps it off.
        if self.by_index || self.backend != DbBackend::Sqlite {
            Expr::col(column)
        } else {
            Expr::cust(format!("+{}", sea_orm::Iden::to_string(&column)))
        }
    }
}

/// All filters as one condition.
pub(super) fn all(filters: &[OrderFilter], columns: Columns) -> Condition {
    filters.iter().fold(Condition::all(), |all, filter| all.add(filter.condition(columns)))
}

impl OrderFilter {
    pub(super) fn condition(&self, columns: Columns) -> Condition {
        let of = |column: Order| columns.column(column);
        let owned = |column: Order, owners: &[CustomerId]| any_of(columns.column(column), owners.to_vec());
        let offerings = |condition| of(Order::OfferingId).in_subquery(offerings_where(condition)).into_condition();
        match self {
            Self::Id(id) => of(Order::Id).eq(*id).into_condition(),
            Self::Ids(ids) => any_of(of(Order::Id), ids.clone()).into_condition(),
            Self::Within(scopes) => consumed(scopes, columns).add(owned(Order::ProviderId, &scopes.customers)),
            Self::ConsumedWithin(scopes) => consumed(scopes, columns),
            Self::ProvidedWithin(scopes) => owned(Order::ProviderId, &scopes.customers).into_condition(),
            Self::State(states) => any_of(of(Order::State), states.clone()).into_condition(),
            Self::Type(types) => any_of(of(Order::OrderType), types.clone()).into_condition(),
            Self::Offering(id) => of(Order::OfferingId).eq(*id).into_condition(),
            Self::OfferingSlug(slugs) => offerings(offering::Column::Slug.is_in(slugs.clone())),
            Self::OfferingType(types) => offerings(offering::Column::OfferingType.is_in(types.clone())),
            Self::ParentOffering(id) => offerings(offering::Column::ParentId.eq(*id)),
            Self::Category(id) => offerings(offering::Column::CategoryId.eq(*id)),
            Self::Project(id) => of(Order::ProjectId).eq(*id).into_condition(),
            Self::Customer(id) => of(Order::CustomerId).eq(*id).into_condition(),
            Self::Provider(id) => of(Order::ProviderId).eq(*id).into_condition(),
            Self::Resource(id) => of(Order::ResourceId).eq(*id).into_condition(),
            Self::ResourceName(text) => of(Order::ResourceId).in_subquery(resources_named(text)).into_condition(),
            Self::CreatedFrom(time) => of(Order::Created).gte(*time).into_condition(),
            Self::CreatedTo(time) => of(Order::Created).lte(*time).into_condition(),
            Self::ModifiedFrom(time) => of(Order::Modified).gte(*time).into_condition(),
            Self::ModifiedTo(time) => of(Order::Modified).lte(*time).into_condition(),
            Self::ServiceManager(user) => offerings(managed_by(*user)),
            Self::Text(text) => text_anywhere(text, columns),
            Self::ProjectNamed(text) => of(Order::ProjectId).in_subquery(projects_named(text)).into_condition(),
            Self::CustomerNamed(text) => of(Order::CustomerId).in_subquery(customers_named(text)).into_condition(),
            Self::ProviderNamed(text) => of(Order::ProviderId).in_subquery(customers_named(text)).into_condition(),
            Self::OfferingNamed(text) => offerings(contains(offering::Column::Name, text)),
            Self::CreatedBy(user) => of(Order::CreatedBy).eq(*user).into_condition(),
            Self::CostAbove(amount) => cost(columns.backend).gt(*amount).into_condition(),
            Self::CostBelow(amount) => cost(columns.backend).lt(*amount).into_condition(),
            Self::Cost(least, most) => {
                let cost = || cost(columns.backend);
                cost().gte(*least).and(cost().lte(*most)).into_condition()
            }
            Self::After(id) => of(Order::Id).gt(*id).into_condition(),
            Self::Either(groups) => groups.iter().fold(Condition::any(), |any, group| any.add(all(group, columns))),
            // What is not known, such as the cost of an order without one, is not so.
            Self::Not(filters) => {
                SimpleExpr::from(Func::coalesce([all(filters, columns).not().into(), Expr::cust("TRUE")]))
                    .into_condition()
            }
            Self::Nothing => Expr::cust("FALSE").into_condition(),
        }
    }
}

/// Whether a value is one of some. None of none: as text, which a database sees when it plans, not as parameters.
pub(super) fn any_of<V: Into<Value>>(value: SimpleExpr, of: Vec<V>) -> SimpleExpr {
    if of.is_empty() { Expr::cust("FALSE") } else { value.is_in(of) }
}

fn consumed(scopes: &GrantedScopes, columns: Columns) -> Condition {
    Condition::any()
        .add(any_of(columns.column(Order::ProjectId), scopes.projects.clone()))
        .add(any_of(columns.column(Order::CustomerId), scopes.customers.clone()))
}

fn offerings_where(condition: SimpleExpr) -> SelectStatement {
    offering::Entity::find().select_only().column(offering::Column::Id).filter(condition).into_query()
}

fn managed_by(user: UserId) -> SimpleExpr {
    let roles = user_role::Entity::find()
        .select_only()
        .column(user_role::Column::ScopeId)
        .filter(user_role::Column::UserId.eq(user))
        .filter(user_role::Column::ScopeKind.eq(ScopeKind::Offering))
        .filter(user_role::Column::IsActive.eq(true))
        .into_query();
    offering::Column::Shared.eq(true).and(offering::Column::Id.in_subquery(roles))
}

/// What an order costs, as something that sorts and compares by value: money is text on SQLite, and needs our collation.
pub(super) fn cost(backend: DbBackend) -> SimpleExpr {
    if backend == DbBackend::Sqlite { Expr::cust("cost COLLATE DECIMAL") } else { Expr::col(Order::Cost) }
}

fn projects_named(text: &str) -> SelectStatement {
    project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(contains(project::Column::Name, text))
        .into_query()
}

fn customers_named(text: &str) -> SelectStatement {
    customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(contains(customer::Column::Name, text))
        .into_query()
}

fn resources_named(text: &str) -> SelectStatement {
    resource::Entity::find()
        .select_only()
        .column(resource::Column::Id)
        .filter(contains(resource::Column::Name, text))
        .into_query()
}

/// The ids are found first, whatever the list is sorted by.
fn text_anywhere(text: &str, columns: Columns) -> Condition {
    let of_projects = Query::select()
        .column(Order::Id)
        .from(OrderEntity)
        .and_where(Order::ProjectId.in_subquery(projects_named(text)))
        .take();
    let found = texts::orders_with(text, columns.backend).union(UnionType::All, of_projects).take();
    let id = columns.column(Order::Id);
    if columns.backend == DbBackend::Postgres {
        // It would guess how many there are, and go through the orders of a list to find them.
        let all = Func::cust("ARRAY").arg(SimpleExpr::SubQuery(None, Box::new(found.into())));
        return id.eq(Func::cust("ANY").arg(all)).into_condition();
    }
    id.in_subquery(found).into_condition()
}
