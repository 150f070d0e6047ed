//! Orders: everything that can be asked of them and done to them.

mod act;
mod apply;
mod attachment;
mod change;
mod create;
mod load;
mod read;
mod seen;
mod system;
mod usage;

pub(crate) use act::unlink_row;
pub use act::{Approval, act, destroy, set_backend_id, set_erred, unlink, unlink_allowed};
pub(crate) use apply::{resource_cost, set_quotas};
pub(crate) use attachment::forget as forget_media;
pub use attachment::{Attachment, attach, attachment_allowed, detach, open as open_media};
pub use change::{
    OptionsChange, RenewalRequest, ResourceSide, renew, restore, switch_plan, terminate, update_limits, update_options,
};
pub use create::{CreateOrder, create};
pub(crate) use create::{blank, submit};
pub use load::Target;
pub(crate) use load::{Loaded, Parties, any_order, gather};
/// The parts of an offering, for those who show it.
pub use mercat_store::offering::{CatalogDetails, GroupDetails, OfferingDetails, PlanDetails};
pub use mercat_store::order::{Detail, Details, OrderFilter, OrderRow, Sort, SortKey, Stretch};
pub use mercat_store::reference::Person;
pub use read::{
    OfferingView, OrderView, components_of, count, count_up_to, first_of_each, is_own, list, offering_of, page,
    reindex, retrieve, retrieve_only, verify_log, wrong_indexes,
};
pub(crate) use read::{order_views, seen_by};
pub use seen::{Seen, confirm, confirm_digest};
pub(crate) use system::{STALE_AFTER, by_service, expire, process, start};
