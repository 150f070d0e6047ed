//! The filters of the order list, one row a parameter (spec 11.1).

use mercat_app::orders::OrderFilter;
use mercat_domain::{
    invalid::FieldErrors,
    order::OrderState,
    permission::{Actor, Permission},
};

use super::{Query, invalid_choice, moment};
use crate::link::{self, Place};

/// What a parameter's values are.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// One UUID.
    Uuid(fn(uuid::Uuid) -> OrderFilter),
    /// One date-time.
    Moment(fn(mercat_domain::time::Timestamp) -> OrderFilter),
    /// One text.
    Text(fn(String) -> OrderFilter),
    /// One text with commas between values.
    List(fn(Vec<String>) -> OrderFilter),
    /// Repeated texts; an empty one counts.
    Repeated(fn(Vec<String>) -> OrderFilter),
    /// Repeated names of an enumeration; an empty one is wrong.
    Names(&'static [&'static str], fn(&[&str]) -> OrderFilter),
    /// The link of an object on one of some routes.
    Link(&'static [Place], fn(uuid::Uuid) -> OrderFilter),
    /// Orders that wait for an approval that the caller may or may not give.
    Approvable(OrderState, fn(mercat_domain::permission::GrantedScopes) -> OrderFilter),
}

/// A filter parameter.
pub(super) struct Filter {
    pub name: &'static str,
    pub kind: Kind,
    pub description: &'static str,
}

const fn filter(name: &'static str, kind: Kind, description: &'static str) -> Filter {
    Filter { name, kind, description }
}

/// Every filter, by name.
#[rustfmt::skip]
pub(super) const FILTERS: &[Filter] = &[
    filter("can_approve_as_consumer", Kind::Approvable(OrderState::PendingConsumer, OrderFilter::ConsumedWithin), "Orders that wait for the consumer's side; with `true` only those that the caller may approve there."),
    filter("can_approve_as_provider", Kind::Approvable(OrderState::PendingProvider, OrderFilter::ProvidedWithin), "Orders that wait for the provider's side; with `true` only those that the caller may approve there."),
    filter("category_uuid", Kind::Uuid(|id| OrderFilter::Category(id.into())), "Category UUID"),
    filter("created", Kind::Moment(OrderFilter::CreatedFrom), "Created after"),
    filter("created_before", Kind::Moment(OrderFilter::CreatedTo), "Created before"),
    filter("customer_uuid", Kind::Uuid(|id| OrderFilter::Customer(id.into())), "Customer UUID"),
    filter("modified", Kind::Moment(OrderFilter::ModifiedFrom), "Modified after"),
    filter("modified_before", Kind::Moment(OrderFilter::ModifiedTo), "Modified before"),
    filter("offering", Kind::Link(link::OFFERINGS, |id| OrderFilter::Offering(id.into())), "Offering URL"),
    filter("offering_slug", Kind::List(OrderFilter::OfferingSlug), "Slugs of offerings, joined by commas."),
    filter("offering_type", Kind::Repeated(OrderFilter::OfferingType), "Offering type"),
    filter("offering_uuid", Kind::Uuid(|id| OrderFilter::Offering(id.into())), "Offering UUID"),
    filter("parent_offering_uuid", Kind::Uuid(|id| OrderFilter::ParentOffering(id.into())), "The offering above the ordered one."),
    filter("project_uuid", Kind::Uuid(|id| OrderFilter::Project(id.into())), "Project UUID"),
    filter("provider_uuid", Kind::Uuid(|id| OrderFilter::Provider(id.into())), "Provider UUID"),
    filter("query", Kind::Text(OrderFilter::Text), "A uuid, or a part of the slug, of the project's or of the resource's name."),
    filter("resource", Kind::Link(link::RESOURCES, |id| OrderFilter::Resource(id.into())), "Resource URL"),
    filter("resource_name", Kind::Text(OrderFilter::ResourceName), "Resource name"),
    filter("resource_uuid", Kind::Uuid(|id| OrderFilter::Resource(id.into())), "Resource UUID"),
    filter("service_manager_uuid", Kind::Uuid(|id| OrderFilter::ServiceManager(id.into())), "A user: orders of shared offerings on which the user holds a role."),
    filter("state", Kind::Names(STATES, |names| OrderFilter::State(parsed(names))), "Order state"),
    filter("type", Kind::Names(TYPES, |names| OrderFilter::Type(parsed(names))), "Order type"),
];

/// The states in the order of the schema.
pub(super) const STATES: &[&str] = &[
    "canceled",
    "done",
    "erred",
    "executing",
    "pending-consumer",
    "pending-project",
    "pending-provider",
    "pending-start-date",
    "rejected",
];

/// The types in the order of the schema.
pub(super) const TYPES: &[&str] = &["Create", "Restore", "Terminate", "Update"];

fn parsed<T: std::str::FromStr>(names: &[&str]) -> Vec<T> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// The filters of a query; what is wrong with any of them is told together.
///
/// # Errors
/// By parameter.
pub(crate) fn filters(query: &Query, actor: &Actor) -> Result<Vec<OrderFilter>, FieldErrors> {
    let mut found = Vec::new();
    let mut errors = FieldErrors::new();
    for filter in FILTERS {
        match filter.kind.read(query, filter.name, actor) {
            Ok(filters) => found.extend(filters),
            Err(message) => errors.push(filter.name, message),
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

impl Kind {
    fn read(self, query: &Query, name: &str, actor: &Actor) -> Result<Vec<OrderFilter>, String> {
        let one = || query.last(name).filter(|value| !value.is_empty());
        let filter = match self {
            Self::Uuid(make) => one().map(|text| uuid(text).map(make)).transpose()?,
            Self::Moment(make) => one().map(|text| time(text).map(make)).transpose()?,
            Self::Text(make) => one().map(|text| clean(text).map(make)).transpose()?,
            Self::List(make) => one().map(|text| texts(text.split(','))).transpose()?.map(make),
            Self::Repeated(make) => Some(texts(query.all(name))?).filter(|values| !values.is_empty()).map(make),
            Self::Names(known, make) => {
                if let Some(wrong) = query.all(name).find(|value| !known.contains(value)) {
                    return Err(invalid_choice(wrong));
                }
                let given = |value: &&str| query.all(name).any(|given| given == *value);
                let values: Vec<&str> = known.iter().copied().filter(given).collect();
                (!values.is_empty()).then(|| make(&values))
            }
            Self::Link(places, make) => one().map(|url| link::resolve(url, places).map_or(OrderFilter::Nothing, make)),
            Self::Approvable(state, within) => return Ok(approvable(query.last(name), state, within, actor)),
        };
        Ok(filter.into_iter().collect())
    }
}

/// A text that a database can hold.
fn clean(text: &str) -> Result<String, String> {
    if text.contains('\0') {
        return Err("Null characters are not allowed.".to_owned());
    }
    if text.len() > MAX_TEXT {
        return Err(format!("Ensure this value has at most {MAX_TEXT} characters."));
    }
    Ok(text.to_owned())
}

/// More than any name has, and far below what the databases take.
const MAX_TEXT: usize = 1000;
const MAX_VALUES: usize = 500;

/// At most [`MAX_VALUES`]: each is a parameter of the statement.
fn texts<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<String>, String> {
    let values: Vec<String> = values.map(clean).collect::<Result<_, _>>()?;
    if values.len() > MAX_VALUES {
        Err(format!("Ensure this list has at most {MAX_VALUES} values."))
    } else {
        Ok(values)
    }
}

fn uuid(text: &str) -> Result<uuid::Uuid, String> {
    uuid::Uuid::try_parse(text.trim()).map_err(|_| "Enter a valid UUID.".to_owned())
}

fn time(text: &str) -> Result<mercat_domain::time::Timestamp, String> {
    moment::parse(text).ok_or_else(|| "Enter a valid date/time.".to_owned())
}

/// Both `true` and `false` narrow to the waiting state; `true` also to where the caller may approve, which for staff
/// is everywhere. Other texts count as not given.
fn approvable(
    value: Option<&str>,
    state: OrderState,
    within: fn(mercat_domain::permission::GrantedScopes) -> OrderFilter,
    actor: &Actor,
) -> Vec<OrderFilter> {
    let waiting = OrderFilter::State(vec![state]);
    match value {
        Some("true" | "True" | "2") if !actor.is_staff => {
            vec![waiting, within(actor.scopes_with(Permission::OrderApprove))]
        }
        Some("true" | "True" | "2" | "false" | "False" | "3") => vec![waiting],
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
