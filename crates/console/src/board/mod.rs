//! Pages about one thing: what it is, what belongs to it, and the forms and buttons that change it.

mod serve;

use mercat_app::{AppError, Tx, collection::Input};
use mercat_domain::id::TokenId;
use uuid::Uuid;

use crate::{fields::Field, form::Form, session::Viewer, site::Site, table::Cell};

pub(crate) use serve::{AskedFor, answered, routes, show};

/// What stands on the page.
pub(crate) struct Board {
    pub title: String,
    pub state: String,
    /// The list that it belongs to: path and words.
    pub back: (&'static str, &'static str),
    pub sections: Vec<Section>,
}

/// A part of the page.
#[derive(Default)]
pub(crate) struct Section {
    pub title: &'static str,
    pub note: String,
    pub facts: Vec<(&'static str, Cell)>,
    pub heads: &'static [&'static str],
    pub rows: Vec<Vec<Cell>>,
    pub sheets: Vec<Sheet>,
}

/// A form, or with no fields just its button.
#[derive(Default)]
pub(crate) struct Sheet {
    /// What it does.
    pub does: &'static str,
    /// To what part of the thing; empty for all of it.
    pub id: String,
    /// With a title it is shown when it is asked for; otherwise always.
    pub title: String,
    pub fields: Vec<Field>,
    pub label: &'static str,
    pub class: &'static str,
    /// Why its button is of no use now.
    pub why_not: Option<String>,
    /// What is wrong with none of its fields.
    pub wrong: Vec<String>,
    /// It was sent and came back.
    pub is_back: bool,
}

impl Section {
    /// A fact; nothing when there is none.
    pub fn fact(mut self, label: &'static str, cell: Cell) -> Self {
        if !cell.text.is_empty() {
            self.facts.push((label, cell));
        }
        self
    }
}

/// What was sent from the page.
pub(crate) struct Sent<'a> {
    pub does: &'a str,
    pub id: &'a str,
    /// What the fields of the sheet hold.
    pub input: Result<Input, AppError>,
    /// Who sent it.
    pub person: Uuid,
    /// What its sender's browser showed.
    pub token: TokenId,
}

/// What a page can be about.
pub(crate) trait Subject: Send + Sync + 'static {
    /// Where its pages are, with `{id}` when there are many.
    const PLACE: &'static str;

    /// The page as somebody sees it; `asked` is what its address says behind the question mark.
    fn board(
        site: &Site,
        viewer: &Viewer,
        id: Uuid,
        asked: &Form<'_>,
    ) -> impl Future<Output = Result<Board, AppError>> + Send;

    /// Does what was sent, and says where it leads: a path of the console.
    fn act(tx: &mut Tx, id: Uuid, sent: Sent<'_>) -> impl Future<Output = Result<String, AppError>> + Send;
}

/// What no button of the page sends.
pub(crate) fn no_button() -> AppError {
    AppError::Invalid(mercat_domain::invalid::Invalid::plain("What arrived came from no button of this page."))
}
