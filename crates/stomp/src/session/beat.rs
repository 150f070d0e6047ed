//! Heart-beats: when to send one, and when the other end has been silent for too long.

use std::time::Duration;

/// Both directions; no interval means no heart-beats in that direction.
#[derive(Debug, Default)]
pub struct Beat {
    now: Duration,
    heard: Duration,
    sent: Duration,
    send_every: Option<Duration>,
    hear_every: Option<Duration>,
}

impl Beat {
    /// Notes the time, which never goes back.
    pub fn at(&mut self, now: Duration) {
        self.now = self.now.max(now);
    }

    /// Something was received at the last time noted.
    pub const fn heard(&mut self) {
        self.heard = self.now;
    }

    /// Something was sent, at the last time noted or later.
    pub const fn sent(&mut self) {
        self.sent = self.now;
    }

    /// Begins with what both ends want.
    pub fn start(&mut self, ours: Duration, wish: Wish) {
        self.heard();
        self.send_every = negotiated(ours, wish.receives);
        self.hear_every = negotiated(ours, wish.sends);
    }

    /// Whether the other end has not kept its promise.
    pub fn is_silent(&self) -> bool {
        self.silence_ends().is_some_and(|end| end <= self.now)
    }

    /// Whether one must be sent now.
    pub fn is_due(&self) -> bool {
        self.send_due().is_some_and(|due| due <= self.now)
    }

    /// When to look again.
    pub fn next(&self) -> Option<Duration> {
        self.send_due().into_iter().chain(self.silence_ends()).min()
    }

    /// A quarter early, because the promise is about arrival.
    fn send_due(&self) -> Option<Duration> {
        self.send_every.map(|every| self.sent.saturating_add(every - every / 4))
    }

    /// Twice the promise, because networks are late.
    fn silence_ends(&self) -> Option<Duration> {
        self.hear_every.map(|every| self.heard.saturating_add(every.saturating_mul(2)))
    }
}

/// The slower of both; none when one of them does not want any.
fn negotiated(ours: Duration, theirs: Duration) -> Option<Duration> {
    (!ours.is_zero() && !theirs.is_zero()).then(|| ours.max(theirs))
}

/// The `heart-beat` header of a client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// How often it can send something.
    pub sends: Duration,
    /// How often it wants to receive something.
    pub receives: Duration,
}

impl Wish {
    /// Reads `<sends>,<receives>` in milliseconds.
    pub fn parse(text: &str) -> Option<Self> {
        let (sends, receives) = text.split_once(',')?;
        Some(Self { sends: milliseconds(sends)?, receives: milliseconds(receives)? })
    }
}

fn milliseconds(text: &str) -> Option<Duration> {
    // `parse` alone would take a plus sign.
    if text.starts_with('+') { None } else { text.parse().ok().map(Duration::from_millis) }
}
