//! Membership of an organisation in a group.

use mercat_domain::id::{CustomerId, OrganizationGroupId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: OrganizationGroupId,
}

super::plain_entity!();
