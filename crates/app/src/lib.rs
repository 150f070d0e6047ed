//! Use cases of Mercat, one function a verb: transaction, authorisation, decision, events.
//!
//! The API, the console, the worker and the command line call the same functions. A change goes through [`Tx`]:
//! begin, act, commit. Nothing here knows HTTP or HTML.

pub mod accounts;
pub mod admin;
pub mod agents;
mod app;
mod attempts;
pub mod auth;
pub mod catalogue;
pub mod collection;
pub mod decide;
mod endings;
pub mod error;
pub mod events;
pub mod explain;
pub mod files;
pub mod ids;
pub mod jobs;
mod kept;
pub mod notices;
pub mod numbers;
pub mod operations;
pub mod orders;
pub mod outgoing;
mod pictures;
pub mod projects;
pub mod resources;
mod rights;
pub mod standing;
pub mod structure;
mod tx;
pub mod views;

pub use app::{App, Destinations, SecretKey, Settings};
pub use error::AppError;
pub use mercat_store::{Db, EntityTrait, StoreError, entity, list};
pub use tx::{Answer, Begun, IdempotencyKey, Picture, Tx};
