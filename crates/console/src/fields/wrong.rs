//! What the rules find wrong with a form, told beside its fields.

use mercat_domain::invalid::{Invalid, NON_FIELD};
use serde_json::Value;

use crate::text;

/// Messages that no field has taken yet, each with the path of what it is about: `limits.cpu`.
#[derive(Default)]
pub(crate) struct Wrong(Vec<(String, String)>);

impl Wrong {
    /// In the words of the API.
    pub fn of(invalid: &Invalid) -> Self {
        let mut all = Self::default();
        all.add("", &serde_json::to_value(invalid).unwrap_or_default());
        all
    }

    /// One message about one field.
    #[cfg(test)]
    pub fn about(field: &str, message: &str) -> Self {
        Self(vec![(field.to_owned(), message.to_owned())])
    }

    fn add(&mut self, path: &str, value: &Value) {
        let below = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        match value {
            Value::String(message) => self.0.push((path.to_owned(), text::name(message))),
            Value::Array(values) => values.iter().for_each(|value| self.add(path, value)),
            Value::Object(values) => values.iter().for_each(|(name, value)| self.add(&below(name), value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The messages about a field, and about what is in it.
    pub fn take(&mut self, path: &str) -> Vec<String> {
        let within = format!("{path}.");
        let (taken, left) =
            self.0.drain(..).partition::<Vec<_>, _>(|(about, _)| about == path || about.starts_with(&within));
        self.0 = left;
        taken.into_iter().map(|(_, message)| message).collect()
    }

    /// All messages, for whoever has no fields to tell them beside.
    pub fn texts(self) -> Vec<String> {
        self.0.into_iter().map(|(_, message)| message).collect()
    }

    /// The messages that belong to no field of the form.
    pub fn rest(self) -> Vec<String> {
        let told = |(about, message): (String, String)| {
            if about.is_empty() || about == NON_FIELD { message } else { format!("{about}: {message}") }
        };
        self.0.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use mercat_domain::invalid::FieldErrors;

    use super::*;

    #[test]
    fn messages_go_to_their_fields() {
        let mut errors = FieldErrors::single("name", "Too short.");
        errors.nest("limits", FieldErrors::single("cpu", "Too many."));
        errors.push(NON_FIELD, "Not today.");
        errors.push("slug", "Taken.");
        let mut wrong = Wrong::of(&errors.into());
        assert_eq!(wrong.take("limits.cpu"), ["Too many."]);
        assert_eq!(wrong.take("limits"), Vec::<String>::new(), "taken once");
        assert_eq!(wrong.take("name"), ["Too short."]);
        assert_eq!(wrong.rest(), ["Not today.", "slug: Taken."]);
        assert_eq!(Wrong::of(&Invalid::plain("No.")).rest(), ["No."]);
        assert_eq!(Wrong::of(&Invalid::keyed("plan", "Full.")).take("plan"), ["Full."]);
    }
}
