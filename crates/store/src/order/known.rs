//! What filters say about each other: groups of which no order is in two, and what a group knows already.

use mercat_domain::{order::OrderState, permission::GrantedScopes};

use super::filter::OrderFilter;

/// More groups cost more than what they save.
const MOST: usize = 32;

/// Groups of filters that leave the same orders together, none of them in two groups; `None` if they are too many.
pub(super) fn groups(filters: &[OrderFilter]) -> Option<Vec<Vec<OrderFilter>>> {
    let (mut open, mut groups) = (vec![simple(filters)], Vec::new());
    while let Some(group) = open.pop() {
        let either = take(&group, |filter| match filter {
            OrderFilter::Either(groups) if differ_in_state(groups) => Some(groups),
            _ => None,
        });
        match either {
            Some((parts, rest)) => {
                open.extend(parts.iter().map(|part| simple(&[rest.as_slice(), part.as_slice()].concat())));
            }
            None => groups.push(group),
        }
        if open.len() + groups.len() > MOST {
            return None;
        }
    }
    Some(groups)
}

/// The same said shorter: nothing twice, one list of states at most, and nothing that follows from something else.
pub(super) fn simple(filters: &[OrderFilter]) -> Vec<OrderFilter> {
    let mut states: Option<Vec<OrderState>> = None;
    let mut others: Vec<OrderFilter> = Vec::new();
    for filter in filters {
        match only_states(filter) {
            Some(some) => states.get_or_insert_with(|| OrderState::ALL.to_vec()).retain(|state| some.contains(state)),
            None if others.contains(filter) => {}
            None => others.push(filter.clone()),
        }
    }
    let others = without_implied(&others);
    states.map(OrderFilter::State).into_iter().chain(others).collect()
}

/// The states that a filter is about, if it is about nothing else.
pub(super) fn only_states(filter: &OrderFilter) -> Option<Vec<OrderState>> {
    let all = OrderState::ALL.iter().copied();
    match filter {
        OrderFilter::State(states) => Some(states.clone()),
        OrderFilter::Not(filters) => match filters.as_slice() {
            [OrderFilter::State(states)] => Some(all.filter(|state| !states.contains(state)).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// The filters without the sight that another one of them is within anyway.
fn without_implied(filters: &[OrderFilter]) -> Vec<OrderFilter> {
    let narrower = |wide: &GrantedScopes| {
        filters.iter().any(|filter| match filter {
            OrderFilter::ConsumedWithin(scopes) => {
                contains(&wide.customers, &scopes.customers) && contains(&wide.projects, &scopes.projects)
            }
            OrderFilter::ProvidedWithin(scopes) => contains(&wide.customers, &scopes.customers),
            _ => false,
        })
    };
    let is_implied = |filter: &&OrderFilter| matches!(filter, OrderFilter::Within(wide) if narrower(wide));
    filters.iter().filter(|filter| !is_implied(filter)).cloned().collect()
}

fn contains<T: PartialEq>(all: &[T], some: &[T]) -> bool {
    some.iter().all(|value| all.contains(value))
}

/// Whether a filter holds for every order of an owner, or for none; `None` where it depends on the order.
pub(super) fn holds(owner: &OrderFilter, filter: &OrderFilter) -> Option<bool> {
    use OrderFilter::{ConsumedWithin, Customer, Not, Project, ProvidedWithin, Provider, Within};
    let is_in = match (filter, owner) {
        (Not(filters), _) => {
            let [only] = filters.as_slice() else { return None };
            return holds(owner, only).map(|holds| !holds);
        }
        (ProvidedWithin(scopes), Provider(id)) => return Some(scopes.customers.contains(id)),
        (Within(scopes), Provider(id)) => scopes.customers.contains(id),
        (Within(scopes) | ConsumedWithin(scopes), Customer(id)) => scopes.customers.contains(id),
        (Within(scopes) | ConsumedWithin(scopes), Project(id)) => scopes.projects.contains(id),
        _ => false,
    };
    is_in.then_some(true)
}

/// Whether no order can be in two of the groups.
fn differ_in_state(groups: &[Vec<OrderFilter>]) -> bool {
    let mut known = Vec::new();
    groups.iter().all(|group| {
        let Some((states, _)) = take(group, |filter| match filter {
            OrderFilter::State(states) => Some(states),
            _ => None,
        }) else {
            return false;
        };
        let is_new = states.iter().all(|state| !known.contains(state));
        known.extend_from_slice(states);
        is_new
    })
}

/// The first filter that is wanted, and the others.
pub(super) fn take<'a, T>(
    filters: &'a [OrderFilter],
    wanted: impl Fn(&'a OrderFilter) -> Option<T>,
) -> Option<(T, Vec<OrderFilter>)> {
    let (place, found) = filters.iter().enumerate().find_map(|(place, filter)| Some((place, wanted(filter)?)))?;
    let others = filters.iter().enumerate().filter(|(other, _)| *other != place);
    Some((found, others.map(|(_, filter)| filter.clone()).collect()))
}
