//! The rules against the behaviour document, section by section, as one test binary.

mod change;
mod contracts;
mod cost;
mod create;
mod definition;
mod docs;
mod effects;
mod end_date;
mod event;
mod fixture;
mod invalid;
mod limits;
mod offering_state;
mod offering_user;
mod options;
mod permission;
mod process;
mod renewal;
mod review;
mod schema;
mod serde;
mod slug;
mod submit;
mod values;
mod view;
mod walk;
