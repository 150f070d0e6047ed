//! Fields of forms: what is asked, what was typed, and what is wrong with it.

pub(crate) mod options;
mod wrong;

pub(crate) use wrong::Wrong;

/// How something is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A line.
    Text,
    /// Several lines.
    Lines,
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

/// A field.
pub(crate) struct Field {
    /// Its name in the form; also its id on the page.
    pub name: String,
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
        Self {
            name: name.into(),
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

    /// The type of an input of one line. A number is a text, or browsers would drop what is none.
    pub const fn kind(&self) -> &'static str {
        match self.input {
            Input::Date => "date",
            Input::Time => "time",
            _ => "text",
        }
    }

    /// Which keys a telephone shows.
    pub const fn keys(&self) -> &'static str {
        if matches!(self.input, Input::Number) { "numeric" } else { "text" }
    }

    /// Which texts of the page describe it.
    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("hint-{}", self.name));
        let wrong = (!self.wrong.is_empty()).then(|| format!("wrong-{}", self.name));
        [hint, wrong].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
