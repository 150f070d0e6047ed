//! Organisations, their groups and projects, people, roles and who holds them, as the interface shows them.

mod customers;
mod groups;
mod members;
mod models;
mod people;
mod people_models;
mod projects;
mod roles;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    let parts = [customers::operations(), groups::operations(), people::operations(), projects::operations()];
    parts.into_iter().flatten().chain(roles::operations()).collect()
}
