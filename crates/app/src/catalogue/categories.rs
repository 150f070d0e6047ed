//! Categories of offerings and the headings over them.

use std::collections::HashMap;

use mercat_domain::{
    id::{CategoryGroupId, CategoryId},
    offering::OfferingState,
    permission::Actor,
};
use mercat_store::{
    Reads,
    entity::{category, category_group, offering, resource},
    list::{self, Filter},
};
use uuid::Uuid;

use crate::{
    App, AppError, Tx,
    admin::rows,
    collection::{Collection, Editable, Input, Reader, merged, text},
    ids,
};

/// All categories.
pub struct Categories;

/// A category and how much is in it.
#[derive(Debug, Clone)]
pub struct CategoryView {
    /// The category.
    pub row: category::Model,
    /// How many offerings it has.
    pub offerings: u64,
    /// How many of them can be ordered.
    pub available: u64,
}

impl Collection for Categories {
    type Entity = category::Entity;
    type View = CategoryView;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<category::Model>,
    ) -> Result<Vec<CategoryView>, AppError> {
        let ids: Vec<CategoryId> = rows.iter().map(|row| row.id).collect();
        let column = offering::Column::CategoryId;
        let all: HashMap<CategoryId, u64> = list::counts(reader.conn, column, ids.iter().copied(), &[]).await?;
        let active = Filter::equals(offering::Column::State, OfferingState::Active);
        let available = list::counts(reader.conn, column, ids, &[active]).await?;
        let of = |counts: &HashMap<CategoryId, u64>, id| counts.get(&id).copied().unwrap_or_default();
        let view =
            |row: category::Model| CategoryView { offerings: of(&all, row.id), available: of(&available, row.id), row };
        Ok(rows.into_iter().map(view).collect())
    }
}

impl Editable for Categories {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        tx.linked::<CategoryGroups>(&input, "group", "group_id").await?;
        let row = merged(&rows::category(tx.now, &text(&input, "title")), input)?;
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, _: &category::Model) -> Result<(), AppError> {
        tx.only_staff()
    }

    async fn update(tx: &mut Tx, row: category::Model, input: Input) -> Result<(), AppError> {
        tx.linked::<CategoryGroups>(&input, "group", "group_id").await?;
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: category::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        tx.unused("category", "offerings", &[Filter::equals(offering::Column::CategoryId, row.id)]).await?;
        tx.remove::<category::Entity>(row.id).await
    }
}

/// All headings over categories.
pub struct CategoryGroups;

impl Collection for CategoryGroups {
    type Entity = category_group::Entity;
    type View = category_group::Model;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(
        _: &Reader<'_, C>,
        rows: Vec<category_group::Model>,
    ) -> Result<Vec<category_group::Model>, AppError> {
        Ok(rows)
    }
}

impl Editable for CategoryGroups {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let id: CategoryGroupId = ids::new(tx.now);
        let row = category_group::Model { id, title: String::new(), description: String::new(), icon: None };
        mercat_store::insert(&tx.db, merged(&row, input)?).await?;
        Ok(id.0)
    }

    async fn may_update(tx: &Tx, _: &category_group::Model) -> Result<(), AppError> {
        tx.only_staff()
    }

    async fn update(tx: &mut Tx, row: category_group::Model, input: Input) -> Result<(), AppError> {
        Ok(list::replace(&tx.db, merged(&row, input)?).await?)
    }

    async fn destroy(tx: &mut Tx, row: category_group::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        tx.unused("category group", "categories", &[Filter::equals(category::Column::GroupId, row.id)]).await?;
        tx.remove::<category_group::Entity>(row.id).await
    }
}

/// How many of the resources that the actor sees as a consumer are in which category.
///
/// # Errors
/// The database failed.
pub async fn used_categories(
    app: &App,
    actor: &Actor,
    customer: Option<Uuid>,
    project: Option<Uuid>,
) -> Result<HashMap<CategoryId, u64>, AppError> {
    let scopes = actor.scopes();
    let mut filters = Vec::new();
    if !actor.sees_all() {
        filters.push(Filter::either([
            Filter::any_of(resource::Column::ProjectId, scopes.projects),
            Filter::any_of(resource::Column::CustomerId, scopes.customers),
        ]));
    }
    filters.extend(customer.map(|id| Filter::equals(resource::Column::CustomerId, id)));
    filters.extend(project.map(|id| Filter::equals(resource::Column::ProjectId, id)));
    Ok(mercat_store::catalogue::resources_by_category(app.db.read(), Filter::both(filters)).await?)
}
