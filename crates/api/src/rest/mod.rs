//! Collections of objects from tables: what they look like, how they are filtered, sorted, read and changed.

mod check;
mod collection;
mod describe;
mod filter;
mod model;
mod op;
mod out;

pub(crate) use check::{Extent, read};
pub(crate) use collection::{
    Asked, Exposed, PathId, Viewer, changes, creates, crud, deletes, input, invalid, listed, listed_as, params, reads,
    selection, shown, written,
};
pub(crate) use describe::describe;
pub(crate) use filter::{By, Param, SortKey, param};
pub(crate) use model::{COUNT, Field, I32_MAX, Kind, Model, answered, field, taken};
pub(crate) use op::{Gives, Op, ParamKind, QueryParam};
pub(crate) use out::{Out, Wanted, no_estimate, url};
