//! Who may, asked where data is taken; and what stands in the way of a deletion.

use mercat_domain::{
    invalid::FieldErrors,
    permission::{Permission, Scope},
};
use mercat_store::{
    EntityTrait,
    list::{self, Filter, Keyed},
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{AppError, Tx, collection::Input};

impl Tx {
    /// # Errors
    /// [`AppError::Forbidden`] unless a role on one of the scopes holds the permission; staff holds all.
    pub(crate) fn need(&self, permission: Permission, scopes: &[Scope]) -> Result<(), AppError> {
        if self.person()?.has(permission, scopes) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// # Errors
    /// [`AppError::Forbidden`] for everybody but staff.
    pub(crate) fn only_staff(&self) -> Result<(), AppError> {
        if self.person()?.is_staff { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// # Errors
    /// [`AppError::Invalid`] when somebody else than staff wants to change one of these columns.
    pub(crate) fn keep_for_staff(&self, row: &impl Serialize, input: &Input, columns: &[&str]) -> Result<(), AppError> {
        if self.person()?.is_staff {
            return Ok(());
        }
        let present = serde_json::to_value(row).unwrap_or_default();
        let mut errors = FieldErrors::new();
        for column in
            columns.iter().filter(|column| input.get(**column).is_some_and(|new| !same(new, &present[**column])))
        {
            errors.push(*column, "Only staff may change this field.");
        }
        Ok(errors.into_result()?)
    }

    /// # Errors
    /// [`AppError::InUse`] when the filters leave a row.
    pub(crate) async fn unused<E: EntityTrait>(
        &self,
        object: &'static str,
        existing: &'static str,
        filters: &[Filter<E>],
    ) -> Result<(), AppError> {
        match list::count(&self.db, filters).await? {
            0 => Ok(()),
            _ => Err(AppError::InUse { object, existing }),
        }
    }

    /// Deletes one row.
    ///
    /// # Errors
    /// Another row points to it, or the database failed.
    pub(crate) async fn remove<E: Keyed>(&self, id: impl Into<Uuid>) -> Result<(), AppError> {
        list::delete(&self.db, &[Filter::<E>::equals(E::ID, id.into())]).await?;
        Ok(())
    }
}

/// A moment may be written in two ways.
fn same(new: &Value, old: &Value) -> bool {
    let moment = |value: &Value| value.as_str().and_then(|text| text.parse::<chrono::DateTime<chrono::Utc>>().ok());
    new == old || moment(new).is_some_and(|new| Some(new) == moment(old))
}
