//! What every list of objects has in common, whoever shows it: who sees which rows, pages, single objects, changes.
//!
//! A change takes its input as `Result`: what is wrong with a body matters only after the checks that come before it
//! (spec 3.1).

use std::future::Future;

use mercat_domain::{invalid::Invalid, permission::Actor, time::Timestamp};
use mercat_store::{
    Reads,
    list::{self, Filter, Key, Keyed, ModelOf},
    reference::References,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{App, AppError, Tx};

/// Checked values of a request, by column.
pub type Input = Map<String, Value>;

/// What there is to show a row by: where to read, for whom, and when.
pub struct Reader<'a, C> {
    /// The database or the running change.
    pub conn: &'a C,
    /// What this process keeps of what orders refer to.
    pub references: &'a References,
    /// For whom.
    pub actor: &'a Actor,
    /// The present moment.
    pub now: Timestamp,
    /// The fields that are asked for; all when it is empty.
    pub names: &'a [&'static str],
}

impl<C> Reader<'_, C> {
    /// Whether a field is asked for: what costs a statement of its own may be left out otherwise.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.contains(&name)
    }
}

/// A stretch of a list, and the fields of its objects that are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// How many objects come before.
    pub offset: u64,
    /// How many are wanted.
    pub limit: u64,
    /// The fields; all when it is empty.
    pub names: &'a [&'static str],
}

impl From<(u64, u64)> for Window<'_> {
    fn from((offset, limit): (u64, u64)) -> Self {
        Self { offset, limit, names: &[] }
    }
}

/// A table whose rows are shown to those who may see them.
pub trait Collection: Send + Sync + 'static {
    /// The table.
    type Entity: Keyed<Model: Send + Sync + Serialize>;
    /// A row with what belongs to it.
    type View: Send + Sync;

    /// Which rows the actor sees; `None` is all of them.
    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>>;

    /// The rows of one page with what belongs to them, in the same order.
    fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<ModelOf<Self::Entity>>,
    ) -> impl Future<Output = Result<Vec<Self::View>, AppError>> + Send;
}

/// A collection whose objects can be made, changed and deleted. What is not written here is refused to everybody.
pub trait Editable: Collection {
    /// Whether the actor may make an object at all; rights that hang on the input are checked in [`Self::create`].
    fn may_create(_: &Actor) -> bool {
        true
    }

    /// Makes an object.
    fn create(_: &mut Tx, _: Input) -> impl Future<Output = Result<Uuid, AppError>> + Send {
        async { Err(AppError::Forbidden) }
    }

    /// Whether the object may be changed by whoever makes the change.
    fn may_update(_: &Tx, _: &ModelOf<Self::Entity>) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Err(AppError::Forbidden) }
    }

    /// Changes an object.
    fn update(_: &mut Tx, _: ModelOf<Self::Entity>, _: Input) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Err(AppError::Forbidden) }
    }

    /// Deletes an object, or refuses to.
    fn destroy(_: &mut Tx, _: ModelOf<Self::Entity>) -> impl Future<Output = Result<(), AppError>> + Send {
        async { Err(AppError::Forbidden) }
    }
}

/// Who looks, and whether by the collection's own rule or by another one that the filters state.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// Who looks.
    pub actor: &'a Actor,
    /// Every row that the filters leave is seen. What of a row is private still hangs on the actor.
    pub by_filters_alone: bool,
}

impl<'a> From<&'a Actor> for Sight<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { actor, by_filters_alone: false }
    }
}

impl<'a> Sight<'a> {
    /// A look at something that the actor was found to see by way of something else.
    #[must_use]
    pub const fn by_filters_alone(actor: &'a Actor) -> Self {
        Self { actor, by_filters_alone: true }
    }

    fn narrowed<C: Collection>(&self, filters: &[Filter<C::Entity>]) -> Vec<Filter<C::Entity>> {
        let rule = if self.by_filters_alone { None } else { C::seen_by(self.actor) };
        filters.iter().cloned().chain(rule).collect()
    }
}

/// How many objects the actor sees under these filters.
///
/// # Errors
/// The database failed.
pub async fn count<'a, C: Collection>(
    app: &App,
    sight: impl Into<Sight<'a>>,
    filters: &[Filter<C::Entity>],
) -> Result<u64, AppError> {
    Ok(list::count(app.db.read(), &sight.into().narrowed::<C>(filters)).await?)
}

/// A stretch of the objects that the actor sees.
///
/// # Errors
/// The database failed.
pub async fn list<'a, 'b, C: Collection>(
    app: &App,
    sight: impl Into<Sight<'a>>,
    filters: &[Filter<C::Entity>],
    keys: &[Key],
    window: impl Into<Window<'b>>,
) -> Result<Vec<C::View>, AppError> {
    let Window { offset, limit, names } = window.into();
    let (conn, sight) = (app.db.read(), sight.into());
    let rows = list::page(conn, &sight.narrowed::<C>(filters), keys, offset, limit).await?;
    let references = app.db.references();
    C::views(&Reader { conn, references, actor: sight.actor, now: app.now(), names }, rows).await
}

/// The first row that the actor sees and the filters leave in, without what belongs to it.
///
/// # Errors
/// The database failed.
pub async fn row<'a, C: Collection>(
    app: &App,
    sight: impl Into<Sight<'a>>,
    filters: &[Filter<C::Entity>],
) -> Result<Option<ModelOf<C::Entity>>, AppError> {
    Ok(list::first(app.db.read(), &sight.into().narrowed::<C>(filters)).await?)
}

/// One object that the actor sees and the filters leave in.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn retrieve<'a, C: Collection>(
    app: &App,
    sight: impl Into<Sight<'a>>,
    id: Uuid,
    filters: &[Filter<C::Entity>],
) -> Result<C::View, AppError> {
    let this = Filter::equals(C::Entity::ID, id);
    let filters: Vec<_> = filters.iter().cloned().chain([this]).collect();
    list::<C>(app, sight, &filters, &[], (0, 1)).await?.pop().ok_or(AppError::NotFound)
}

/// Makes an object; returns its id.
///
/// # Errors
/// [`AppError::Forbidden`], what `input` says, what the collection refuses, or the database failed.
pub async fn create<C: Editable, X: From<AppError>>(tx: &mut Tx, input: Result<Input, X>) -> Result<Uuid, X> {
    if !C::may_create(tx.person()?) {
        return Err(AppError::Forbidden.into());
    }
    let mut input = input?;
    tx.place_pictures(&mut input, None::<&()>).await?;
    Ok(C::create(tx, input).await?)
}

/// Changes an object.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, what the collection refuses, or the database
/// failed.
pub async fn update<C: Editable, X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<C>(id).await?;
    C::may_update(tx, &row).await?;
    let mut input = input?;
    let replaced = tx.place_pictures(&mut input, Some(&row)).await?;
    C::update(tx, row, input).await?;
    Ok(tx.forget_pictures(replaced).await?)
}

/// Deletes an object.
///
/// # Errors
/// As [`update`].
pub async fn destroy<C: Editable>(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = tx.visible::<C>(id).await?;
    let pictures = tx.pictures_of(&row);
    C::destroy(tx, row).await?;
    // Some objects stay as rows, and keep their pictures.
    if list::find::<C::Entity>(&tx.db, id).await?.is_none() {
        tx.forget_pictures(pictures).await?;
    }
    Ok(())
}

impl Tx {
    /// An object that the one who makes the change sees, held until the change is made.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or the database failed.
    pub async fn visible<C: Collection>(&self, id: Uuid) -> Result<ModelOf<C::Entity>, AppError> {
        let mut filters = vec![Filter::equals(C::Entity::ID, id)];
        filters.extend(C::seen_by(self.person()?));
        list::lock(&self.db, &filters).await?.ok_or(AppError::NotFound)
    }

    /// An object as it is within this change, for the answer to whoever made it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], or the database failed.
    pub async fn shown<C: Collection>(&self, id: Uuid) -> Result<C::View, AppError> {
        let row = list::find::<C::Entity>(&self.db, id).await?.ok_or(AppError::NotFound)?;
        let references = self.app.db.references();
        let reader = Reader { conn: &self.db, references, actor: self.person()?, now: self.now, names: &[] };
        C::views(&reader, vec![row]).await?.pop().ok_or(AppError::NotFound)
    }

    /// The object that the input links to under `column`, if it does: it must be one that the caller sees.
    ///
    /// # Errors
    /// [`AppError::Invalid`] about `field`, or the database failed.
    pub(crate) async fn linked<C: Collection>(
        &self,
        input: &Input,
        field: &str,
        column: &str,
    ) -> Result<Option<ModelOf<C::Entity>>, AppError> {
        let id = match input.get(column) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value.as_str().and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_default(),
        };
        match self.visible::<C>(id).await {
            Ok(row) => Ok(Some(row)),
            Err(AppError::NotFound) => Err(Invalid::field(field, "Invalid hyperlink - Object does not exist.").into()),
            Err(other) => Err(other),
        }
    }
}

/// A row with the input's columns in place of its own.
///
/// # Errors
/// [`AppError::Internal`] when a column is not the table's or its value does not fit: the input was not checked.
pub fn merged<M: Serialize + DeserializeOwned>(row: &M, input: Input) -> Result<M, AppError> {
    let fault = |error: serde_json::Error| AppError::Internal(format!("the input does not fit its table: {error}"));
    let Value::Object(mut columns) = serde_json::to_value(row).map_err(fault)? else {
        return Err(AppError::Internal("a row is no object".to_owned()));
    };
    for (name, value) in input {
        match columns.get_mut(&name) {
            Some(place) => *place = value,
            None => return Err(AppError::Internal(format!("the table has no column {name:?}"))),
        }
    }
    serde_json::from_value(Value::Object(columns)).map_err(fault)
}

/// Takes a link to a kind of object that there are none of out of the input.
///
/// # Errors
/// [`AppError::Invalid`] when the link leads anywhere.
pub(crate) fn without_link(input: &mut Input, field: &str) -> Result<(), AppError> {
    match input.remove(field) {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(text)) if text.is_empty() => Ok(()),
        Some(_) => Err(Invalid::field(field, "Invalid hyperlink - Object does not exist.").into()),
    }
}

/// Takes a text out of the input; empty when it is not there.
pub(crate) fn text(input: &Input, name: &str) -> String {
    input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Takes an id out of the input.
pub(crate) fn id<T: From<Uuid>>(input: &Input, name: &str) -> Option<T> {
    let text = input.get(name)?.as_str()?;
    Uuid::try_parse(text).ok().map(T::from)
}
