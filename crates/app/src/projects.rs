//! Projects, as far as orders depend on them.

use chrono::NaiveDate;
use mercat_domain::{id::ProjectId, order::OrderState, time::start_of_day};
use mercat_store::{order as orders, project};

use crate::{AppError, Tx, jobs::JobKind};

/// Moves the day on which a project begins; its waiting orders follow, at once when it has come (spec 6.2, 15.1).
///
/// # Errors
/// [`AppError::NotFound`] when there is no such project, or the database failed.
pub async fn set_start_date(tx: &mut Tx, id: ProjectId, day: Option<NaiveDate>) -> Result<(), AppError> {
    if !project::set_start_date(&tx.db, id, day).await? {
        return Err(AppError::NotFound);
    }
    follow_start_date(tx, id, day).await
}

/// The orders that wait for a project follow its new first day.
pub(crate) async fn follow_start_date(tx: &mut Tx, id: ProjectId, day: Option<NaiveDate>) -> Result<(), AppError> {
    let due = day.map_or(tx.now, |day| start_of_day(day).max(tx.now));
    for order in orders::of_project(&tx.db, id, OrderState::PendingProject).await? {
        tx.schedule(JobKind::Start, order.uuid(), due).await?;
    }
    Ok(())
}
