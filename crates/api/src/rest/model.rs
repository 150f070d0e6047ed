//! What an object looks like in bodies and answers, as data: one table serves reading, writing and describing it.

use crate::link::Place;

/// An object of the interface.
#[derive(Debug)]
pub(crate) struct Model {
    /// Its name in the OpenAPI document.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of a [`Model`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The column that it is stored in; most are called as the field is.
    pub column: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is in answers.
    pub shown: bool,
    /// Whether bodies may have it.
    pub taken: bool,
    /// Whether new objects must have it.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether a text may be empty.
    pub blank: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A text of at most so many characters; 0 is any number.
    Text(usize),
    /// A password, taken as it is: spaces at its ends count.
    Password,
    /// The two letters of a country, or nothing.
    Country,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// An address for mail of at most so many characters.
    Email(usize),
    /// Letters, digits, hyphens and underscores.
    Slug,
    /// An address of a web server of at most so many characters.
    Url(usize),
    /// A UUID.
    Uuid,
    /// The URL of an object; in answers that of the first place.
    Link(&'static [Place]),
    /// The URL of something that no column holds.
    Uri,
    /// A moment.
    Time,
    /// A day.
    Date,
    /// True or false.
    Bool,
    /// A whole number between these.
    Int(i64, i64),
    /// A number.
    Float,
    /// A number in an answer, or null.
    MaybeFloat,
    /// A decimal of so many digits, of which so many after the point; a string in answers.
    Decimal(u32, u32),
    /// Any JSON.
    Json,
    /// Any JSON object.
    Object,
    /// An object whose values are all of this kind.
    Map(&'static Self),
    /// A list whose items are all of this kind.
    List(&'static Self),
    /// Another object.
    Of(&'static Model),
    /// An uploaded file; its URL in answers.
    File,
}

impl Model {
    /// The names of the fields in answers.
    pub fn shown(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().filter(|field| field.shown).map(|field| field.name)
    }

    /// The fields of bodies.
    pub fn taken(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.taken)
    }
}

/// A number that only the service itself writes.
pub(crate) const COUNT: Kind = Kind::Int(i64::MIN, i64::MAX);

/// The greatest whole number that upstream stores.
pub(crate) const I32_MAX: i64 = 2_147_483_647;

/// A field that is read and written and may be left out.
pub(crate) const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, column: name, kind, shown: true, taken: true, required: false, nullable: false, blank: true }
}

/// A field that is only in answers.
pub(crate) const fn answered(name: &'static str, kind: Kind) -> Field {
    Field { taken: false, ..field(name, kind) }
}

/// A field that is only in bodies.
pub(crate) const fn taken(name: &'static str, kind: Kind) -> Field {
    Field { shown: false, ..field(name, kind) }
}

impl Field {
    /// New objects must have it, and a text may not be empty.
    pub const fn required(self) -> Self {
        Self { required: true, blank: false, ..self }
    }

    /// It may be null.
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// A text may not be empty.
    pub const fn filled(self) -> Self {
        Self { blank: false, ..self }
    }

    /// It is stored in another column than the one of its name.
    pub const fn stored(self, column: &'static str) -> Self {
        Self { column, ..self }
    }
}
