//! How often a password may be guessed.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use mercat_domain::time::Timestamp;

/// So many in a row.
const IN_A_ROW: i32 = 10;
/// Then one each.
const THEN_EACH: TimeDelta = TimeDelta::seconds(6);
/// Names that are remembered at most. Whoever tries more of them at once pushes out those that are free again, and if
/// there are none, waits.
const MOST_NAMES: usize = 100_000;

/// Sign-ins by the name that was tried, whoever tried it and whether it exists, in this process.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<HashMap<String, Timestamp>>);

impl Attempts {
    fn names(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an attempt, before its outcome is known; the seconds to wait when there is none left.
    pub fn take(&self, name: &str, now: Timestamp) -> Result<(), i64> {
        let mut names = self.names();
        if names.len() >= MOST_NAMES {
            names.retain(|_, free| *free > now);
            if names.len() >= MOST_NAMES {
                return Err(THEN_EACH.num_seconds());
            }
        }
        // When all attempts that were taken would have been earned one by one.
        let earned = names.get(name).copied().filter(|earned| *earned > now).unwrap_or(now) + THEN_EACH;
        let wait = earned - now - THEN_EACH * IN_A_ROW;
        if wait > TimeDelta::zero() {
            return Err(wait.num_seconds().max(1));
        }
        names.insert(name.to_owned(), earned);
        Ok(())
    }

    /// A sign-in that succeeded gives the attempts back.
    pub fn forget(&self, name: &str) {
        self.names().remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_in_a_row_then_one_every_six_seconds() {
        let (attempts, mut now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..10 {
            assert_eq!(attempts.take("a", now), Ok(()));
        }
        assert_eq!(attempts.take("a", now), Err(6));
        assert_eq!(attempts.take("b", now), Ok(()), "others are not held up");
        now += TimeDelta::seconds(2);
        assert_eq!(attempts.take("a", now), Err(4), "trying does not make it longer");
        now += TimeDelta::seconds(4);
        assert_eq!(attempts.take("a", now), Ok(()));
        assert_eq!(attempts.take("a", now), Err(6));
        attempts.forget("a");
        assert_eq!(attempts.take("a", now), Ok(()));
        now += TimeDelta::minutes(2);
        for _ in 0..10 {
            assert_eq!(attempts.take("a", now), Ok(()));
        }
        assert_eq!(attempts.take("a", now), Err(6), "never more than ten");
    }
}
