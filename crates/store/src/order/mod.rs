//! Orders: filters, pages, rows and guarded writes.

mod count;
mod filter;
mod known;
mod lane;
pub(crate) mod marks;
pub mod numbers;
mod offering;
mod page;
mod place;
mod progress;
mod row;
mod slug;
mod text;
mod write;

pub use count::{count, count_up_to};
pub use filter::OrderFilter;
pub use marks::divide as divide_marks;
pub use offering::offering;
pub use page::{Page, Sort, SortKey, Stretch, ids, list, page};
pub use row::{Detail, Details, OrderRow, OwnColumns, rows};
pub use slug::{next_slug, slug_is_taken};
pub use write::{delete, executing_siblings, lock, lock_with_resource, moved, of_project, of_resource, update};
