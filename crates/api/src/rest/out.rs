//! Puts an answer's object together, only with the fields that were asked for (spec 11.3).

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::model::{Field, Kind, Model};
use crate::{
    link::{self, Link, Place, To},
    origin::Origin,
    query::Query,
};

/// Which fields of a model a caller asks for: all when none of the known ones is named.
pub(crate) struct Wanted {
    model: &'static Model,
    names: Vec<&'static str>,
}

impl Wanted {
    /// What `?field=` says.
    pub fn of(query: &Query, model: &'static Model) -> Self {
        let find = |name: &str| model.shown().find(|known| *known == name);
        Self { model, names: query.all("field").filter_map(find).collect() }
    }

    /// Everything.
    pub const fn all(model: &'static Model) -> Self {
        Self { model, names: Vec::new() }
    }

    /// The names that were asked for; none is all.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Whether the field is asked for.
    pub fn has(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.contains(&name)
    }
}

/// An object in the making.
pub(crate) struct Out<'a> {
    wanted: &'a Wanted,
    origin: &'a Origin,
    map: Map<String, Value>,
}

impl<'a> Out<'a> {
    /// An empty object.
    pub fn new(wanted: &'a Wanted, origin: &'a Origin) -> Self {
        Self { wanted, origin, map: Map::new() }
    }

    /// Takes over every column of a row that the model has a field for.
    pub fn row(&mut self, row: &impl Serialize) -> &mut Self {
        let Ok(Value::Object(columns)) = serde_json::to_value(row) else { return self };
        for field in self.wanted.model.fields.iter().filter(|field| field.shown && self.wanted.has(field.name)) {
            if let Some(value) = columns.get(field.column) {
                self.insert(field, shown(field.kind, value, self.origin));
            }
        }
        self
    }

    /// Takes over every entry of an object that the model has a field for.
    pub fn object(&mut self, object: &Value) -> &mut Self {
        for field in self.wanted.model.fields.iter().filter(|field| field.shown && self.wanted.has(field.name)) {
            if let Some(value) = object.get(field.name) {
                self.insert(field, value.clone());
            }
        }
        self
    }

    /// Null only where the contract has it: elsewhere clients crash on it, and take a field that is missing for unset
    /// (clients 2.4, 2.5).
    fn insert(&mut self, field: &Field, value: Value) {
        if field.nullable || !value.is_null() {
            self.map.insert(field.name.to_owned(), value);
        }
    }

    /// A value that no column holds.
    pub fn put(&mut self, name: &'static str, value: impl Serialize) -> &mut Self {
        self.with(name, || value)
    }

    /// A value that is only worked out when it is asked for.
    pub fn with<T: Serialize>(&mut self, name: &'static str, value: impl FnOnce() -> T) -> &mut Self {
        let field = self.wanted.model.fields.iter().find(|field| field.shown && field.name == name);
        debug_assert!(field.is_some(), "{} has no field {name}", self.wanted.model.name);
        if let Some(field) = field.filter(|field| self.wanted.has(field.name)) {
            // Plain values and strings cannot fail to become JSON.
            self.insert(field, serde_json::to_value(value()).unwrap_or_default());
        }
        self
    }

    /// The URL of an object.
    pub fn link(&mut self, name: &'static str, to: Option<To>) -> &mut Self {
        let origin = self.origin;
        self.with(name, || to.map(|to| Link(origin, to).to_string()))
    }

    /// Whether a field that is asked for has no value.
    pub fn lacks(&self, name: &str) -> bool {
        self.wanted.has(name) && !self.map.contains_key(name)
    }

    /// Where the caller reaches this service.
    pub const fn origin(&self) -> &'a Origin {
        self.origin
    }

    /// The object.
    pub fn done(self) -> Value {
        Value::Object(self.map)
    }
}

/// A stored value as it leaves.
fn shown(kind: Kind, value: &Value, origin: &Origin) -> Value {
    let id = || value.as_str().and_then(|text| Uuid::try_parse(text).ok());
    match kind {
        Kind::Uuid => id().map_or(Value::Null, |id| Value::String(id.simple().to_string())),
        Kind::File => id().map_or(Value::Null, |id| Value::String(Link(origin, To::Media(id.into())).to_string())),
        Kind::Link(places) => match (id(), places.first()) {
            (Some(id), Some(place)) => Value::String(address(origin, place, id)),
            _ => Value::Null,
        },
        Kind::Time => time(value),
        _ => value.clone(),
    }
}

/// Moments come with or without a zone's letter, depending on who wrote them into the row's JSON.
fn time(value: &Value) -> Value {
    let parsed = value.as_str().and_then(crate::query::moment::parse);
    parsed.map_or(Value::Null, |time| Value::String(mercat_domain::time::format(time)))
}

fn address(origin: &Origin, place: link::Place, id: Uuid) -> String {
    let id = id.simple().to_string();
    let path: Vec<&str> = place.iter().map(|part| if *part == "*" { id.as_str() } else { part }).collect();
    format!("{origin}/api/{}/", path.join("/"))
}

/// The URL of an object on a place.
pub(crate) fn url(origin: &Origin, place: Place, id: impl Into<Uuid>) -> String {
    address(origin, place, id.into())
}

/// What there is to say of costs: nobody is billed here.
pub(crate) fn no_estimate() -> Value {
    let zero = mercat_domain::money::Money::ZERO;
    serde_json::json!({ "total": zero, "current": zero, "tax": zero, "tax_current": zero })
}
