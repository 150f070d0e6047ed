//! One entity a table, no relations and no hooks: what runs is what is written in the queries.
#![expect(
    missing_docs,
    reason = "columns carry the names of the API's fields; sections 12 and 13 of the spec describe them"
)]

/// The parts that SeaORM wants of an entity and that ours leave empty.
macro_rules! plain_entity {
    () => {
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    };
}
use plain_entity;

pub mod campaign;
pub mod campaign_offering;
pub mod category;
pub mod component;
pub mod component_quota;
pub mod customer;
pub mod customer_group;
pub mod event_head;
pub mod idempotency_key;
pub mod issue;
pub mod job;
pub mod media;
pub mod offering;
pub mod offering_catalog;
pub mod offering_endpoint;
pub mod offering_file;
pub mod offering_group;
pub mod offering_partition;
pub mod offering_quota;
pub mod offering_role;
pub mod offering_screenshot;
pub mod offering_terms;
pub mod order;
pub mod order_event;
pub mod organization_group;
pub mod outbox;
pub mod plan;
pub mod plan_component;
pub mod plan_group;
pub mod project;
pub mod resource;
pub mod role;
pub mod slug_counter;
pub mod software_catalog;
pub mod terms_consent;
pub mod token;
pub mod user;
pub mod user_role;
