//! Parts that several letters have.

use chrono::DateTime;

use crate::clean;

/// Longer names are cut.
const LONGEST_NAME: usize = 120;
/// Names in subjects share little room.
const LONGEST_SHORT: usize = 60;

/// A line of a table.
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

impl Fact {
    /// The label with its colon, as wide as the others.
    pub(crate) fn padded(&self) -> String {
        format!("{:<14}", format!("{}:", self.label))
    }
}

/// The table without the lines that would be empty.
pub(crate) fn facts(pairs: &[(&str, Option<&str>)]) -> Vec<Fact> {
    let facts = pairs.iter().filter_map(|(label, value)| {
        let value = name((*value)?);
        (!value.is_empty()).then(|| Fact { label: clean::line(label, LONGEST_SHORT), value })
    });
    facts.collect()
}

/// A name in a text.
pub(crate) fn name(text: &str) -> String {
    clean::line(text, LONGEST_NAME)
}

/// A name in a subject.
pub(crate) fn short(text: &str) -> String {
    clean::line(text, LONGEST_SHORT)
}

/// `Hello Ada Lovelace,`
pub(crate) fn greeting(to_name: &str) -> String {
    match name(to_name) {
        name if name.is_empty() => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    }
}

/// A stored moment for people; what is no moment stays as it is.
pub(crate) fn moment(rfc3339: &str) -> String {
    DateTime::parse_from_rfc3339(rfc3339)
        .map_or_else(|_| name(rfc3339), |time| time.to_utc().format("%-d %B %Y, %H:%M UTC").to_string())
}
