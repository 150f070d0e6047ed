//! The operations that every collection has: list, count, retrieve, create, replace, change, delete.

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use mercat_app::{
    AppError, Tx,
    collection::{self, Collection, Editable, Input, Sight, Window},
    list::{Filter, Key},
};
use mercat_domain::permission::Actor;
use serde_json::Value;
use uuid::Uuid;

use super::{
    check::{self, Extent},
    filter::{self, Asker, By, Param, SortKey},
    model::{Kind, Model},
    op::{Gives, Op, ParamKind, QueryParam},
    out::{Out, Wanted},
};
use crate::{
    answer,
    body::{Call, Caller, Form},
    error::ApiError,
    orders::path_id,
    origin::Origin,
    query::{Links, Page, Query},
    state::Api,
};

/// A collection as the interface shows it.
pub(crate) trait Exposed: Send + Sync + 'static {
    /// The rows behind it.
    type Data: Collection;
    /// The path below `/api/`.
    const NAME: &'static str;
    /// What one of its objects is called when it is missing.
    const KIND: &'static str;
    /// What its objects look like.
    const MODEL: &'static Model;
    /// What a new object takes.
    const NEW: &'static Model = Self::MODEL;
    /// Its filters.
    const PARAMS: &'static [Param<<Self::Data as Collection>::Entity>];
    /// What it can be sorted by.
    const SORTS: &'static [SortKey];
    /// How it is sorted when nothing is said.
    const USUALLY: &'static str;

    /// Writes an object.
    fn write(view: &<Self::Data as Collection>::View, out: &mut Out<'_>);
}

type EntityOf<X> = <<X as Exposed>::Data as Collection>::Entity;
type ViewOf<X> = <<X as Exposed>::Data as Collection>::View;

/// The filters and the order of a list.
type Selection<X> = (Vec<Filter<EntityOf<X>>>, Vec<Key>);

/// The id in the path.
pub(crate) struct PathId(pub Uuid);

impl FromRequestParts<Api> for PathId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Self::Rejection> {
        Ok(Self(path_id(parts, api).await))
    }
}

/// Whoever calls, or nobody in particular where everybody may.
pub(crate) struct Viewer(pub Actor);

impl FromRequestParts<Api> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Self::Rejection> {
        let caller = parts.extensions.get::<Caller>();
        Ok(Self(caller.map_or_else(mercat_app::auth::nobody, |caller| caller.0.actor.clone())))
    }
}

/// Input errors as an answer.
pub(crate) fn invalid(errors: mercat_domain::invalid::FieldErrors) -> ApiError {
    AppError::Invalid(errors.into()).into()
}

/// What the query says about a list.
///
/// # Errors
/// 400 with everything that is wrong.
pub(crate) fn selection<X: Exposed>(api: &Api, query: &Query, actor: &Actor) -> Result<Selection<X>, ApiError> {
    let asker = Asker { actor, now: api.app.now() };
    match (filter::filters(X::PARAMS, query, asker), filter::sorting(X::SORTS, query, X::USUALLY)) {
        (Ok(filters), Ok(keys)) => Ok((filters, keys)),
        (filters, keys) => {
            let mut errors = filters.err().unwrap_or_default();
            errors.extend(keys.err().unwrap_or_default());
            Err(invalid(errors))
        }
    }
}

/// An object as JSON.
pub(crate) fn written<X: Exposed>(view: &ViewOf<X>, wanted: &Wanted, origin: &Origin) -> Value {
    let mut out = Out::new(wanted, origin);
    X::write(view, &mut out);
    out.done()
}

/// A question: who asks, where and what.
pub(crate) struct Asked {
    pub api: Api,
    pub actor: Actor,
    pub origin: Origin,
    pub query: Query,
    path: String,
    by_filters_alone: bool,
}

impl FromRequestParts<Api> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Self::Rejection> {
        let Viewer(actor) = Viewer::from_request_parts(parts, api).await?;
        let origin = Origin::from_request_parts(parts, api).await?;
        let query = Query::from_request_parts(parts, api).await?;
        Ok(Self { api: api.clone(), actor, origin, query, path: parts.uri.path().to_owned(), by_filters_alone: false })
    }
}

impl Asked {
    /// The same question for lists that are narrowed to what the caller may see by another rule than the collection's
    /// own. What is private in a row stays so.
    pub fn by_filters_alone(self) -> Self {
        Self { by_filters_alone: true, ..self }
    }

    /// Who asks, and by which rule.
    pub const fn sight(&self) -> Sight<'_> {
        Sight { actor: &self.actor, by_filters_alone: self.by_filters_alone }
    }

    /// A UUID that the query must have.
    ///
    /// # Errors
    /// 400 when it is missing or none.
    pub fn uuid(&self, name: &'static str) -> Result<Uuid, ApiError> {
        let text = self.query.last(name).unwrap_or_default();
        let wrong = || invalid(mercat_domain::invalid::FieldErrors::single(name, "Enter a valid UUID."));
        Uuid::try_parse(text).map_err(|_| wrong())
    }

    /// A list without entries.
    pub fn empty_list(&self) -> Result<Response, ApiError> {
        self.page(Page::of(&self.query, 0)?, &[])
    }

    /// A list that is put together in memory and not cut into pages.
    pub fn whole(&self, all: &[Value]) -> Result<Response, ApiError> {
        let count = [(HeaderName::from_static("x-result-count"), HeaderValue::from(all.len()))];
        Ok((count, answer::read(&all)?).into_response())
    }

    fn page(&self, page: Page, rows: &[Value]) -> Result<Response, ApiError> {
        let headers = Links { url: &format!("{}{}", self.origin, self.path), query: &self.query }.headers(page);
        Ok((headers, answer::read(&rows)?).into_response())
    }
}

async fn list<X: Exposed>(asked: Asked) -> Result<Response, ApiError> {
    listed::<X>(&asked, Vec::new()).await
}

/// A page of a list that is narrowed by more than the query.
pub(crate) async fn listed<X: Exposed>(asked: &Asked, more: Vec<Filter<EntityOf<X>>>) -> Result<Response, ApiError> {
    listed_as::<X>(asked, more, X::MODEL, X::write).await
}

/// The same in another shape than the collection's own.
pub(crate) async fn listed_as<X: Exposed>(
    asked: &Asked,
    more: Vec<Filter<EntityOf<X>>>,
    model: &'static Model,
    write: impl Fn(&ViewOf<X>, &mut Out<'_>),
) -> Result<Response, ApiError> {
    let Asked { api, actor, origin, query, .. } = asked;
    let (mut filters, keys) = selection::<X>(api, query, actor)?;
    filters.extend(more);
    let total = collection::count::<X::Data>(&api.app, asked.sight(), &filters).await?;
    let page = Page::of(query, total)?;
    let wanted = Wanted::of(query, model);
    let window = Window { offset: page.offset(), limit: page.size, names: wanted.names() };
    let views = collection::list::<X::Data>(&api.app, asked.sight(), &filters, &keys, window).await?;
    let shown = |view: &ViewOf<X>| {
        let mut out = Out::new(&wanted, origin);
        write(view, &mut out);
        out.done()
    };
    let rows: Vec<Value> = views.iter().map(shown).collect();
    asked.page(page, &rows)
}

async fn count<X: Exposed>(
    State(api): State<Api>,
    Viewer(actor): Viewer,
    origin: Origin,
    query: Query,
    uri: axum::http::Uri,
) -> Result<Response, ApiError> {
    let (filters, _) = selection::<X>(&api, &query, &actor)?;
    let total = collection::count::<X::Data>(&api.app, &actor, &filters).await?;
    let headers = Links { url: &format!("{origin}{}", uri.path()), query: &query }.headers(Page::of(&query, total)?);
    Ok((headers, answer::JSON).into_response())
}

async fn retrieve<X: Exposed>(
    State(api): State<Api>,
    Viewer(actor): Viewer,
    PathId(id): PathId,
    origin: Origin,
    query: Query,
) -> Result<Response, ApiError> {
    let (filters, _) = selection::<X>(&api, &query, &actor)?;
    let view = collection::retrieve::<X::Data>(&api.app, &actor, id, &filters).await;
    let view = view.map_err(|error| ApiError::from(error).about(X::KIND))?;
    answer::read(&written::<X>(&view, &Wanted::of(&query, X::MODEL), &origin))
}

/// The checked body of a call.
pub(crate) async fn input(call: &mut Call, model: &Model, extent: Extent) -> Result<Input, ApiError> {
    let mut form: Form = call.form().await?;
    let input = check::read(&form, model, extent).map_err(invalid)?;
    let mut files = form.take_files();
    let pictures = model.taken().filter(|field| matches!(field.kind, Kind::File));
    let taken = pictures.filter_map(|field| Some((field.column.to_owned(), files.remove(field.name)?)));
    call.bring(taken.collect());
    Ok(input)
}

/// Answers with an object as it is now, and commits.
pub(crate) async fn shown<X: Exposed>(
    tx: Tx,
    status: StatusCode,
    id: Uuid,
    origin: &Origin,
) -> Result<Response, ApiError> {
    let body = written::<X>(&tx.shown::<X::Data>(id).await?, &Wanted::all(X::MODEL), origin);
    let mut answer = answer::json(status, &body)?;
    if let (StatusCode::CREATED, Some(url)) = (status, body.get("url").and_then(Value::as_str)) {
        answer.headers.push(("location".to_owned(), url.to_owned()));
    }
    answer::finish(tx, answer).await
}

async fn create<X: Exposed<Data: Editable>>(origin: Origin, mut call: Call) -> Result<Response, ApiError> {
    let input = input(&mut call, X::NEW, Extent::Whole).await;
    let mut tx = call.begin().await?;
    let id = collection::create::<X::Data, _>(&mut tx, input).await?;
    shown::<X>(tx, StatusCode::CREATED, id, &origin).await
}

async fn replace<X: Exposed<Data: Editable>>(
    PathId(id): PathId,
    origin: Origin,
    call: Call,
) -> Result<Response, ApiError> {
    changed::<X>(id, origin, call, Extent::Whole).await
}

async fn change<X: Exposed<Data: Editable>>(
    PathId(id): PathId,
    origin: Origin,
    call: Call,
) -> Result<Response, ApiError> {
    changed::<X>(id, origin, call, Extent::Part).await
}

async fn changed<X: Exposed<Data: Editable>>(
    id: Uuid,
    origin: Origin,
    mut call: Call,
    extent: Extent,
) -> Result<Response, ApiError> {
    let input = input(&mut call, X::MODEL, extent).await;
    let mut tx = call.begin().await?;
    let done = collection::update::<X::Data, ApiError>(&mut tx, id, input).await;
    done.map_err(|error| error.about(X::KIND))?;
    shown::<X>(tx, StatusCode::OK, id, &origin).await
}

async fn destroy<X: Exposed<Data: Editable>>(PathId(id): PathId, call: Call) -> Result<Response, ApiError> {
    let mut tx = call.begin().await?;
    let gone = collection::destroy::<X::Data>(&mut tx, id).await;
    gone.map_err(|error| ApiError::from(error).about(X::KIND))?;
    answer::finish(tx, answer::empty(StatusCode::NO_CONTENT)).await
}

/// What the document says about a list's parameters.
pub(crate) fn params<X: Exposed>() -> Vec<QueryParam> {
    let filters = X::PARAMS.iter().map(|param| QueryParam { name: param.name, kind: param.by.kind() });
    let text = |name, kind| QueryParam { name, kind };
    let sorted = (!X::SORTS.is_empty()).then(|| text("o", ParamKind::Texts));
    filters.chain([text("page", ParamKind::Number), text("page_size", ParamKind::Number)]).chain(sorted).collect()
}

const FIELD: QueryParam = QueryParam { name: "field", kind: ParamKind::Texts };

fn instance<X: Exposed>(op: Op) -> Op {
    Op { name: format!("{} Instance", X::KIND), ..op }
}

/// List, count and retrieve.
pub(crate) fn reads<X: Exposed>() -> Vec<Op> {
    let name = format!("{} List", X::KIND);
    let mut query = params::<X>();
    let head = Op::new(Method::HEAD, X::NAME, "", count::<X>).suffix("_count").asks(query.clone());
    query.push(FIELD);
    let all = Op::new(Method::GET, X::NAME, "", list::<X>).suffix("_list").asks(query);
    let all = all.gives(200, Gives::Many(X::MODEL)).says(&format!("{}: those that the caller sees", X::MODEL.name));
    let head = head.says(&format!("{}: how many there are", X::MODEL.name));
    let one = Op::get(X::NAME, "{uuid}/", retrieve::<X>).asks(vec![FIELD]).gives(200, Gives::One(X::MODEL));
    let one = one.says(&format!("{}: one of them", X::MODEL.name));
    vec![Op { name: name.clone(), ..all }, Op { name, ..head }, instance::<X>(one)]
}

/// Create.
pub(crate) fn creates<X: Exposed<Data: Editable>>() -> Op {
    let op = Op::new(Method::POST, X::NAME, "", create::<X>).suffix("_create").takes(X::NEW);
    let op = op.gives(201, Gives::One(X::MODEL)).says(&format!("{}: a new one", X::MODEL.name));
    Op { name: format!("{} List", X::KIND), ..op }
}

/// Replace and change.
pub(crate) fn changes<X: Exposed<Data: Editable>>() -> Vec<Op> {
    let put = Op::new(Method::PUT, X::NAME, "{uuid}/", replace::<X>).suffix("_update").takes(X::MODEL);
    let patch = Op::new(Method::PATCH, X::NAME, "{uuid}/", change::<X>).suffix("_partial_update").takes_part(X::MODEL);
    let both =
        [put.says(&format!("{}: replace it", X::MODEL.name)), patch.says(&format!("{}: change it", X::MODEL.name))];
    both.into_iter().map(|op| instance::<X>(op.gives(200, Gives::One(X::MODEL)))).collect()
}

/// Delete.
pub(crate) fn deletes<X: Exposed<Data: Editable>>() -> Op {
    let op = Op::new(Method::DELETE, X::NAME, "{uuid}/", destroy::<X>).suffix("_destroy");
    instance::<X>(op.gives(204, Gives::Nothing).says(&format!("{}: delete it", X::MODEL.name)))
}

/// Everything.
pub(crate) fn crud<X: Exposed<Data: Editable>>() -> Vec<Op> {
    let mut ops = reads::<X>();
    ops.push(creates::<X>());
    ops.extend(changes::<X>());
    ops.push(deletes::<X>());
    ops
}

impl<E: mercat_app::EntityTrait> By<E> {
    const fn kind(&self) -> ParamKind {
        match self {
            Self::Equals(_) | Self::Hidden(_) | Self::Contains(_) | Self::Text(_) | Self::Link(..) => ParamKind::Text,
            Self::Id(_) | Self::Uuid(_) => ParamKind::Uuid,
            Self::Ids(_) | Self::Uuids(_) => ParamKind::Uuids,
            Self::Is(_) | Self::Bool(_) | Self::Otherwise(_) => ParamKind::Bool,
            Self::Since(_) => ParamKind::Moment,
            Self::Date(_) => ParamKind::Day,
            Self::Names(names, _) => ParamKind::Names(names),
            Self::Texts(_) => ParamKind::Texts,
            Self::Number(_) => ParamKind::Number,
        }
    }
}
