//! Lists of things as tables: searched by a word and a choice, page by page, with buttons in their rows.

mod serve;

use mercat_app::{
    AppError, Tx,
    collection::{self, Collection},
    list::{Filter, Key, Keyed},
};
use uuid::Uuid;

use crate::{board::no_button, form::Form, session::Viewer, site::Site, text};

pub(crate) use serve::routes;

/// So many rows stand on a page.
const SIZE: u64 = 50;
/// Pages behind this one are not shown: a word helps better.
const LAST_PAGE: u64 = 200;

/// What stands in a cell.
#[derive(Default)]
pub(crate) struct Cell {
    pub text: String,
    /// Where it leads.
    pub link: String,
    /// A second, quieter text.
    pub note: String,
    /// The same as machines read it, where it is a time.
    pub iso: String,
    pub is_number: bool,
    /// A button that does something with the row: its label.
    pub button: Option<Button>,
}

/// A button of a row; it sends `do` and `id` to the address of the table.
pub(crate) struct Button {
    pub does: &'static str,
    pub id: String,
    pub label: &'static str,
    /// What it is about, for those who do not see the row.
    pub about: String,
}

/// Whether there are numbers below a head: they stand on the right, and so does it.
pub(crate) fn is_number(rows: &[Vec<Cell>], column: &usize) -> bool {
    rows.first().and_then(|row| row.get(*column)).is_some_and(|cell| cell.is_number)
}

impl Cell {
    /// A name that somebody chose.
    pub fn text(text: &str) -> Self {
        Self { text: text::name(text), ..Self::default() }
    }

    pub fn link(text: &str, link: String) -> Self {
        let name = text::name(text);
        Self { text: if name.is_empty() { "without a name".to_owned() } else { name }, link, ..Self::default() }
    }

    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_number: true, ..Self::default() }
    }

    pub fn moment(text: String, iso: String) -> Self {
        Self { text, iso, ..Self::default() }
    }

    pub fn button(button: Option<Button>) -> Self {
        Self { button, ..Self::default() }
    }

    /// With a quieter text behind it.
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// What the rows can be narrowed to.
pub(crate) struct Choice {
    pub name: &'static str,
    pub label: &'static str,
    pub values: Vec<String>,
}

/// A table before it has rows.
#[derive(Default)]
pub(crate) struct Table {
    pub title: &'static str,
    /// What stands there when there is nothing.
    pub none: &'static str,
    pub heads: &'static [&'static str],
    pub choice: Option<Choice>,
    /// Whether there is nothing to search for.
    pub is_plain: bool,
    /// Other pages of the same kind: path, title.
    pub tabs: &'static [(&'static str, &'static str)],
    /// A page on which a new row is made: path, words.
    pub new: Option<(&'static str, &'static str)>,
}

/// What the address asks for.
pub(crate) struct Asked {
    pub query: String,
    /// What is chosen, by its name in the address.
    pub chosen: String,
    page: u64,
}

impl Asked {
    fn of(form: &Form<'_>, choice: Option<&Choice>) -> Self {
        Self {
            query: text::name(form.text("q")),
            chosen: choice.map(|choice| text::name(form.text(choice.name))).unwrap_or_default(),
            page: form.text("page").parse().unwrap_or(1).clamp(1, LAST_PAGE),
        }
    }

    /// What is searched for; nothing when it is nothing.
    pub fn filter<E: Keyed>(&self, filter: impl FnOnce(&str) -> Filter<E>) -> Vec<Filter<E>> {
        if self.query.is_empty() { Vec::new() } else { vec![filter(&self.query)] }
    }

    /// How many rows come before, and how many are wanted.
    pub const fn window(&self) -> (u64, u64) {
        ((self.page - 1) * SIZE, SIZE)
    }
}

/// The rows of a page, and how many there are in all.
pub(crate) struct Found {
    pub rows: Vec<Vec<Cell>>,
    pub count: u64,
}

impl Found {
    /// A page of a collection.
    pub async fn of<C: Collection>(
        site: &Site,
        viewer: &Viewer,
        asked: &Asked,
        filters: &[Filter<C::Entity>],
        keys: &[Key],
        cells: impl Fn(&C::View) -> Vec<Cell>,
    ) -> Result<Self, AppError> {
        let (app, actor) = (&site.app, &viewer.actor);
        let rows = collection::list::<C>(app, actor, filters, keys, asked.window()).await?;
        let count = collection::count::<C>(app, actor, filters).await?;
        Ok(Self { rows: rows.iter().map(cells).collect(), count })
    }
}

/// What a table can be of.
pub(crate) trait Listing: Send + Sync + 'static {
    /// Where it is.
    const PLACE: &'static str;

    /// The table.
    fn table() -> Table;

    /// What its reader sees of it.
    fn found(site: &Site, viewer: &Viewer, asked: &Asked) -> impl Future<Output = Result<Found, AppError>> + Send;

    /// Does what a button of a row says.
    fn act(_: &mut Tx, _: &str, _: Uuid) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Err(no_button()) }
    }
}
