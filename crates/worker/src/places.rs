//! Who may be sent to now: many receivers at once, few messages to each.
//!
//! A receiver that does not answer holds its place until the time is over. So one that has not answered lately gets one
//! place only, and all of those together get half of the places: however many are dead, the others go on.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use mercat_app::entity::delivery;

/// So many messages are on their way at once.
const PLACES: usize = 64;
/// So many of them to receivers that have not answered lately.
const PLACES_FOR_UNKNOWN: usize = PLACES / 2;
/// So many of them to one receiver that answers.
const EACH: usize = 4;
/// So many mails at once: servers take few connections from one sender.
const MAILS: usize = 2;
/// What all mail has as its target.
const MAIL: &str = "mail";
/// So many messages are claimed at once, so that what is claimed can be sent before somebody else may claim it.
const BATCH: usize = 8;
/// A claimed message that has waited for so long is left to whoever claims it next: its sender might still be at it
/// when the claim is over.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many claimed messages may wait.
const MOST_WAITING: usize = 1000;
/// So many of them for receivers that have not answered lately. More are left to be claimed again, so that any number of
/// dead receivers leaves the others their turn.
const MOST_UNKNOWN_WAITING: usize = MOST_WAITING / 2;
/// Where callbacks go is up to strangers: what is remembered of receivers has an end.
const MOST_KNOWN: usize = 10_000;

/// A claimed message that waits for a place.
struct Waiting {
    row: Arc<delivery::Model>,
    since: Instant,
}

/// Who is being sent to.
#[derive(Default)]
pub(crate) struct Places {
    running: HashMap<String, usize>,
    waiting: VecDeque<Waiting>,
    /// Whose last answer came.
    answering: HashSet<String>,
}

impl Places {
    /// How many messages may be claimed now.
    pub(crate) fn wanted(&self) -> u64 {
        let is_full = self.running.values().sum::<usize>() >= PLACES || self.waiting.len() >= MOST_WAITING;
        if is_full { 0 } else { BATCH as u64 }
    }

    /// Targets of which no more may be claimed.
    pub(crate) fn busy(&self) -> Vec<String> {
        let mut held = self.running.clone();
        for waiting in &self.waiting {
            *held.entry(waiting.row.target.clone()).or_default() += 1;
        }
        held.into_iter().filter(|(target, count)| *count >= self.bound(target)).map(|(target, _)| target).collect()
    }

    /// Takes in what was claimed.
    pub(crate) fn claimed(&mut self, rows: Vec<delivery::Model>, since: Instant) {
        let mut unknown = self.waiting.iter().filter(|waiting| !self.is_known(&waiting.row.target)).count();
        for row in rows {
            let is_known = self.is_known(&row.target);
            if !is_known && unknown >= MOST_UNKNOWN_WAITING {
                continue;
            }
            unknown += usize::from(!is_known);
            self.waiting.push_back(Waiting { row: Arc::new(row), since });
        }
    }

    /// The next message that may leave; its place is taken until [`Self::done`].
    pub(crate) fn next(&mut self, now: Instant) -> Option<Arc<delivery::Model>> {
        self.waiting.retain(|waiting| now - waiting.since < PATIENCE);
        let at = self.waiting.iter().position(|waiting| self.may_go(&waiting.row.target))?;
        let Waiting { row, .. } = self.waiting.remove(at)?;
        *self.running.entry(row.target.clone()).or_default() += 1;
        Some(row)
    }

    /// Gives the place back; `answered` says whether the receiver said anything at all.
    pub(crate) fn done(&mut self, target: &str, answered: bool) {
        if let Some(count) = self.running.get_mut(target) {
            *count -= 1;
            if *count == 0 {
                self.running.remove(target);
            }
        }
        if !answered {
            self.answering.remove(target);
        } else if !self.answering.contains(target) {
            if self.answering.len() >= MOST_KNOWN {
                self.answering.clear();
            }
            self.answering.insert(target.to_owned());
        }
    }

    /// What is claimed and has no place yet; nobody waits any more then.
    pub(crate) fn take_waiting(&mut self) -> Vec<Arc<delivery::Model>> {
        self.waiting.drain(..).map(|waiting| waiting.row).collect()
    }

    fn may_go(&self, target: &str) -> bool {
        let running = self.running.get(target).copied().unwrap_or_default();
        let has_place = if self.is_known(target) {
            self.running.values().sum::<usize>() < PLACES
        } else {
            let unknown = self.running.iter().filter(|(target, _)| !self.is_known(target));
            unknown.map(|(_, count)| count).sum::<usize>() < PLACES_FOR_UNKNOWN
        };
        has_place && running < self.bound(target)
    }

    fn is_known(&self, target: &str) -> bool {
        target == MAIL || self.answering.contains(target)
    }

    fn bound(&self, target: &str) -> usize {
        match target {
            MAIL => MAILS,
            _ if self.answering.contains(target) => EACH,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use mercat_domain::delivery::{DeliveryKind, DeliveryState};

    use super::*;

    fn row(number: i64, target: &str) -> delivery::Model {
        delivery::Model {
            number,
            id: mercat_app::ids::new(chrono::DateTime::UNIX_EPOCH),
            kind: DeliveryKind::Callback,
            lane: number.to_string(),
            target: target.to_owned(),
            order_id: None,
            hook_id: None,
            event_seq: None,
            payload: serde_json::Value::Null,
            state: DeliveryState::Pending,
            ready: true,
            attempts: 0,
            last_error: None,
            created: chrono::DateTime::UNIX_EPOCH,
            due: chrono::DateTime::UNIX_EPOCH,
            finished: None,
        }
    }

    fn started(places: &mut Places) -> Vec<i64> {
        let now = Instant::now();
        std::iter::from_fn(|| places.next(now).map(|row| row.number)).collect()
    }

    #[test]
    fn a_receiver_earns_its_places_by_answering() {
        let mut places = Places::default();
        places.claimed((0..8).map(|n| row(n, "a")).collect(), Instant::now());
        assert_eq!(started(&mut places), [0], "nothing is known of it yet");
        assert_eq!(places.busy(), ["a"]);
        places.done("a", true);
        assert_eq!(started(&mut places), [1, 2, 3, 4]);
        places.done("a", false);
        assert_eq!(started(&mut places), [0; 0], "one that fell silent has one place, and three are still taken");
        for _ in 0..3 {
            places.done("a", false);
        }
        assert_eq!(started(&mut places), [5]);
    }

    #[test]
    fn the_dead_leave_half_of_the_places_to_the_others() {
        let mut places = Places::default();
        places.done("alive", true);
        places.claimed((0..100).map(|n| row(n, &format!("dead{n}"))).collect(), Instant::now());
        places.claimed((100..110).map(|n| row(n, "alive")).collect(), Instant::now());
        let started = started(&mut places);
        assert_eq!(started.iter().filter(|number| **number < 100).count(), PLACES_FOR_UNKNOWN);
        assert_eq!(started.iter().filter(|number| **number >= 100).count(), EACH);
    }

    #[test]
    fn however_many_are_dead_the_others_are_claimed() {
        let mut places = Places::default();
        places.done("alive", true);
        places.claimed((0..2000).map(|n| row(n, &format!("dead{n}"))).collect(), Instant::now());
        started(&mut places);
        assert_eq!(places.wanted(), BATCH as u64);
        places.claimed(vec![row(2000, "alive")], Instant::now());
        assert_eq!(started(&mut places), [2000]);
    }

    #[test]
    fn what_has_waited_for_too_long_is_left_to_the_next() {
        let mut places = Places::default();
        places.claimed(vec![row(1, "mail"), row(2, "mail"), row(3, "mail")], Instant::now());
        assert_eq!(started(&mut places), [1, 2]);
        places.done("mail", true);
        assert!(places.next(Instant::now() + PATIENCE).is_none());
        assert!(places.busy().is_empty(), "one mail is on its way, and nothing waits");
    }

    #[test]
    fn when_all_places_are_taken_nothing_is_claimed() {
        let mut places = Places::default();
        let names: Vec<String> = (0..16).map(|n| format!("r{n}")).collect();
        names.iter().for_each(|name| places.done(name, true));
        let rows = (0..80).map(|n| row(n, &names[usize::try_from(n).unwrap() % 16])).collect();
        places.claimed(rows, Instant::now());
        assert_eq!(started(&mut places).len(), PLACES);
        assert_eq!(places.wanted(), 0);
        places.done("r0", true);
        assert_eq!(places.wanted(), BATCH as u64);
    }
}
