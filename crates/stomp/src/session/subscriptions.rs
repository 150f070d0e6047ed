//! The subscriptions of a connection and the messages that wait for their ACK.

use std::collections::VecDeque;

use super::{AckMode, Undelivered};
use crate::fault::Fault;

/// All subscriptions; there are few, so that a search through them is quick.
#[derive(Debug, Default)]
pub struct Subscriptions {
    list: Vec<Subscription>,
    /// How many acknowledgements were asked for so far, which makes their ids unique.
    asked: u64,
}

#[derive(Debug)]
struct Subscription {
    id: String,
    ack: AckMode,
    in_flight: VecDeque<Waiting>,
}

/// A message that waits for its ACK.
#[derive(Debug)]
struct Waiting {
    ack_id: String,
    message_id: String,
}

/// Messages of a subscription that an ACK or NACK is about.
pub struct Settled {
    /// The subscription.
    pub subscription: String,
    /// Oldest first.
    pub message_ids: Vec<String>,
}

impl Subscriptions {
    /// Whether one more of this id may be added.
    pub fn check_new(&self, id: &str, most: usize) -> Result<(), Fault> {
        if self.list.iter().any(|known| known.id == id) {
            return Err(Fault::DoubleSubscription);
        }
        if self.list.len() >= most { Err(Fault::TooManySubscriptions) } else { Ok(()) }
    }

    /// Adds a subscription.
    pub fn add(&mut self, id: String, ack: AckMode) {
        self.list.push(Subscription { id, ack, in_flight: VecDeque::new() });
    }

    /// Ends a subscription.
    pub fn remove(&mut self, id: &str) -> Result<(), Fault> {
        let place = self.list.iter().position(|known| known.id == id).ok_or(Fault::NoSubscription)?;
        self.list.remove(place);
        Ok(())
    }

    /// How many more messages a subscription may get now; none when it does not exist.
    pub fn room(&self, id: &str, most: usize) -> usize {
        self.list.iter().find(|known| known.id == id).map_or(0, |known| known.room(most))
    }

    /// Notes that a message is sent, and gives the id of its ACK if there must be one.
    pub fn deliver(&mut self, id: &str, message_id: &str, most: usize) -> Result<Option<String>, Undelivered> {
        let known = self.list.iter_mut().find(|known| known.id == id).ok_or(Undelivered::NoSubscription)?;
        if known.room(most) == 0 {
            return Err(Undelivered::Full);
        }
        if known.ack == AckMode::Auto {
            return Ok(None);
        }
        self.asked += 1;
        let ack_id = self.asked.to_string();
        known.in_flight.push_back(Waiting { ack_id: ack_id.clone(), message_id: message_id.to_owned() });
        Ok(Some(ack_id))
    }

    /// Takes the messages that an ACK or NACK with this id is about.
    pub fn settle(&mut self, ack_id: &str) -> Result<Settled, Fault> {
        self.list.iter_mut().find_map(|known| known.settle(ack_id)).ok_or(Fault::NoMessage)
    }
}

impl Subscription {
    fn room(&self, most: usize) -> usize {
        if self.ack == AckMode::Auto { usize::MAX } else { most.saturating_sub(self.in_flight.len()) }
    }

    fn settle(&mut self, ack_id: &str) -> Option<Settled> {
        let place = self.in_flight.iter().position(|waiting| waiting.ack_id == ack_id)?;
        let first = if self.ack == AckMode::Client { 0 } else { place };
        let message_ids = self.in_flight.drain(first..=place).map(|waiting| waiting.message_id).collect();
        Some(Settled { subscription: self.id.clone(), message_ids })
    }
}
