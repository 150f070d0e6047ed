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

        impl crate::list::InTable for Column {
            type Table = Entity;
        }
    };
}
use plain_entity;

/// The key of a table whose rows have an `id` of their own.
macro_rules! keyed_entity {
    () => {
        impl crate::list::Keyed for Entity {
            const ID: Column = Column::Id;

            fn id(row: &Model) -> Uuid {
                row.id.into()
            }
        }
    };
}
use keyed_entity;

pub mod agent_identity;
pub mod agent_processor;
pub mod agent_service;
pub mod campaign;
pub mod campaign_offering;
pub mod category;
pub mod category_group;
pub mod component;
pub mod component_quota;
pub mod component_usage;
pub mod component_user_usage;
pub mod cursor;
pub mod customer;
pub mod customer_group;
pub mod decision_link;
pub mod delivery;
pub mod delivery_attempt;
pub mod digest_entry;
pub mod event;
pub mod event_head;
pub mod event_queue;
pub mod event_subscription;
pub mod hook;
pub mod idempotency_key;
pub mod installation;
pub mod issue;
pub mod job;
pub mod mail_preference;
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
pub mod offering_user;
pub mod order;
pub mod organization_group;
pub mod plan;
pub mod plan_component;
pub mod plan_group;
pub mod plan_period;
pub mod project;
pub mod resource;
pub mod resource_endpoint;
pub mod role;
pub mod saved_view;
pub mod service_provider;
pub mod slug_counter;
pub mod software_catalog;
pub mod terms_consent;
pub mod token;
pub mod usage_limit;
pub mod user;
pub mod user_role;
