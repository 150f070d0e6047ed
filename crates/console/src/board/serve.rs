//! Shows the pages and takes what is sent from them.

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{
        Path, RawQuery, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use mercat_app::{AppError, ids};
use uuid::Uuid;

use super::{Board, Sent, Sheet, Subject};
use crate::{
    fields::{Wrong, columns, filled, mark},
    form::{self, Form},
    frame::Frame,
    layers, once, page,
    session::Viewer,
    site::Site,
};

#[derive(Template)]
#[template(path = "board.html")]
struct Page<'a> {
    frame: Frame<'a>,
    board: Board,
    /// Makes a second click the same as the first.
    key: String,
    is_done: bool,
    /// What is wrong with what no form of the page sent.
    wrong: Vec<String>,
}

pub(crate) type AskedFor = Result<Path<String>, PathRejection>;

/// The routes of a subject.
pub(crate) fn routes<S: Subject>() -> Router<Site> {
    let without_slash = S::PLACE.trim_end_matches('/');
    Router::new()
        .route(S::PLACE, get(show::<S>).post(act::<S>).fallback(page::no_method))
        .route(without_slash, get(layers::add_slash).fallback(page::no_method))
}

/// Shows the page of a subject.
pub(crate) async fn show<S: Subject>(
    State(site): State<Site>,
    viewer: Viewer,
    path: AskedFor,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let asked = Form::of(query.as_bytes());
    let is_done = !asked.text("done").is_empty();
    let board = async { S::board(&site, &viewer, id::<S>(path)?, &asked).await };
    match board.await {
        Ok(board) => answer(&site, &viewer, StatusCode::OK, board, is_done, Wrong::default()),
        Err(error) => page::failed_here(&error),
    }
}

/// A subject without an id in its path has the nil one.
fn id<S: Subject>(path: AskedFor) -> Result<Uuid, AppError> {
    if !S::PLACE.contains("{id}") {
        return Ok(Uuid::nil());
    }
    path.ok().and_then(|Path(id)| Uuid::try_parse(&id).ok()).ok_or(AppError::NotFound)
}

fn answer(site: &Site, viewer: &Viewer, status: StatusCode, mut board: Board, is_done: bool, wrong: Wrong) -> Response {
    let sheets = board.sections.iter_mut().flat_map(|section| &mut section.sheets);
    for (at, sheet) in sheets.enumerate() {
        sheet.fields.iter_mut().for_each(|field| field.at = format!("f{at}-"));
    }
    let key = ids::new::<Uuid>(site.app.now()).simple().to_string();
    page::answer(status, &Page { frame: Frame::of(site, viewer), board, key, is_done, wrong: wrong.rest() })
}

async fn act<S: Subject>(
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
    answered::<S>(&site, &viewer, path, &form).await
}

/// Does what was sent, and answers with where it leads or with the page and what is wrong.
pub(crate) async fn answered<S: Subject>(site: &Site, viewer: &Viewer, path: AskedFor, form: &Form<'_>) -> Response {
    match acted::<S>(site, viewer, path, form).await {
        Ok(response) => response,
        Err(error) => page::failed_here(&error),
    }
}

async fn acted<S: Subject>(
    site: &Site,
    viewer: &Viewer,
    path: AskedFor,
    form: &Form<'_>,
) -> Result<Response, AppError> {
    let id = id::<S>(path)?;
    let mut board = S::board(site, viewer, id, &Form::of(b"")).await?;
    let sheet = sheet(&mut board, form);
    let input = match sheet {
        Some(sheet) => {
            sheet.fields = filled(std::mem::take(&mut sheet.fields), form);
            columns(&sheet.fields).map_err(AppError::Invalid)
        }
        None => Ok(mercat_app::collection::Input::new()),
    };
    let sent =
        Sent { does: form.text("do"), id: form.text("id"), input, person: viewer.actor.id.uuid(), token: viewer.token };
    let made = once::made(site, viewer, form, async |tx| S::act(tx, id, sent).await).await;
    let (status, mut wrong) = match made {
        Ok(response) => return Ok(response),
        Err(error) => once::told(error)?,
    };
    // What stopped it may have changed what there is.
    let mut board = S::board(site, viewer, id, &Form::of(b"")).await?;
    if let Some(sheet) = self::sheet(&mut board, form) {
        sheet.fields = filled(std::mem::take(&mut sheet.fields), form);
        mark(&mut sheet.fields, &mut wrong);
        sheet.wrong = std::mem::take(&mut wrong).rest();
        sheet.is_back = true;
    }
    Ok(answer(site, viewer, status, board, false, wrong))
}

/// The sheet that was sent.
fn sheet<'a>(board: &'a mut Board, form: &Form<'_>) -> Option<&'a mut Sheet> {
    let (does, id) = (form.text("do"), form.text("id"));
    let mut sheets = board.sections.iter_mut().flat_map(|section| &mut section.sheets);
    sheets.find(|sheet| sheet.does == does && sheet.id == id)
}
