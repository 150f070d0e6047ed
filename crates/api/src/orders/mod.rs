//! The 18 operations on orders.

mod action;
mod attachment;
mod create;
mod offering;
mod read;
mod report;
mod target;

pub(crate) use action::*;
pub(crate) use attachment::*;
pub(crate) use create::*;
pub(crate) use offering::*;
pub use read::order_writer;
pub(crate) use read::*;
pub(crate) use report::*;
pub(crate) use target::{OrderTarget, path_id};
