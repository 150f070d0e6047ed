//! What providers look after: their offerings with components, plans, options and state.

mod change;
mod list;
mod new;
mod offering;
mod parts;
mod plans;

use axum::Router;

use crate::{board, site::Site, table};

/// Where the offerings are.
pub(crate) const PLACE: &str = "/provider/offerings/";

/// The pages of providers.
pub(crate) const TABS: &[(&str, &str)] = &[
    (PLACE, "Offerings"),
    ("/orders/?q=side:provider%20is:open", "Incoming orders"),
    ("/provider/resources/", "Provided resources"),
];

/// All pages but those of resources.
pub(crate) fn routes() -> Router<Site> {
    table::routes::<list::Offerings>().merge(board::routes::<new::New>()).merge(board::routes::<offering::Offering>())
}
