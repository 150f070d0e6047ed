//! What is already taken: components, and the people of a project.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike as _, NaiveDate};
use mercat_domain::{
    id::{ComponentId, OfferingId, ProjectId, ResourceId},
    offering::{Component, LimitPeriod, LimitUse, Limits},
    order::TeamFacts,
    time::start_of_day,
};
use mercat_store::{facts, people};

use crate::{AppError, Tx};

/// How much of the ordered components is taken; only components with a ceiling are counted.
pub(crate) async fn limit_use(
    tx: &Tx,
    offering: OfferingId,
    components: &[(ComponentId, Component)],
    limits: &Limits,
    except: Option<ResourceId>,
) -> Result<BTreeMap<String, LimitUse>, AppError> {
    let mut usage = BTreeMap::new();
    for (id, component) in components {
        if component.is_capped() && limits.contains_key(&component.kind) {
            let since = component.limit_period.and_then(|period| period_start(period, tx.now.date_naive()));
            let used =
                facts::limit_use(&tx.db, (*id, &component.kind), offering, since.map(start_of_day), except).await?;
            usage.insert(component.kind.clone(), used);
        }
    }
    Ok(usage)
}

/// The first day of the calendar period that `today` is in; `None` for ever (spec 7.5).
fn period_start(period: LimitPeriod, today: NaiveDate) -> Option<NaiveDate> {
    let month = match period {
        LimitPeriod::Month => today.month(),
        LimitPeriod::Quarterly => (today.month() - 1) / 3 * 3 + 1,
        LimitPeriod::Annual => 1,
        LimitPeriod::Total => return None,
    };
    NaiveDate::from_ymd_opt(today.year(), month, 1)
}

/// The people of a project and their roles (spec 7.6).
pub(crate) async fn team(tx: &Tx, project: ProjectId) -> Result<TeamFacts, AppError> {
    let members = people::team(&tx.db, project, tx.now).await?;
    let users: HashSet<_> = members.iter().map(|(user, _)| *user).collect();
    let known_roles = people::roles(&tx.db).await?.into_iter().map(|role| role.name).collect();
    Ok(TeamFacts { users: users.len() as u64, roles: members.into_iter().map(|(_, role)| role).collect(), known_roles })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_with_the_calendar_s() {
        use LimitPeriod::{Annual, Month, Quarterly, Total};
        let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day);
        for (period, today, first) in [
            (Month, day(5, 19), day(5, 1)),
            (Month, day(5, 1), day(5, 1)),
            (Quarterly, day(3, 31), day(1, 1)),
            (Quarterly, day(5, 19), day(4, 1)),
            (Quarterly, day(12, 31), day(10, 1)),
            (Annual, day(12, 31), day(1, 1)),
            (Total, day(5, 19), None),
        ] {
            assert_eq!(today.and_then(|today| period_start(period, today)), first, "{period:?} {today:?}");
        }
    }
}
