//! Where the orders are that filters leave: ranges of indexes, each in the order of creation, none with an order of
//! another. A list merges them and stops when its page is full, however many orders there are.

use mercat_domain::{order::OrderState, permission::GrantedScopes};
use sea_orm::{DbBackend, sea_query::Condition};

use super::{
    filter::{self, Columns, OrderFilter},
    known::{groups, holds, take},
};

/// More ranges cost more than what they save: then the database finds its own way.
const MOST: usize = 100;

/// A range of an index.
#[derive(Debug, Clone, PartialEq)]
struct Lane {
    /// What the index knows.
    range: Vec<OrderFilter>,
    /// What has to be looked up.
    checks: Vec<OrderFilter>,
}

/// A range as a condition.
pub(super) struct Range {
    pub condition: Condition,
    /// Whether its index has the order of creation too. Where it has not, a database that does not know the values would
    /// rather follow one that has, past everything that was not meant.
    pub is_in_order: bool,
}

/// The ranges that the filters leave.
pub(super) fn conditions(filters: &[OrderFilter], backend: DbBackend) -> Vec<Range> {
    let plain = Columns::of(backend);
    let whole = |condition| vec![Range { condition, is_in_order: true }];
    let lanes = match lanes(filters) {
        Some(lanes) if lanes.len() <= MOST => lanes,
        _ => return whole(filter::all(filters, plain)),
    };
    if lanes.is_empty() {
        return whole(OrderFilter::Nothing.condition(plain));
    }
    let checked = Columns { by_index: false, ..plain };
    let range = |lane: &Lane| Range {
        condition: filter::all(&lane.range, plain).add(filter::all(&lane.checks, checked)),
        is_in_order: !matches!(lane.range.first(), Some(OrderFilter::ModifiedFrom(_))),
    };
    lanes.iter().map(range).collect()
}

/// `None` where a filter leaves few orders, wherever they stand.
fn lanes(filters: &[OrderFilter]) -> Option<Vec<Lane>> {
    Some(groups(filters)?.iter().map(|group| of_group(group)).collect::<Option<Vec<_>>>()?.concat())
}

fn of_group(filters: &[OrderFilter]) -> Option<Vec<Lane>> {
    if filters.iter().any(is_narrow) {
        return None;
    }
    let (states, rest) = take(filters, |filter| match filter {
        OrderFilter::State(states) => Some(states),
        _ => None,
    })
    .map_or_else(|| (None, filters.to_vec()), |(states, rest)| (Some(unique(states)), rest));
    let begin = Lane { range: Vec::new(), checks: Vec::new() };
    let since = take(&rest, |filter| matches!(filter, OrderFilter::ModifiedFrom(_)).then(|| filter.clone()));
    let (owners, mut rest) = match since {
        Some((since, rest)) => (vec![Lane { range: vec![since], ..begin }], rest),
        None => owners(&rest).unwrap_or_else(|| (vec![begin], rest)),
    };
    let in_order: Vec<OrderFilter> = match owners.first().and_then(|owner| owner.range.first()) {
        Some(OrderFilter::ModifiedFrom(_)) => Vec::new(),
        _ => rest.extract_if(.., |filter| is_of_creation(filter)).collect(),
    };
    let mut lanes = Vec::new();
    for owner in owners {
        for state in states_of(&owner, states.as_deref()) {
            let mut lane = owner.clone();
            lane.range.extend(state.map(|state| OrderFilter::State(vec![state])));
            lane.range.extend(in_order.iter().cloned());
            lane.checks.extend(rest.iter().cloned());
            if let (None, Some(states)) = (state, &states) {
                lane.checks.push(OrderFilter::State(states.clone()));
            }
            lanes.extend(settled(lane));
        }
    }
    Some(lanes)
}

/// The range with what has to be looked up; `None` if nothing there can be meant.
fn settled(mut lane: Lane) -> Option<Lane> {
    let Some(owner) = lane.range.first() else { return Some(lane) };
    if lane.checks.iter().any(|check| holds(owner, check) == Some(false)) {
        return None;
    }
    lane.checks.retain(|check| holds(owner, check).is_none());
    Some(lane)
}

/// The states by which a range is divided: those that are asked for, where an index has them before the time.
fn states_of(owner: &Lane, asked: Option<&[OrderState]>) -> Vec<Option<OrderState>> {
    match (owner.range.first(), asked) {
        (Some(OrderFilter::Project(_)), _)
        | (None | Some(OrderFilter::Customer(_) | OrderFilter::Provider(_)), None) => {
            vec![None]
        }
        (_, Some(asked)) => asked.iter().copied().map(Some).collect(),
        (_, None) => OrderState::ALL.iter().copied().map(Some).collect(),
    }
}

/// Ranges by the narrowest owner that is asked for, and the filters that are left.
fn owners(filters: &[OrderFilter]) -> Option<(Vec<Lane>, Vec<OrderFilter>)> {
    let of = |wanted: fn(&OrderFilter) -> bool| take(filters, |filter| wanted(filter).then_some(filter));
    let single = of(|filter| matches!(filter, OrderFilter::Offering(_)))
        .or_else(|| of(|filter| matches!(filter, OrderFilter::Project(_))))
        .or_else(|| of(|filter| matches!(filter, OrderFilter::Customer(_))))
        .or_else(|| of(|filter| matches!(filter, OrderFilter::Provider(_))));
    if let Some((owner, rest)) = single {
        return Some((vec![Lane { range: vec![owner.clone()], checks: Vec::new() }], rest));
    }
    take(filters, |filter| match filter {
        OrderFilter::Within(scopes) => Some(of_scopes(scopes, true, true)),
        OrderFilter::ConsumedWithin(scopes) => Some(of_scopes(scopes, true, false)),
        OrderFilter::ProvidedWithin(scopes) => Some(of_scopes(scopes, false, true)),
        _ => None,
    })
}

/// Ranges of what is consumed, provided, or either. Whoever has the organisation has its orders there already: they are
/// left out of the ranges that follow.
fn of_scopes(scopes: &GrantedScopes, consumed: bool, provided: bool) -> Vec<Lane> {
    let customers = unique(&scopes.customers);
    let owned = GrantedScopes { customers: customers.clone(), ..GrantedScopes::default() };
    let elsewhere = |there: bool, within: fn(GrantedScopes) -> OrderFilter| {
        (there && !owned.customers.is_empty()).then(|| OrderFilter::Not(vec![within(owned.clone())]))
    };
    let not_consumed = elsewhere(consumed, OrderFilter::ConsumedWithin);
    let not_provided = elsewhere(provided, OrderFilter::ProvidedWithin);
    let lane = |range: OrderFilter, checks: &[&Option<OrderFilter>]| Lane {
        range: vec![range],
        checks: checks.iter().filter_map(|check| (*check).clone()).collect(),
    };
    let mut lanes = Vec::new();
    if consumed {
        lanes.extend(customers.iter().map(|id| lane(OrderFilter::Customer(*id), &[])));
        let checks = [&not_consumed, &not_provided];
        lanes.extend(unique(&scopes.projects).into_iter().map(|id| lane(OrderFilter::Project(id), &checks)));
    }
    if provided {
        lanes.extend(customers.iter().map(|id| lane(OrderFilter::Provider(*id), &[&not_consumed])));
    }
    lanes
}

/// Whether a filter leaves few orders, which its own index finds best.
const fn is_narrow(filter: &OrderFilter) -> bool {
    matches!(
        filter,
        OrderFilter::Id(_)
            | OrderFilter::Ids(_)
            | OrderFilter::Resource(_)
            | OrderFilter::ResourceName(_)
            | OrderFilter::Text(_)
            | OrderFilter::ProjectNamed(_)
            | OrderFilter::CustomerNamed(_)
            | OrderFilter::ProviderNamed(_)
            | OrderFilter::OfferingNamed(_)
            | OrderFilter::OfferingSlug(_)
            | OrderFilter::OfferingType(_)
            | OrderFilter::ParentOffering(_)
            | OrderFilter::Category(_)
            | OrderFilter::ServiceManager(_)
            | OrderFilter::CreatedBy(_)
            | OrderFilter::After(_)
            | OrderFilter::Nothing
    )
}

const fn is_of_creation(filter: &OrderFilter) -> bool {
    matches!(filter, OrderFilter::CreatedFrom(_) | OrderFilter::CreatedTo(_))
}

fn unique<T: Copy + Ord>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}
