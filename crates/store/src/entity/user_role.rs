//! A role held by a user on a scope.

use mercat_domain::{
    id::{RoleId, UserId},
    permission::ScopeKind,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "user_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub role_id: RoleId,
    pub scope_kind: ScopeKind,
    pub scope_id: Uuid,
    pub created: Timestamp,
    pub created_by: Option<UserId>,
    pub expires: Option<Timestamp>,
    pub is_active: bool,
}

super::plain_entity!();
super::keyed_entity!();
