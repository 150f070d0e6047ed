//! Where a resource is reached.

use mercat_domain::id::{EndpointId, ResourceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "resource_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EndpointId,
    pub resource_id: ResourceId,
    pub name: String,
    pub url: String,
}

super::plain_entity!();
super::keyed_entity!();
