//! Figures that one looks at: how many orders, how long they take, what they cost. Of the orders that the reader sees.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike as _, Months, NaiveDate, TimeDelta};
use mercat_domain::{
    id::{CustomerId, OfferingId},
    invalid::Invalid,
    order::OrderState,
    permission::Actor,
    time::start_of_day,
};
pub use mercat_store::order::numbers::{Bucket, Cost};
use mercat_store::{
    entity::{customer, offering},
    list,
    order::{
        OrderFilter,
        numbers::{self, CostOf, Times, Took},
    },
};
use uuid::Uuid;

use crate::{App, AppError, orders::seen_by};

/// A longer period is not looked at, in days: about five years.
const LONGEST: i64 = 5 * 366;
/// So many organisations and offerings are told by name.
const MOST_NAMED: u64 = 10;

/// A period, its ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// Checks that it is one.
    ///
    /// # Errors
    /// It ends before it begins, or is longer than five years.
    pub fn checked(from: NaiveDate, to: NaiveDate) -> Result<Self, Invalid> {
        match (to - from).num_days() {
            days if days < 0 => Err(Invalid::field("to", "The last day is before the first one.")),
            days if days > LONGEST => Err(Invalid::field("from", "The period is longer than five years.")),
            _ => Ok(Self { from, to }),
        }
    }

    /// Stretches of which a person still sees each.
    #[must_use]
    pub fn bucket(self) -> Bucket {
        match (self.to - self.from).num_days() {
            ..=45 => Bucket::Day,
            46..=190 => Bucket::Week,
            _ => Bucket::Month,
        }
    }

    /// The first days of its stretches; the first may be before the period.
    #[must_use]
    pub fn stretches(self) -> Vec<NaiveDate> {
        let bucket = self.bucket();
        let first = match bucket {
            Bucket::Day => self.from,
            Bucket::Week => self.from - TimeDelta::days(self.from.weekday().num_days_from_monday().into()),
            Bucket::Month => self.from.with_day(1).unwrap_or(self.from),
        };
        let next = |day: &NaiveDate| match bucket {
            Bucket::Day => day.succ_opt(),
            Bucket::Week => day.checked_add_signed(TimeDelta::days(7)),
            Bucket::Month => day.checked_add_months(Months::new(1)),
        };
        std::iter::successors(Some(first), next).take_while(|day| *day <= self.to).collect()
    }
}

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// How many orders came so far.
    pub orders: u64,
    /// For half of them at most.
    pub median: TimeDelta,
    /// For nine of ten at most.
    pub ninth: TimeDelta,
}

/// How long it took for all, and for those placed in each stretch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations {
    /// All of them; `None` when there are none.
    pub whole: Option<Duration>,
    /// By the first day of the stretch.
    pub by_stretch: BTreeMap<NaiveDate, Duration>,
}

/// What orders cost, by whom or what they were for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// The dearest, with their names.
    pub named: Vec<(String, Cost)>,
    /// All together.
    pub whole: Cost,
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Of which period.
    pub period: Period,
    /// The stretches that it falls into.
    pub stretches: Vec<NaiveDate>,
    /// How many of the orders placed in a stretch are in a state today.
    pub states: BTreeMap<NaiveDate, BTreeMap<OrderState, u64>>,
    /// Until both sides had agreed.
    pub approval: Durations,
    /// Until it was done.
    pub completion: Durations,
    /// What those cost that were not refused, cancelled or failed, by organisation.
    pub by_customer: Shares,
    /// The same by offering.
    pub by_offering: Shares,
}

/// The figures of the orders that the actor sees, that were placed in the period and that the filters leave.
///
/// # Errors
/// The database failed.
pub async fn numbers(app: &App, actor: &Actor, filters: &[OrderFilter], period: Period) -> Result<Numbers, AppError> {
    let conn = app.db.read();
    let mut placed = seen_by(actor, filters);
    let end = start_of_day(period.to + TimeDelta::days(1)) - TimeDelta::microseconds(1);
    placed.extend([OrderFilter::CreatedFrom(start_of_day(period.from)), OrderFilter::CreatedTo(end)]);
    let counted = numbers::by_state(conn, &placed, period.bucket()).await?;
    let mut states: BTreeMap<NaiveDate, BTreeMap<OrderState, u64>> = BTreeMap::new();
    for row in counted {
        states.entry(day(&row.bucket)?).or_default().insert(row.state, row.orders.unsigned_abs());
    }
    let approval = durations(app, &placed, Took::Approval, period).await?;
    let completion = durations(app, &placed, Took::Completion, period).await?;
    let gone = OrderFilter::State(vec![OrderState::Rejected, OrderState::Canceled, OrderState::Erred]);
    placed.push(OrderFilter::Not(vec![gone]));
    let whole = numbers::cost(conn, &placed).await?;
    Ok(Numbers {
        period,
        stretches: period.stretches(),
        states,
        approval,
        completion,
        by_customer: Shares { named: by_customer(app, &placed).await?, whole: whole.clone() },
        by_offering: Shares { named: by_offering(app, &placed).await?, whole },
    })
}

fn day(text: &str) -> Result<NaiveDate, AppError> {
    text.parse().map_err(|_| AppError::Internal(format!("the database named a day {text:?}")))
}

async fn durations(app: &App, placed: &[OrderFilter], took: Took, period: Period) -> Result<Durations, AppError> {
    let duration = |row: &Times| Duration {
        orders: row.orders.unsigned_abs(),
        median: TimeDelta::seconds(row.median),
        ninth: TimeDelta::seconds(row.ninth),
    };
    let conn = app.db.read();
    let whole = numbers::times(conn, placed, took, None).await?;
    let parts = numbers::times(conn, placed, took, Some(period.bucket())).await?;
    let by_stretch = parts.iter().map(|row| Ok((day(&row.bucket)?, duration(row)))).collect::<Result<_, AppError>>()?;
    Ok(Durations { whole: whole.first().map(duration), by_stretch })
}

async fn by_customer(app: &App, placed: &[OrderFilter]) -> Result<Vec<(String, Cost)>, AppError> {
    let conn = app.db.read();
    let found = numbers::shares(conn, placed, CostOf::Customer, MOST_NAMED).await?;
    let rows: HashMap<CustomerId, customer::Model> =
        list::by_ids::<customer::Entity, _>(conn, found.iter().map(|(id, _)| CustomerId::from(*id))).await?;
    let name = |id: Uuid| rows.get(&id.into()).map(|row| row.name.clone()).unwrap_or_default();
    Ok(found.into_iter().map(|(id, cost)| (name(id), cost)).collect())
}

async fn by_offering(app: &App, placed: &[OrderFilter]) -> Result<Vec<(String, Cost)>, AppError> {
    let conn = app.db.read();
    let found = numbers::shares(conn, placed, CostOf::Offering, MOST_NAMED).await?;
    let rows: HashMap<OfferingId, offering::Model> =
        list::by_ids::<offering::Entity, _>(conn, found.iter().map(|(id, _)| OfferingId::from(*id))).await?;
    let name = |id: Uuid| rows.get(&id.into()).map(|row| row.name.clone()).unwrap_or_default();
    Ok(found.into_iter().map(|(id, cost)| (name(id), cost)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_fall_into_stretches() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let of = |from, to| Period::checked(day(from), day(to));
        let days = of("2026-02-27", "2026-03-01").unwrap();
        assert_eq!((days.bucket(), days.stretches().len()), (Bucket::Day, 3));
        let weeks = of("2026-01-01", "2026-03-31").unwrap();
        assert_eq!(
            (weeks.bucket(), weeks.stretches()[..2].to_vec()),
            (Bucket::Week, vec![day("2025-12-29"), day("2026-01-05")])
        );
        let months = of("2025-01-31", "2026-01-30").unwrap();
        assert_eq!((months.bucket(), months.stretches().len()), (Bucket::Month, 13));
        assert!(of("2026-01-02", "2026-01-01").is_err() && of("2020-01-01", "2026-01-01").is_err());
        assert!(of("2026-01-01", "2026-01-01").is_ok());
    }
}
