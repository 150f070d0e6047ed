//! One's own account: password, tokens and sessions.

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use mercat_app::{
    Answer, AppError, Begun, Tx, collection,
    entity::token,
    list::{Filter, Key},
    operations::{self, LONGEST_TOKEN_NAME, Tokens},
    structure,
};
use mercat_domain::invalid::Invalid;
use uuid::Uuid;

use crate::{
    admin,
    board::{self, AskedFor, Board, Section, Sent, Sheet, Subject, no_button},
    fields::{Field, Input},
    form::{self, Form},
    frame::Frame,
    layers, once, page,
    session::Viewer,
    site::Site,
    table::Cell,
    text,
};

const PLACE: &str = "/account/";
/// More are not shown.
const MOST: u64 = 200;
/// A token may live for so many days without use, or for ever.
const LONGEST_LIFE: i64 = 3650;
const MAKE: &str = "make-token";

/// The page.
struct Account;

/// The routes.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route(PLACE, get(board::show::<Account>).post(act).fallback(page::no_method))
        .route("/account", get(layers::add_slash).fallback(page::no_method))
}

impl Subject for Account {
    const PLACE: &'static str = PLACE;

    async fn board(site: &Site, viewer: &Viewer, _: Uuid, _: &Form<'_>) -> Result<Board, AppError> {
        let own = [Filter::equals(token::Column::UserId, viewer.actor.id)];
        let newest_first = [Key::column(token::Column::LastUsed, true), Key::column(token::Column::Id, true)];
        let found = collection::list::<Tokens>(&site.app, &viewer.actor, &own, &newest_first, (0, MOST)).await?;
        let cells = |view: &operations::TokenView| {
            let mut cells = admin::token_cells(view, true);
            if view.row.id == viewer.token
                && let Some(first) = cells.first_mut()
            {
                first.note = "this one".to_owned();
            }
            cells
        };
        let tokens = Section {
            title: "Tokens and sessions",
            note: "Programs show a token to do what you may do. Browsers in which you signed in stand here too."
                .to_owned(),
            heads: &["Name", "Made (UTC)", "Used (UTC)", "Ends unless used (UTC)", ""],
            rows: found.iter().map(cells).collect(),
            sheets: vec![make()],
            ..Section::default()
        };
        Ok(Board {
            title: text::name(viewer.name()),
            state: String::new(),
            back: ("/", "Inbox"),
            sections: vec![tokens, password(viewer)],
        })
    }

    async fn act(tx: &mut Tx, _: Uuid, sent: Sent<'_>) -> Result<String, AppError> {
        match sent.does {
            "end" => operations::end_token(tx, Uuid::try_parse(sent.id).unwrap_or_default()).await?,
            "password" => structure::change_password(tx, sent.person, sent.token, sent.input).await?,
            // Only what is wrong with it is told here.
            MAKE => {
                sent.input?;
                let text = format!("Ensure this value is between 1 and {LONGEST_LIFE}.");
                return Err(AppError::Invalid(Invalid::field("days", text)));
            }
            _ => return Err(no_button()),
        }
        Ok(format!("{PLACE}?done=1"))
    }
}

fn make() -> Sheet {
    let days = Field::new("days", "Ends when it is not used for so many days", Input::Number);
    Sheet {
        does: MAKE,
        title: "Make a token".to_owned(),
        fields: vec![
            Field::new("name", "What it is for", Input::Text).longest(LONGEST_TOKEN_NAME).required(),
            days.with("30").hint("Left empty: never."),
        ],
        label: "Make it",
        class: "approve",
        ..Sheet::default()
    }
}

fn password(viewer: &Viewer) -> Section {
    let sheet = Sheet {
        does: "password",
        title: "Change the password".to_owned(),
        fields: vec![admin::password().required()],
        label: "Change it, and end all other sessions",
        ..Sheet::default()
    };
    Section { title: "Signing in", sheets: vec![sheet], ..Section::default() }
        .fact("User name", Cell::text(&viewer.actor.username))
}

#[derive(Template)]
#[template(path = "secret.html")]
struct Secret<'a> {
    frame: Frame<'a>,
    /// Shown this once; empty when it was shown before.
    secret: String,
    place: &'static str,
    /// Where the API is.
    url: &'a str,
}

/// Everything but a new token is done as on every board: that alone answers with a secret, which is not to be kept.
async fn act(
    State(site): State<Site>,
    viewer: Viewer,
    path: AskedFor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    if form.text("do") != MAKE {
        return board::answered::<Account>(&site, &viewer, path, &form).await;
    }
    match made(&site, &viewer, &form).await {
        Ok(Some(secret)) => {
            let view =
                Secret { frame: Frame::of(&site, &viewer), secret, place: PLACE, url: &site.app.settings.public_url };
            page::answer(StatusCode::OK, &view)
        }
        // What is wrong is told as on every board.
        Ok(None) => board::answered::<Account>(&site, &viewer, path, &form).await,
        Err(error) => page::failed_here(&error),
    }
}

/// The new token; empty when this form made one before, nothing when something is wrong with the form.
async fn made(site: &Site, viewer: &Viewer, form: &Form<'_>) -> Result<Option<String>, AppError> {
    let (name, days) = (form.text("name").trim(), form.text("days").trim());
    let days = if days.is_empty() { Ok(None) } else { days.parse().map(Some) };
    let Ok(days) = days else { return Ok(None) };
    let is_right = !name.is_empty()
        && name.chars().count() <= LONGEST_TOKEN_NAME
        && days.is_none_or(|days| (1..=LONGEST_LIFE).contains(&days));
    if !is_right {
        return Ok(None);
    }
    let mut tx = match site.app.begin(viewer.actor.clone(), once::key(form)).await {
        Ok(Begun::Fresh(tx)) => tx,
        Ok(Begun::Replayed(_)) | Err(AppError::KeyReused) => return Ok(Some(String::new())),
        Err(error) => return Err(error),
    };
    let secret = operations::make_token(&mut tx, name, days.map(|days| days * 24 * 3600)).await?;
    tx.finish_secret(Answer { status: 200, headers: Vec::new(), body: Vec::new() }).await?;
    Ok(Some(secret))
}
