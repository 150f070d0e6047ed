//! Searches of the order list that people keep, for themselves or for an organisation.

use std::collections::HashMap;

use mercat_domain::{
    id::{CustomerId, SavedViewId, UserId},
    invalid::{FieldErrors, Invalid},
    permission::Actor,
};
use mercat_store::{
    Reads,
    entity::{customer, saved_view, user},
    list::{self, Filter},
    structure,
};
use uuid::Uuid;

use crate::{
    App, AppError, Tx,
    collection::{Collection, Reader},
    ids,
    structure::Customers,
};

/// So many searches one person keeps at most.
const MOST: u64 = 100;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest search, in characters.
const LONGEST_QUERY: usize = 2000;

/// One's own searches, and those that others share with one's organisations.
pub struct SavedViews;

/// A search that is kept.
#[derive(Debug, Clone)]
pub struct SavedView {
    /// Its name and what it searches for.
    pub row: saved_view::Model,
    /// Who keeps it.
    pub owner: user::Model,
    /// With whom it is shared.
    pub shared_with: Option<customer::Model>,
}

impl Collection for SavedViews {
    type Entity = saved_view::Entity;
    type View = SavedView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        Some(structure::saved_views_seen(actor.id, &actor.scopes()))
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<saved_view::Model>) -> Result<Vec<SavedView>, AppError> {
        let conn = reader.conn;
        let owners: HashMap<UserId, user::Model> =
            list::by_ids::<user::Entity, _>(conn, rows.iter().map(|row| row.user_id)).await?;
        let customers: HashMap<CustomerId, customer::Model> =
            list::by_ids::<customer::Entity, _>(conn, rows.iter().filter_map(|row| row.customer_id)).await?;
        let view = |row: saved_view::Model| {
            Some(SavedView {
                owner: owners.get(&row.user_id)?.clone(),
                shared_with: row.customer_id.and_then(|id| customers.get(&id).cloned()),
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

/// A search to be kept.
#[derive(Debug, Clone)]
pub struct Keep {
    /// Its name; an own search of the same name is replaced.
    pub name: String,
    /// What it searches for.
    pub query: String,
    /// Whether the list begins with it.
    pub is_start: bool,
    /// The organisation that it is shared with.
    pub shared_with: Option<Uuid>,
}

/// Keeps a search for whoever asks.
///
/// # Errors
/// [`AppError::Invalid`] about `name`, `query` or `shared_with`, or the database failed.
pub async fn keep(tx: &mut Tx, wish: Keep) -> Result<SavedViewId, AppError> {
    let owner = tx.person()?.id;
    check(&wish)?;
    let customer_id = shared_with(tx, wish.shared_with).await?;
    let own = Filter::equals(saved_view::Column::UserId, owner);
    let named = Filter::equals(saved_view::Column::Name, wish.name.as_str());
    let present = list::lock::<saved_view::Entity>(&tx.db, &[own.clone(), named]).await?;
    if present.is_none() && list::count(&tx.db, &[own]).await? >= MOST {
        return Err(Invalid::field("name", format!("You keep {MOST} searches already. Remove one first.")).into());
    }
    if wish.is_start {
        end_start(tx, owner).await?;
    }
    let row = saved_view::Model {
        id: present.as_ref().map_or_else(|| ids::new(tx.now), |row| row.id),
        user_id: owner,
        name: wish.name,
        query: wish.query,
        is_start: wish.is_start,
        customer_id,
        created: present.as_ref().map_or(tx.now, |row| row.created),
    };
    let id = row.id;
    match present {
        Some(_) => list::replace(&tx.db, row).await?,
        None => mercat_store::insert(&tx.db, row).await.map_err(taken)?,
    }
    Ok(id)
}

/// Somebody kept one of the same name this very moment.
fn taken(error: mercat_store::StoreError) -> AppError {
    match error {
        mercat_store::StoreError::Duplicate(_) => AppError::Conflict,
        other => other.into(),
    }
}

fn check(wish: &Keep) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    if wish.name.is_empty() {
        errors.push("name", "This field is required.");
    }
    for (field, text, longest) in [("name", &wish.name, LONGEST_NAME), ("query", &wish.query, LONGEST_QUERY)] {
        if text.chars().count() > longest {
            errors.push(field, format!("Ensure this field has no more than {longest} characters."));
        }
        if text.contains('\0') {
            errors.push(field, "Null characters are not allowed.");
        }
    }
    Ok(errors.into_result()?)
}

/// One shares with organisations that one belongs to.
async fn shared_with(tx: &Tx, wish: Option<Uuid>) -> Result<Option<CustomerId>, AppError> {
    let Some(id) = wish else { return Ok(None) };
    match tx.visible::<Customers>(id).await {
        Ok(row) => Ok(Some(row.id)),
        Err(AppError::NotFound) => Err(Invalid::field("shared_with", "Object does not exist.").into()),
        Err(other) => Err(other),
    }
}

async fn end_start(tx: &Tx, owner: UserId) -> Result<(), AppError> {
    let own = [Filter::equals(saved_view::Column::UserId, owner), Filter::equals(saved_view::Column::IsStart, true)];
    for row in list::all::<saved_view::Entity>(&tx.db, &own, &[]).await? {
        list::replace(&tx.db, saved_view::Model { is_start: false, ..row }).await?;
    }
    Ok(())
}

/// Keeps a search no longer. Only whoever keeps it can say so.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn forget(tx: &mut Tx, id: Uuid) -> Result<(), AppError> {
    let row = tx.visible::<SavedViews>(id).await?;
    if row.user_id != tx.person()?.id {
        return Err(AppError::Forbidden);
    }
    tx.remove::<saved_view::Entity>(row.id).await
}

/// The search with which somebody's list begins.
///
/// # Errors
/// The database failed.
pub async fn start_of(app: &App, actor: &Actor) -> Result<Option<String>, AppError> {
    let own = [Filter::equals(saved_view::Column::UserId, actor.id), Filter::equals(saved_view::Column::IsStart, true)];
    Ok(list::first::<saved_view::Entity>(app.db.read(), &own).await?.map(|row| row.query))
}
