//! Where a consumer is in the log: what was read, what is on its way, and what is known to have arrived.

use std::{collections::BTreeSet, time::Instant};

use mercat_app::entity::event_queue;
use mercat_stomp::AckMode;

/// Events that no message was made of are skipped in the stored place only after so many.
const SKIPPED: i64 = 1000;

/// A subscription's place.
pub(super) struct Place {
    pub queue: event_queue::Model,
    pub destination: String,
    pub mode: AckMode,
    /// Everything up to here was looked at.
    pub read: i64,
    /// When its consumer was last found to have the right to it.
    pub asked: Instant,
    on_the_way: BTreeSet<i64>,
    stored: i64,
    has_arrived: bool,
}

impl Place {
    /// A consumer that goes on where its queue is.
    pub fn new(queue: event_queue::Model, destination: &str, mode: AckMode) -> Self {
        let read = queue.seq;
        Self {
            queue,
            destination: destination.to_owned(),
            mode,
            read,
            asked: Instant::now(),
            on_the_way: BTreeSet::new(),
            stored: read,
            has_arrived: false,
        }
    }

    /// How many messages are on their way.
    pub fn in_flight(&self) -> usize {
        self.on_the_way.len()
    }

    /// A message was sent.
    pub fn sent(&mut self, seq: i64) {
        self.on_the_way.insert(seq);
    }

    /// One message has arrived.
    pub fn acknowledged(&mut self, seq: i64) {
        self.has_arrived |= self.on_the_way.remove(&seq);
    }

    /// Everything up to a number has arrived.
    pub fn arrived(&mut self, seq: i64) {
        let later = self.on_the_way.split_off(&(seq + 1));
        self.has_arrived |= !self.on_the_way.is_empty();
        self.on_the_way = later;
    }

    /// Up to where nothing is missing, if that is worth storing.
    pub fn to_save(&self) -> Option<i64> {
        let whole = self.on_the_way.first().map_or(self.read, |first| first - 1);
        let is_worth = self.has_arrived || whole - self.stored > SKIPPED;
        (is_worth && whole > self.stored).then_some(whole)
    }

    /// It was stored.
    pub fn saved(&mut self, seq: i64) {
        self.stored = seq;
        self.has_arrived = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seq: i64, mode: AckMode) -> Place {
        let id = uuid::Uuid::nil();
        let now = chrono::DateTime::UNIX_EPOCH;
        let queue = event_queue::Model {
            id: id.into(),
            name: "q".to_owned(),
            user_id: id.into(),
            offering_id: id.into(),
            identity_id: None,
            subscription_id: None,
            object_types: serde_json::json!([]),
            seq,
            created: now,
            modified: now,
        };
        Place::new(queue, "/amq/queue/q", mode)
    }

    #[test]
    fn nothing_is_stored_before_it_has_arrived() {
        let mut place = place(5, AckMode::Auto);
        for seq in [7, 9] {
            place.sent(seq);
        }
        place.read = 10;
        assert_eq!(place.to_save(), None);
        place.arrived(7);
        assert_eq!(place.to_save(), Some(8), "9 is still on its way");
        place.saved(8);
        assert_eq!(place.to_save(), None);
        place.arrived(9);
        assert_eq!(place.to_save(), Some(10), "what nobody wanted is done with too");
    }

    #[test]
    fn acknowledgements_out_of_order_wait_for_the_first() {
        let mut place = place(0, AckMode::ClientIndividual);
        for seq in [1, 2, 3] {
            place.sent(seq);
        }
        place.read = 3;
        place.acknowledged(3);
        place.acknowledged(2);
        assert_eq!(place.to_save(), None);
        place.acknowledged(1);
        assert_eq!(place.to_save(), Some(3));
    }

    #[test]
    fn a_long_stretch_for_others_is_skipped_without_a_message() {
        let mut place = place(0, AckMode::Auto);
        place.read = SKIPPED;
        assert_eq!(place.to_save(), None);
        place.read = SKIPPED + 1;
        assert_eq!(place.to_save(), Some(SKIPPED + 1));
    }
}
