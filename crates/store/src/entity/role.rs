//! A role: a name for a set of permissions.

use mercat_domain::{id::RoleId, permission::ScopeKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub name: String,
    pub description: String,
    pub scope_kind: ScopeKind,
    pub is_active: bool,
    pub is_system: bool,
    pub permissions: Json,
    pub translations: Json,
}

super::plain_entity!();
super::keyed_entity!();
