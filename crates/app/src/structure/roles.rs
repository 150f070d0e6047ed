//! Role definitions: names for sets of permissions, changeable while the service runs. A change counts from the next
//! request on, because nobody's rights are kept in memory.

use mercat_domain::{
    id::RoleId,
    invalid::{FieldErrors, Invalid},
    permission::{Actor, Permission, ScopeKind},
};
use mercat_store::{
    Reads,
    entity::{role, user_role},
    list::{self, Filter},
    structure,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged},
    ids,
};

/// All role definitions.
pub struct Roles;

/// A role and how many people hold it.
#[derive(Debug, Clone)]
pub struct RoleView {
    /// The role.
    pub row: role::Model,
    /// How many assignments are in force.
    pub users: u64,
}

/// What the fields of translated descriptions begin with.
const TRANSLATED: &str = "description_";

impl Collection for Roles {
    type Entity = role::Entity;
    type View = RoleView;

    fn seen_by(_: &Actor) -> Option<Filter<Self::Entity>> {
        None
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<role::Model>) -> Result<Vec<RoleView>, AppError> {
        let ids: Vec<RoleId> = rows.iter().map(|row| row.id).collect();
        let users = structure::holders_of(reader.conn, &ids, reader.now).await?;
        let view = |row: role::Model| RoleView { users: users.get(&row.id).copied().unwrap_or_default(), row };
        Ok(rows.into_iter().map(view).collect())
    }
}

impl Editable for Roles {
    fn may_create(actor: &Actor) -> bool {
        actor.is_staff
    }

    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let row = role::Model {
            id: ids::new(tx.now),
            name: String::new(),
            description: String::new(),
            scope_kind: ScopeKind::Customer,
            is_active: true,
            is_system: false,
            permissions: json!([]),
            translations: json!({}),
        };
        let row = merged(&row, stored(&row, input)?)?;
        let id = row.id.0;
        check(tx, &row).await?;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, _: &role::Model) -> Result<(), AppError> {
        tx.only_staff()
    }

    async fn update(tx: &mut Tx, row: role::Model, input: Input) -> Result<(), AppError> {
        let new = merged(&row, stored(&row, input)?)?;
        if row.is_system && (new.name != row.name || new.scope_kind != row.scope_kind) {
            return Err(Invalid::field("name", "The name and the scope of a system role cannot be changed.").into());
        }
        check(tx, &new).await?;
        Ok(list::replace(&tx.db, new).await?)
    }

    async fn destroy(tx: &mut Tx, row: role::Model) -> Result<(), AppError> {
        tx.only_staff()?;
        if row.is_system {
            return Err(AppError::Forbidden);
        }
        tx.unused("role", "users", &[Filter::equals(user_role::Column::RoleId, row.id)]).await?;
        tx.remove::<role::Entity>(row.id).await
    }
}

/// The input by columns: translated descriptions share one, permissions must be known, the kind of scope has another
/// name here.
fn stored(row: &role::Model, input: Input) -> Result<Input, AppError> {
    let mut columns = Input::new();
    let mut translations: Map<String, Value> = row.translations.as_object().cloned().unwrap_or_default();
    for (name, value) in input {
        match name.strip_prefix(TRANSLATED) {
            Some(language) => drop(translations.insert(language.to_owned(), value)),
            None => drop(columns.insert(name, value)),
        }
    }
    columns.insert("translations".to_owned(), Value::Object(translations));
    let mut errors = FieldErrors::new();
    if let Some(names) = columns.get("permissions") {
        for wrong in unknown(names) {
            errors.push("permissions", wrong);
        }
    }
    errors.into_result()?;
    Ok(columns)
}

/// What is wrong with a list of permissions.
fn unknown(names: &Value) -> Vec<String> {
    let Some(names) = names.as_array() else { return vec!["Expected a list of items.".to_owned()] };
    let wrong = |name: &&Value| name.as_str().is_none_or(|name| name.parse::<Permission>().is_err());
    names.iter().filter(wrong).map(|name| format!("{name} is not a valid permission.")).collect()
}

async fn check(tx: &Tx, row: &role::Model) -> Result<(), AppError> {
    let same = [Filter::equals(role::Column::Name, row.name.as_str()), Filter::differs(role::Column::Id, row.id)];
    match list::count(&tx.db, &same).await? {
        0 => Ok(()),
        _ => Err(Invalid::field("name", "role with this name already exists.").into()),
    }
}

/// Offers a role for new assignments, or no longer does.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn enable(tx: &mut Tx, id: Uuid, is_active: bool) -> Result<(), AppError> {
    let row = tx.visible::<Roles>(id).await?;
    tx.only_staff()?;
    Ok(list::replace(&tx.db, role::Model { is_active, ..row }).await?)
}

/// Changes only the descriptions of a role.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn set_descriptions<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let row = tx.visible::<Roles>(id).await?;
    tx.only_staff()?;
    let new = merged(&row, stored(&row, input?)?)?;
    Ok(list::replace(&tx.db, new).await.map_err(AppError::from)?)
}
