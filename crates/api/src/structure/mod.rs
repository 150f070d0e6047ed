//! Organisations, their groups and projects, people, roles and who holds them, as the interface shows them.

mod customers;
mod groups;
mod members;
mod models;
mod people;
mod people_models;
mod projects;
mod roles;

pub(crate) use customers::ShownCustomers;
pub(crate) use groups::group;
pub(crate) use members::operations as member_operations;
pub(crate) use models::{ORGANIZATION_GROUPS_REQUEST, PROJECT};
pub(crate) use people::ShownPeople;
pub(crate) use people_models::USER;
pub(crate) use projects::ShownProjects;

use crate::rest::Op;

/// Every operation of this part.
pub(crate) fn operations() -> Vec<Op> {
    let parts = [customers::operations(), groups::operations(), people::operations(), projects::operations()];
    parts.into_iter().flatten().chain(roles::operations()).collect()
}
