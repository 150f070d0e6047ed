//! The filters and the order of a list, one row a parameter.

use mercat_app::EntityTrait;
use mercat_app::list::{Filter, Key, Keyed};
use mercat_domain::{
    invalid::FieldErrors,
    permission::Actor,
    time::{Timestamp, parse_date},
};
use uuid::Uuid;

use crate::{
    link::{self, Place},
    query::{Query, invalid_choice, moment},
};

/// A filter parameter.
pub(crate) struct Param<E: EntityTrait> {
    pub name: &'static str,
    pub by: By<E>,
}

/// How a parameter's value narrows a list.
pub(crate) enum By<E: EntityTrait> {
    /// The column has exactly this text.
    Equals(E::Column),
    /// The column contains this text, in any case.
    Contains(E::Column),
    /// The column has this UUID.
    Id(E::Column),
    /// The column has one of these UUIDs.
    Ids(E::Column),
    /// The column is true or false.
    Is(E::Column),
    /// The column has this moment or a later one.
    Since(E::Column),
    /// The column has one of these names; the parameter may be repeated.
    Names(&'static [&'static str], E::Column),
    /// By a text.
    Text(fn(&str) -> Filter<E>),
    /// By a UUID.
    Uuid(fn(Uuid) -> Filter<E>),
    /// By some UUIDs; the parameter may be repeated.
    Uuids(fn(Vec<Uuid>) -> Filter<E>),
    /// By some texts; the parameter may be repeated.
    Texts(fn(Vec<String>) -> Filter<E>),
    /// By the link of an object.
    Link(&'static [Place], fn(Uuid) -> Filter<E>),
    /// By true or false, and by who asks when.
    Bool(fn(bool, Asker<'_>) -> Option<Filter<E>>),
    /// By the whole query, also when the parameter is not there.
    Otherwise(fn(&Query) -> Option<Filter<E>>),
    /// The column has exactly this text, for those who see everything: nobody else may probe it.
    Hidden(E::Column),
    /// By a whole number.
    Number(fn(i64) -> Filter<E>),
    /// By a day.
    Date(fn(chrono::NaiveDate) -> Filter<E>),
}

/// Who asks, and when.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub actor: &'a Actor,
    pub now: Timestamp,
}

/// A parameter and what it does.
pub(crate) const fn param<E: EntityTrait>(name: &'static str, by: By<E>) -> Param<E> {
    Param { name, by }
}

/// The longest text that is looked for, in characters, and the most values of one parameter.
const MAX_TEXT: usize = 1000;
const MAX_VALUES: usize = 500;

/// The filters of a query; what is wrong with any of them is told together.
///
/// # Errors
/// By parameter.
pub(crate) fn filters<E: Keyed>(
    params: &[Param<E>],
    query: &Query,
    asker: Asker<'_>,
) -> Result<Vec<Filter<E>>, FieldErrors> {
    let mut found = Vec::new();
    let mut errors = FieldErrors::new();
    for param in params {
        match param.by.read(query, param.name, asker) {
            Ok(filter) => found.extend(filter),
            Err(message) => errors.push(param.name, message),
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

impl<E: Keyed> By<E> {
    fn read(&self, query: &Query, name: &str, asker: Asker<'_>) -> Result<Option<Filter<E>>, String> {
        let one = || query.last(name).filter(|value| !value.is_empty());
        let Some(last) = one() else { return self.empty(query, name) };
        Ok(match self {
            Self::Equals(column) => Some(Filter::equals(*column, clean(last)?)),
            Self::Hidden(column) if asker.actor.sees_all() => Some(Filter::equals(*column, clean(last)?)),
            Self::Hidden(_) => None,
            Self::Contains(column) => Some(Filter::contains(*column, &clean(last)?)),
            Self::Id(column) => Some(Filter::equals(*column, uuid(last)?)),
            Self::Ids(column) => Some(Filter::any_of(*column, uuids(query, name)?)),
            Self::Is(column) => boolean(last).map(|wanted| Filter::equals(*column, wanted)),
            Self::Since(column) => Some(Filter::from(*column, time(last)?)),
            Self::Names(known, column) => Some(Filter::any_of(*column, names(query, name, known)?)),
            Self::Text(make) => Some(make(&clean(last)?)),
            Self::Uuid(make) => Some(make(uuid(last)?)),
            Self::Uuids(make) => Some(make(uuids(query, name)?)),
            Self::Texts(make) => Some(make(texts(query, name)?)),
            Self::Link(places, make) => Some(link::resolve(last, places).map_or_else(|_| Filter::nothing(), make)),
            Self::Bool(make) => boolean(last).and_then(|wanted| make(wanted, asker)),
            Self::Otherwise(make) => make(query),
            Self::Number(make) => Some(make(last.trim().parse().map_err(|_| "Enter a number.".to_owned())?)),
            Self::Date(make) => Some(make(day(last)?)),
        })
    }

    /// An empty value counts as none, but for names: there is no such name.
    fn empty(&self, query: &Query, name: &str) -> Result<Option<Filter<E>>, String> {
        match self {
            Self::Otherwise(make) => Ok(make(query)),
            Self::Names(known, _) if query.last(name).is_some() => names(query, name, known).map(|_| None),
            _ => Ok(None),
        }
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

fn limited<T>(values: Vec<T>) -> Result<Vec<T>, String> {
    if values.len() > MAX_VALUES {
        return Err(format!("Ensure this list has at most {MAX_VALUES} values."));
    }
    Ok(values)
}

/// Repeated, or with commas between them.
fn texts(query: &Query, name: &str) -> Result<Vec<String>, String> {
    let values = query.all(name).flat_map(|value| value.split(',')).filter(|value| !value.is_empty());
    limited(values.map(clean).collect::<Result<_, _>>()?)
}

fn uuids(query: &Query, name: &str) -> Result<Vec<Uuid>, String> {
    texts(query, name)?.iter().map(|text| uuid(text)).collect()
}

fn names(query: &Query, name: &str, known: &[&'static str]) -> Result<Vec<&'static str>, String> {
    let find = |value: &str| known.iter().copied().find(|known| *known == value).ok_or_else(|| invalid_choice(value));
    query.all(name).map(find).collect()
}

fn uuid(text: &str) -> Result<Uuid, String> {
    Uuid::try_parse(text.trim()).map_err(|_| "Enter a valid UUID.".to_owned())
}

fn time(text: &str) -> Result<Timestamp, String> {
    moment::parse(text).ok_or_else(|| "Enter a valid date/time.".to_owned())
}

fn day(text: &str) -> Result<chrono::NaiveDate, String> {
    parse_date(text.trim()).ok_or_else(|| "Enter a valid date.".to_owned())
}

/// Other texts count as not given.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "1" | "2" => Some(true),
        "false" | "False" | "0" | "3" => Some(false),
        _ => None,
    }
}

/// A key of `o`.
pub(crate) struct SortKey {
    pub name: &'static str,
    pub key: fn(bool) -> Key,
}

/// The order of a list: `o`, joined by commas or repeated; `usual` when there is none.
///
/// # Errors
/// A key that is none.
pub(crate) fn sorting(known: &[SortKey], query: &Query, usual: &str) -> Result<Vec<Key>, FieldErrors> {
    let find = |wish: &str| {
        let (name, descending) = wish.strip_prefix('-').map_or((wish, false), |name| (name, true));
        known.iter().find(|known| known.name == name).map(|known| (known.key)(descending))
    };
    let wishes = query.all("o").flat_map(|value| value.split(',')).map(str::trim).filter(|wish| !wish.is_empty());
    let mut keys = Vec::new();
    for wish in wishes {
        keys.push(find(wish).ok_or_else(|| FieldErrors::single("o", invalid_choice(wish)))?);
    }
    if keys.len() > 2 * known.len() {
        return Err(FieldErrors::single("o", "Ensure this list names no key twice."));
    }
    if keys.is_empty() {
        keys.extend(find(usual));
    }
    Ok(keys)
}
