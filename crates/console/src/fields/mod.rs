//! Fields of forms: what is asked, what was typed, and what is wrong with it.

mod columns;
pub(crate) mod options;
mod wrong;

pub(crate) use columns::{columns, filled, mark};
pub(crate) use wrong::Wrong;

/// How something is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A line.
    Text,
    /// Several lines.
    Lines,
    /// What the page itself says.
    Hidden,
    /// A value of JSON.
    Json,
    /// A password: what was typed is never shown again.
    Password,
    /// An amount of money.
    Money,
    /// A whole number.
    Number,
    /// Yes or no.
    Tick,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// One of these: value and what one reads.
    Choice(Vec<(String, String)>),
    /// Some of these.
    Choices(Vec<String>),
}

/// A line is not longer than this, in characters, unless the field says so.
const LONGEST: usize = 2000;

/// A field.
pub(crate) struct Field {
    /// Its name in the form.
    pub name: String,
    /// Before its name in its id on the page: a page may have several forms.
    pub at: String,
    /// In characters.
    pub longest: usize,
    pub label: String,
    pub input: Input,
    pub value: String,
    /// What is chosen of [`Input::Choices`].
    pub chosen: Vec<String>,
    pub hint: String,
    pub is_required: bool,
    pub wrong: Vec<String>,
}

impl Field {
    /// A field that may stay empty.
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        let longest = if matches!(input, Input::Lines | Input::Json) { 8000 } else { LONGEST };
        Self {
            name: name.into(),
            at: String::new(),
            longest,
            label: label.into(),
            input,
            value: String::new(),
            chosen: Vec::new(),
            hint: String::new(),
            is_required: false,
            wrong: Vec::new(),
        }
    }

    /// With what stands in it.
    pub fn with(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// With a bound to its length, in characters.
    pub fn longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// Its id on the page.
    pub fn id(&self) -> String {
        format!("{}{}", self.at, self.name)
    }

    /// With a word of help.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Must be filled in.
    pub fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// With what is wrong with it.
    pub fn wrong(self, wrong: Vec<String>) -> Self {
        Self { wrong, ..self }
    }

    pub fn has(&self, choice: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == choice)
    }

    /// Whether it is a box to tick: its label stands behind it.
    pub const fn is_tick(&self) -> bool {
        matches!(self.input, Input::Tick)
    }

    pub const fn is_hidden(&self) -> bool {
        matches!(self.input, Input::Hidden)
    }

    /// Whether it takes several lines.
    pub const fn is_long(&self) -> bool {
        matches!(self.input, Input::Lines | Input::Json)
    }

    /// The type of an input of one line. A number is a text, or browsers would drop what is none.
    pub const fn kind(&self) -> &'static str {
        match self.input {
            Input::Date => "date",
            Input::Time => "time",
            Input::Password => "password",
            _ => "text",
        }
    }

    /// Which keys a telephone shows.
    pub const fn keys(&self) -> &'static str {
        match self.input {
            Input::Number => "numeric",
            Input::Money => "decimal",
            _ => "text",
        }
    }

    /// Which texts of the page describe it.
    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("hint-{}", self.id()));
        let wrong = (!self.wrong.is_empty()).then(|| format!("wrong-{}", self.id()));
        [hint, wrong].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
