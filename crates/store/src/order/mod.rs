//! Orders: filters, pages, wide rows and guarded writes.

mod filter;
pub mod numbers;
mod page;
mod row;
mod slug;
mod write;

pub use filter::OrderFilter;
pub use page::{Sort, SortKey, count, count_up_to, page};
pub use row::{OrderRow, rows};
pub use slug::{next_slug, slug_is_taken};
pub use write::{delete, executing_siblings, lock, moved, of_project, of_resource, update};
