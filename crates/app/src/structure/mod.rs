//! Organisations, their groups and projects, people and roles.

mod customers;
mod groups;
mod members;
mod people;
mod projects;
mod roles;
mod sign_in;

pub(crate) use customers::group_ids;
pub use customers::{CustomerView, Customers, set_groups};
pub use groups::Groups;
pub use members::{MemberRequest, MemberView, Members, add, remove, update};
pub(crate) use members::{end_all, end_expired, follow_managers};
/// Filters that reach over more than one table.
pub use mercat_store::structure as filters;
pub use people::{People, PermissionView, UserView, change_password, permissions, refresh_token};
pub(crate) use projects::present;
pub use projects::{ProjectView, Projects, move_to, recover};
pub use roles::{RoleView, Roles, enable, set_descriptions};
pub use sign_in::{
    ELSEWHERE, Vouched, sign_in, sign_in_browser, sign_in_browser_as, sign_in_browser_by_token,
    sign_in_browser_elsewhere, sign_out,
};
