//! All that the API page lists is there (`../shared/seed/marketplace-orders-api.txt`).

mod answers;
pub mod furnished;
pub mod list;
mod page;
