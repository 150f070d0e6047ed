//! Who may do what: permissions held by roles, roles granted on scopes (spec 4).
//!
//! There is no inheritance between scopes: a rule that an organisation's owner passes names the organisation.

mod actor;
mod names;
mod roles;

pub use actor::{Actor, Grant, GrantedScopes, Scope, called};
pub use names::{Permission, Permissions, ScopeKind};
pub use roles::{DEFAULT_ROLES, OFFERING_MANAGER_ROLE, OWNER_ROLE, RoleSpec, SERVICE_MANAGER_ROLE};
