//! How long a loop rests.

use std::time::Duration;

use mercat_domain::time::Timestamp;

/// The longest rest. What other processes leave to do is found by looking, so it begins within a second of its time.
pub(crate) const LONGEST_REST: Duration = Duration::from_secs(1);
/// After a failure of the database a loop waits this long.
pub(crate) const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Until the next thing is due, but not for longer than a loop may rest.
pub(crate) fn rest_until(now: Timestamp, next: Option<Timestamp>) -> Duration {
    let wait = next.and_then(|due| (due - now).to_std().ok());
    wait.map_or(LONGEST_REST, |wait| wait.clamp(Duration::from_millis(1), LONGEST_REST))
}
