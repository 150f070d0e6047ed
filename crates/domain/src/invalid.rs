//! Why input is refused, in the three shapes that the API answers with (spec 3.2).
//!
//! Which shape: [`FieldErrors`] for everything found while validating a body, [`Invalid::Keyed`] and
//! [`Invalid::Plain`] for rules that are checked afterwards.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// The key of messages that belong to no single field.
pub const NON_FIELD: &str = "non_field_errors";

/// A refusal of input (status 400), serialised as the body of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// Validation of fields: `{"field": ["message"]}`.
    Fields(FieldErrors),
    /// A keyed rule after validation: `{"key": "message"}`, a bare string.
    Keyed {
        /// The key.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// A rule after validation: `["message"]`.
    Plain(String),
}

impl Invalid {
    /// One message about one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Fields(FieldErrors::single(field, message))
    }

    /// One message about no single field.
    pub fn non_field(message: impl Into<String>) -> Self {
        Self::Fields(FieldErrors::non_field(message))
    }

    /// A message with a key, raised after validation.
    pub fn keyed(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Keyed { key: key.into(), message: message.into() }
    }

    /// A message without a key, raised after validation.
    pub fn plain(message: impl Into<String>) -> Self {
        Self::Plain(message.into())
    }
}

impl From<FieldErrors> for Invalid {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}

impl std::error::Error for Invalid {}

/// For people and logs: every message, with the field it is about.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(errors) => errors.fmt(f),
            Self::Keyed { key, message } => write!(f, "{key}: {message}"),
            Self::Plain(message) => f.write_str(message),
        }
    }
}

impl Serialize for Invalid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fields(errors) => errors.serialize(serializer),
            Self::Keyed { key, message } => serializer.collect_map([(key, message)]),
            Self::Plain(message) => serializer.collect_seq([message]),
        }
    }
}

/// Messages by field, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, Messages)>);

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Messages {
    /// Messages about the field itself.
    List(Vec<String>),
    /// Messages about what the field contains, by key or index.
    Nested(FieldErrors),
}

impl FieldErrors {
    /// No errors yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One message about one field.
    pub fn single(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.push(field, message);
        errors
    }

    /// One message about no single field.
    pub fn non_field(message: impl Into<String>) -> Self {
        Self::single(NON_FIELD, message)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields and their messages, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Messages)> {
        self.0.iter().map(|(field, messages)| (field.as_str(), messages))
    }

    /// Adds a message to the list of a field.
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let (field, message) = (field.into(), message.into());
        match self.find(&field) {
            Some(Messages::List(list)) => list.push(message),
            Some(Messages::Nested(inner)) => inner.push(NON_FIELD, message),
            None => self.0.push((field, Messages::List(vec![message]))),
        }
    }

    /// Adds what is wrong inside a field; nothing when `errors` is empty.
    pub fn nest(&mut self, field: impl Into<String>, errors: Self) {
        if errors.is_empty() {
            return;
        }
        let field = field.into();
        match self.find(&field) {
            Some(Messages::Nested(inner)) => inner.extend(errors),
            Some(place @ Messages::List(_)) => {
                let mut inner = Self::new();
                let list = std::mem::replace(place, Messages::List(Vec::new()));
                inner.0.push((NON_FIELD.to_owned(), list));
                inner.extend(errors);
                *place = Messages::Nested(inner);
            }
            None => self.0.push((field, Messages::Nested(errors))),
        }
    }

    /// Adds all errors of another set.
    pub fn extend(&mut self, other: Self) {
        for (field, messages) in other.0 {
            match messages {
                Messages::List(list) => list.into_iter().for_each(|message| self.push(field.clone(), message)),
                Messages::Nested(inner) => self.nest(field, inner),
            }
        }
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// [`Invalid::Fields`] with these errors.
    pub fn into_result(self) -> Result<(), Invalid> {
        if self.is_empty() { Ok(()) } else { Err(Invalid::Fields(self)) }
    }

    fn find(&mut self, field: &str) -> Option<&mut Messages> {
        self.0.iter_mut().find(|(name, _)| name == field).map(|(_, messages)| messages)
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, messages)) in self.iter().enumerate() {
            let gap = if at == 0 { "" } else { "; " };
            match messages {
                Messages::List(list) if field == NON_FIELD => write!(f, "{gap}{}", list.join(" "))?,
                Messages::List(list) => write!(f, "{gap}{field}: {}", list.join(" "))?,
                Messages::Nested(inner) => write!(f, "{gap}{field}: {inner}")?,
            }
        }
        Ok(())
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, messages) in self.iter() {
            map.serialize_entry(field, messages)?;
        }
        map.end()
    }
}

impl Serialize for Messages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::List(list) => list.serialize(serializer),
            Self::Nested(inner) => inner.serialize(serializer),
        }
    }
}
