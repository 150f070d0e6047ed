//! The event log as people, agents and programs follow it.

mod feed;
mod note;
pub(crate) mod tail;
mod view;

pub use feed::{Batch, EventFilter, FeedRow, Follower, WaldurEvents, history, page, poll_other_processes};
pub use view::{EventBody, EventView, kind_of, names_of, number_of, views, waldur_id};

pub(crate) use feed::{sees, since};
pub(crate) use note::{Note, note};
