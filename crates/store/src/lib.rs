//! All SQL of Mercat, for SQLite and PostgreSQL from one code path.
//!
//! Nothing here knows a permission, a state rule or a word of HTTP. Every function takes a connection or a
//! transaction and returns plain values.

pub mod agents;
pub mod assets;
pub mod catalogue;
pub mod counts;
pub mod db;
pub mod delivery;
pub mod entity;
pub mod error;
pub mod event;
pub mod facts;
pub mod hooks;
pub mod idempotency;
mod insert;
pub mod installation;
pub mod job;
pub mod list;
pub mod media;
mod migration;
pub mod offering;
pub mod order;
pub mod people;
pub mod project;
pub mod reference;
pub mod resource;
pub mod structure;
pub mod texts;

pub use db::Db;
pub use error::StoreError;
pub use insert::{Row, columns, insert};
pub use reference::Reads;
/// What a use case needs to hold a transaction and to say which columns it sets.
pub use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction, EntityTrait,
};
