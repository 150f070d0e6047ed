//! One connection: what its frames mean, in which order, and what the host has to answer.

mod beat;
mod connect;
mod event;
mod frames;
mod reply;
mod subscriptions;

use std::time::Duration;

pub use event::{AckMode, Event, Passcode, Undelivered};

use crate::{Decoder, Frame, MAX_BODY, fault::Fault};
use beat::{Beat, Wish};
use subscriptions::Subscriptions;

/// How much may be sent before the host has answered a CONNECT or SUBSCRIBE, in bytes.
const MAX_AHEAD: usize = 2 * MAX_BODY;

/// What is the same for all connections.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The `server` header, `name/version`.
    pub server: String,
    /// How often this end can send heart-beats and wants to get them; zero for never.
    pub heart_beat: Duration,
    /// The most messages of a subscription that wait for their ACK.
    pub max_in_flight: usize,
    /// The most subscriptions of a connection.
    pub max_subscriptions: usize,
}

/// One connection, from its first byte to [`Event::Close`].
///
/// Times are durations since any moment that the host chooses once. The host must limit by itself how long it waits for
/// a first [`Event::Connect`].
pub struct Session {
    settings: Settings,
    decoder: Decoder,
    phase: Phase,
    beat: Beat,
    subscriptions: Subscriptions,
}

/// Whose turn it is.
enum Phase {
    /// The client's, to connect.
    New,
    /// The host's, to accept the client.
    Connecting(Wish),
    /// Everybody's.
    Open,
    /// The host's, to accept a subscription.
    Subscribing { id: String, ack: AckMode, receipt: Option<String> },
    /// Nobody's, because of the fault if there was one.
    Closed(Option<Fault>),
}

impl Session {
    /// A connection that nothing was received on.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            decoder: Decoder::default(),
            phase: Phase::New,
            beat: Beat::default(),
            subscriptions: Subscriptions::default(),
        }
    }

    /// Takes what was received.
    ///
    /// While the host owes an answer, frames are kept until it has come.
    #[must_use]
    pub fn receive(&mut self, bytes: &[u8], now: Duration) -> Vec<Event> {
        if self.is_closed() {
            return Vec::new();
        }
        self.beat.at(now);
        self.beat.heard();
        self.decoder.feed(bytes);
        self.proceed(Vec::new())
    }

    /// Lets the client in that asked with [`Event::Connect`].
    #[must_use]
    pub fn accept(&mut self) -> Vec<Event> {
        let Phase::Connecting(wish) = self.phase else {
            return Vec::new();
        };
        self.phase = Phase::Open;
        self.beat.start(self.settings.heart_beat, wish);
        let connected = self.send(&reply::connected(&self.settings));
        self.proceed(vec![connected])
    }

    /// Sends the client away that asked with [`Event::Connect`].
    #[must_use]
    pub fn refuse(&mut self, message: &str) -> Vec<Event> {
        if matches!(self.phase, Phase::Connecting(_)) { self.close(message) } else { Vec::new() }
    }

    /// Begins the subscription that was asked for with [`Event::Subscribe`].
    #[must_use]
    pub fn subscribed(&mut self, id: &str) -> Vec<Event> {
        let Some((ack, receipt)) = self.asked_for(id) else {
            return Vec::new();
        };
        self.subscriptions.add(id.to_owned(), ack);
        self.phase = Phase::Open;
        let answer = receipt.map(|receipt| self.send(&reply::receipt(&receipt)));
        self.proceed(answer.into_iter().collect())
    }

    /// Refuses the subscription that was asked for with [`Event::Subscribe`], which ends the connection.
    #[must_use]
    pub fn refuse_subscription(&mut self, id: &str, message: &str) -> Vec<Event> {
        let Some((_, receipt)) = self.asked_for(id) else {
            return Vec::new();
        };
        self.fail(Fault::Host(message.to_owned()), receipt.as_deref())
    }

    /// How many more messages a subscription takes now; without end when they are not acknowledged.
    #[must_use]
    pub fn room(&self, subscription: &str) -> usize {
        self.subscriptions.room(subscription, self.settings.max_in_flight)
    }

    /// The bytes of a message, which must be written before any later ones.
    ///
    /// # Errors
    /// When too many messages wait for their ACK, or there is no such subscription. Nothing has changed then.
    pub fn deliver(
        &mut self,
        subscription: &str,
        message_id: &str,
        destination: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Vec<u8>, Undelivered> {
        let ack = self.subscriptions.deliver(subscription, message_id, self.settings.max_in_flight)?;
        let mut frame = Frame::new("MESSAGE")
            .with("subscription", subscription)
            .with("message-id", message_id)
            .with("destination", destination)
            .with("content-type", content_type);
        if let Some(id) = ack {
            frame = frame.with("ack", id);
        }
        self.beat.sent();
        Ok(frame.with_body(body).encode())
    }

    /// Looks at the time: sends a heart-beat that is due, ends a connection that has fallen silent.
    #[must_use]
    pub fn tick(&mut self, now: Duration) -> Vec<Event> {
        self.beat.at(now);
        if self.is_closed() {
            return Vec::new();
        }
        if self.beat.is_silent() {
            return self.fail(Fault::Silent, None);
        }
        if self.beat.is_due() {
            self.beat.sent();
            return vec![Event::Send(b"\n".to_vec())];
        }
        Vec::new()
    }

    /// When [`tick`](Self::tick) has something to do at the earliest; it changes with whatever is received or sent.
    #[must_use]
    pub fn next_tick(&self) -> Option<Duration> {
        if self.is_closed() { None } else { self.beat.next() }
    }

    /// Ends the connection for a reason of the host, for instance that it shuts down.
    #[must_use]
    pub fn close(&mut self, message: &str) -> Vec<Event> {
        if self.is_closed() { Vec::new() } else { self.fail(Fault::Host(message.to_owned()), None) }
    }

    /// Why the connection was ended with an ERROR, for the log.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match &self.phase {
            Phase::Closed(Some(fault)) => Some(fault.to_string()),
            _ => None,
        }
    }

    const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed(_))
    }

    /// What the pending subscription of this id wants.
    fn asked_for(&self, id: &str) -> Option<(AckMode, Option<String>)> {
        match &self.phase {
            Phase::Subscribing { id: asked, ack, receipt } if asked == id => Some((*ack, receipt.clone())),
            _ => None,
        }
    }
}
