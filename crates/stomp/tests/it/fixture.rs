//! A session with a client, and answers in a form that tests can compare.

use std::time::Duration;

use mercat_stomp::{Decoder, Event, Frame, Session, Settings};

pub const CONNECT: &str = "CONNECT\naccept-version:1.2\nhost:h\n\n\0";

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub fn settings() -> Settings {
    Settings { server: "mercat/0.1.0".to_owned(), heart_beat: seconds(10), max_in_flight: 3, max_subscriptions: 2 }
}

pub fn new() -> Session {
    Session::new(settings())
}

/// A session whose client was accepted.
pub fn open() -> Session {
    let mut session = new();
    assert!(matches!(say(&mut session, CONNECT)[..], [Event::Connect { .. }]));
    assert_eq!(commands(&session.accept()), ["CONNECTED"]);
    session
}

/// A session with the subscription `s` to `/queue/q`.
pub fn subscribed(ack: &str) -> Session {
    let mut session = open();
    say(&mut session, &format!("SUBSCRIBE\nid:s\ndestination:/queue/q\nack:{ack}\n\n\0"));
    assert_eq!(session.subscribed("s"), []);
    session
}

/// Receives a text at the beginning of time.
pub fn say(session: &mut Session, text: &str) -> Vec<Event> {
    session.receive(text.as_bytes(), Duration::ZERO)
}

/// The one frame that an event sends.
pub fn sent(event: &Event) -> Frame {
    let bytes = if let Event::Send(bytes) = event { Some(bytes) } else { None };
    frame(bytes.expect("something to send"))
}

pub fn frame(bytes: &[u8]) -> Frame {
    let mut decoder = Decoder::default();
    decoder.feed(bytes);
    decoder.next_frame().expect("a frame").expect("a whole frame")
}

/// The commands of frames that are sent, and the names of other events.
pub fn commands(events: &[Event]) -> Vec<String> {
    let name = |event: &Event| match event {
        Event::Send(_) => sent(event).command,
        other => format!("{other:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
    };
    events.iter().map(name).collect()
}

/// The message of the ERROR with which a session ends here.
pub fn refusal(events: &[Event]) -> String {
    assert_eq!(commands(events), ["ERROR", "Close"]);
    let error = sent(&events[0]);
    let message = error.header("message").expect("a message").to_owned();
    assert_eq!(String::from_utf8_lossy(&error.body), message);
    message
}

/// Delivers a message of the subscription `s` and gives its frame.
pub fn deliver(session: &mut Session, message_id: &str) -> Frame {
    frame(&session.deliver("s", message_id, "/queue/q", "application/json", b"{}").expect("delivered"))
}

/// The id of the ACK that a delivered message asks for.
pub fn ack_of(message: &Frame) -> String {
    message.header("ack").expect("an id").to_owned()
}
