//! Lists of things as tables: searched by a word and a choice, page by page.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use form_urlencoded::Serializer;

use crate::{form::Form, frame::Frame, page, session::Viewer, site::Site, text};

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

    #[expect(dead_code, reason = "the pages of operators follow")]
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
    /// Its path.
    pub place: String,
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
    /// What was done a moment ago.
    pub said: Option<String>,
}

/// What the address asks for.
pub(crate) struct Asked {
    pub query: String,
    /// What is chosen, by its name in the address.
    pub chosen: String,
    page: u64,
}

impl Asked {
    pub fn of(form: &Form<'_>, choice: &str) -> Self {
        Self {
            query: text::name(form.text("q")),
            chosen: text::name(form.text(choice)),
            page: form.text("page").parse().unwrap_or(1).clamp(1, LAST_PAGE),
        }
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

#[derive(Template)]
#[template(path = "table.html")]
struct Page<'a> {
    frame: Frame<'a>,
    table: Table,
    query: &'a str,
    chosen: &'a str,
    rows: Vec<Vec<Cell>>,
    count: String,
    newer: Option<String>,
    older: Option<String>,
}

impl Table {
    /// The page.
    pub fn answer(self, site: &Site, viewer: &Viewer, asked: &Asked, found: Found) -> Response {
        let at = |page: u64| self.address(site.base(), asked, page);
        let page = Page {
            frame: Frame::of(site, viewer),
            query: &asked.query,
            chosen: &asked.chosen,
            count: text::count(found.count),
            newer: (asked.page > 1).then(|| at(asked.page - 1)),
            older: (asked.page * SIZE < found.count && asked.page < LAST_PAGE).then(|| at(asked.page + 1)),
            rows: found.rows,
            table: self,
        };
        page::answer(StatusCode::OK, &page)
    }

    fn address(&self, base: &str, asked: &Asked, page: u64) -> String {
        let path = format!("{base}{}?", self.place);
        let start = path.len();
        let mut out = Serializer::for_suffix(path, start);
        out.append_pair("q", &asked.query);
        if let Some(choice) = &self.choice {
            out.append_pair(choice.name, &asked.chosen);
        }
        out.append_pair("page", &page.to_string()).finish()
    }
}
