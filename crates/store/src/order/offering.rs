//! The offering of an order.

use chrono::NaiveDate;
use mercat_domain::id::UserId;

use super::{
    filter::OrderFilter,
    page::{Stretch, Wanted, read},
    row::Details,
};
use crate::{
    Db,
    error::StoreError,
    offering::{self, OfferingDetails},
};

/// The offering of the first order that the filters leave, for somebody whose own changes have to be in it; `today` decides
/// which campaigns run.
///
/// # Errors
/// The database failed.
pub async fn offering(
    db: &Db,
    reader: UserId,
    filters: &[OrderFilter],
    today: NaiveDate,
) -> Result<Option<OfferingDetails>, StoreError> {
    let stretch = Stretch { details: Details::NONE, ..Stretch::new(filters, &[], 0, 1) };
    let Some(order) = read(db, reader, Wanted::new(stretch)).await?.pop() else { return Ok(None) };
    let kept = db.kept().part::<OfferingDetails>(order.progress().epoch, order.offering_id()).await?;
    let Some(kept) = kept else { return Ok(None) };
    let mut details = [(*kept).clone()];
    offering::count(db.read(), &mut details, today).await?;
    let [details] = details;
    Ok(Some(details))
}
