//! Projects. A deleted project stays as a row, so that its orders remain readable; it can be recovered.

use chrono::NaiveDate;
use mercat_domain::{
    id::{CustomerId, ProjectId},
    invalid::{FieldErrors, Invalid},
    order::ResourceState,
    permission::{Actor, Permission, Scope},
    slug::slugify,
};
use mercat_store::{
    Reads,
    entity::{customer, project, resource, user_role},
    list::{self, Filter},
    structure,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Customers, members::end_all};
use crate::{
    AppError, Tx,
    admin::rows,
    collection::{Collection, Editable, Input, Reader, merged, text, without_link},
    projects::follow_start_date,
};

/// The projects that somebody has a role in, owns or serves.
pub struct Projects;

/// A project with what belongs to it.
#[derive(Debug, Clone)]
pub struct ProjectView {
    /// The project.
    pub row: project::Model,
    /// Its organisation.
    pub customer: customer::Model,
    /// How many resources it has that are not terminated.
    pub resources: u64,
    /// The same by category.
    pub by_category: Vec<(Uuid, u64)>,
    /// Whether the viewer may read the notes of staff.
    pub shows_notes: bool,
}

/// Fields that only staff may change.
const STAFF_ONLY: [&str; 2] = ["staff_notes", "backend_id"];

impl Collection for Projects {
    type Entity = project::Entity;
    type View = ProjectView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| structure::projects_within(&actor.scopes()))
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<project::Model>) -> Result<Vec<ProjectView>, AppError> {
        let conn = reader.conn;
        let customers = list::by_ids::<customer::Entity, CustomerId>(conn, rows.iter().map(|row| row.customer_id));
        let customers = customers.await?;
        let ids: Vec<ProjectId> = rows.iter().map(|row| row.id).collect();
        let counts = mercat_store::resource::by_category(conn, &ids).await?;
        let view = |row: project::Model| {
            let customer = customers.get(&row.customer_id)?.clone();
            let by_category: Vec<(Uuid, u64)> =
                counts.iter().filter(|count| count.0 == row.id).map(|count| (count.1.0, count.2)).collect();
            let resources = by_category.iter().map(|(_, n)| n).sum();
            Some(ProjectView { resources, by_category, customer, shows_notes: reader.actor.sees_all(), row })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

impl Editable for Projects {
    async fn create(tx: &mut Tx, mut input: Input) -> Result<Uuid, AppError> {
        without_link(&mut input, "type")?;
        let customer = tx.linked::<Customers>(&input, "customer", "customer_id").await?.ok_or_else(no_customer)?;
        tx.need(Permission::ProjectCreate, &[Scope::Customer(customer.id)])?;
        available(&customer)?;
        let base = rows::project(tx.now, customer.id, &text(&input, "name"));
        tx.keep_for_staff(&base, &input, &STAFF_ONLY)?;
        let row = slugged(merged(&base, input)?);
        check_dates(tx, &row, None)?;
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &project::Model) -> Result<(), AppError> {
        present(row)?;
        tx.need(Permission::ProjectUpdate, &[Scope::Project(row.id), Scope::Customer(row.customer_id)])
    }

    async fn update(tx: &mut Tx, row: project::Model, mut input: Input) -> Result<(), AppError> {
        without_link(&mut input, "type")?;
        // Who does not see the notes sends back what was shown instead.
        if !tx.person()?.sees_all() && input.get("staff_notes").is_some_and(|notes| notes == "") {
            input.remove("staff_notes");
        }
        tx.keep_for_staff(&row, &input, &STAFF_ONLY)?;
        // Another organisation is the business of `move_project`.
        input.remove("customer_id");
        let mut new = slugged(merged(&row, input)?);
        check_dates(tx, &new, Some(&row))?;
        new.modified = Some(tx.now);
        if new.end_date != row.end_date {
            new.end_date_requested_by = tx.actor().map(|actor| actor.id);
        }
        let (id, start, end) = (new.id, new.start_date, new.end_date);
        list::replace(&tx.db, new).await?;
        if end != row.end_date {
            crate::endings::follow_project(tx, id, end).await?;
        }
        if start == row.start_date { Ok(()) } else { follow_start_date(tx, id, start).await }
    }

    async fn destroy(tx: &mut Tx, row: project::Model) -> Result<(), AppError> {
        tx.need(Permission::ProjectDelete, &[Scope::Customer(row.customer_id)])?;
        let live = [
            Filter::equals(resource::Column::ProjectId, row.id),
            Filter::differs(resource::Column::State, ResourceState::Terminated),
        ];
        tx.unused("project", "resources", &live).await?;
        present(&row)?;
        let held = end_all(tx, Scope::Project(row.id)).await?;
        let team: Vec<String> = held.iter().map(|held| held.id.simple().to_string()).collect();
        let gone = json!({ "terminated_at": mercat_domain::time::format(tx.now), "team": team });
        let row = project::Model { is_removed: true, termination_metadata: Some(gone), modified: Some(tx.now), ..row };
        Ok(list::replace(&tx.db, row).await?)
    }
}

/// A deleted project can only be looked at and recovered.
pub(crate) fn present(row: &project::Model) -> Result<(), AppError> {
    if row.is_removed { Err(AppError::NotFound) } else { Ok(()) }
}

fn no_customer() -> AppError {
    Invalid::field("customer", "This field is required.").into()
}

fn available(customer: &customer::Model) -> Result<(), AppError> {
    match (customer.blocked, customer.archived) {
        (true, _) => Err(Invalid::plain("Blocked organization is not available.").into()),
        (_, true) => Err(Invalid::plain("Archived organization is not available.").into()),
        _ => Ok(()),
    }
}

fn slugged(row: project::Model) -> project::Model {
    if row.slug.is_empty() { project::Model { slug: slugify(&row.name), ..row } } else { row }
}

/// A new end is not in the past and not before the start.
fn check_dates(tx: &Tx, new: &project::Model, old: Option<&project::Model>) -> Result<(), AppError> {
    let today = tx.now.date_naive();
    let changed = |day: fn(&project::Model) -> Option<NaiveDate>| day(new) != old.and_then(day);
    let mut errors = FieldErrors::new();
    if changed(|row| row.end_date) && new.end_date.is_some_and(|end| end < today) {
        errors.push("end_date", "Cannot be earlier than the current date.");
    }
    if new.start_date.zip(new.end_date).is_some_and(|(start, end)| start > end) {
        errors.push("start_date", "Cannot be after the end date of the project.");
    }
    Ok(errors.into_result()?)
}

/// Brings a deleted project back, with its team if that is wanted.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`], or the database failed.
pub async fn recover<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<Projects>(id).await?;
    tx.need(Permission::ProjectCreate, &[Scope::Customer(row.customer_id)])?;
    let input = input?;
    if !row.is_removed {
        return Err(AppError::from(Invalid::plain("Project is not terminated.")).into());
    }
    if input.get("restore_team_members") == Some(&Value::Bool(true)) {
        restore_team(tx, &row).await?;
    }
    let mut new =
        project::Model { is_removed: false, termination_metadata: None, modified: Some(tx.now), ..row.clone() };
    if let Some(end) = input.get("end_date") {
        new.end_date = end.as_str().and_then(|text| text.parse().ok());
        check_dates(tx, &new, Some(&row))?;
    }
    Ok(list::replace(&tx.db, new).await.map_err(AppError::from)?)
}

async fn restore_team(tx: &Tx, row: &project::Model) -> Result<(), AppError> {
    let team = row.termination_metadata.as_ref().and_then(|gone| gone["team"].as_array()).into_iter().flatten();
    for member in team.filter_map(|id| Uuid::try_parse(id.as_str()?).ok()) {
        if let Some(role) = list::find::<user_role::Entity>(&tx.db, member).await? {
            list::replace(&tx.db, user_role::Model { is_active: true, ..role }).await?;
        }
    }
    Ok(())
}

/// Gives a project, its resources and its orders to another organisation.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`], or the database failed.
pub async fn move_to<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<Projects>(id).await?;
    present(&row)?;
    tx.only_staff()?;
    let input = input?;
    let customer = tx.linked::<Customers>(&input, "customer", "customer_id").await?.ok_or_else(no_customer)?;
    available(&customer)?;
    if customer.id == row.customer_id {
        let text = "The project is in this organization already.";
        return Err(AppError::from(Invalid::field("customer", text)).into());
    }
    if input.get("preserve_permissions") != Some(&Value::Bool(true)) {
        end_all(tx, Scope::Project(row.id)).await?;
    }
    let (project, customer) = (row.id, customer.id);
    let moved = project::Model { customer_id: customer, modified: Some(tx.now), ..row };
    list::replace(&tx.db, moved).await.map_err(AppError::from)?;
    mercat_store::project::moved(&tx.db, project, customer).await.map_err(AppError::from)?;
    Ok(())
}
