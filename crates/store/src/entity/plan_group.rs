//! A group that a plan is restricted to.

use mercat_domain::id::{OrganizationGroupId, PlanId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: PlanId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: OrganizationGroupId,
}

super::plain_entity!();
