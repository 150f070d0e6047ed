//! What ends a connection with an ERROR, whoever sends it and when.

use std::time::Duration;

use crate::fixture::{commands, new, open, refusal, say, sent, subscribed};

#[test]
fn what_is_not_served() {
    for command in ["SEND", "BEGIN", "COMMIT", "ABORT"] {
        let events = say(&mut open(), &format!("{command}\nreceipt:r\ndestination:/q\ntransaction:t\n\n\0"));
        assert_eq!(refusal(&events), format!("{command} is not supported"));
        assert_eq!(sent(&events[0]).header("receipt-id"), Some("r"));
        let events = say(&mut open(), &format!("{command}\n\n\0"));
        assert_eq!(sent(&events[0]).header("receipt-id"), None);
    }
    assert_eq!(refusal(&say(&mut open(), "SEND\ndestination:/q\n\nbody\0")), "SEND is not supported");
}

#[test]
fn what_stomp_does_not_have() {
    for command in ["MESSAGE", "CONNECTED", "subscribe", "HELO", "ACK "] {
        assert_eq!(refusal(&say(&mut open(), &format!("{command}\n\n\0"))), "unknown command", "{command}");
    }
}

#[test]
fn nothing_comes_before_the_connect() {
    for command in ["SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "SEND", "BEGIN", "DISCONNECT", "HELO"] {
        assert_eq!(refusal(&say(&mut new(), &format!("{command}\nid:1\n\n\0"))), "not connected", "{command}");
    }
    assert_eq!(say(&mut new(), "\n\r\n"), [], "heart-beats are nothing");
}

#[test]
fn bodies_where_there_are_none() {
    for frame in ["SUBSCRIBE\nid:t\ndestination:/q", "UNSUBSCRIBE\nid:s", "ACK\nid:1", "NACK\nid:1", "DISCONNECT\na:b"]
    {
        let events = say(&mut subscribed("client"), &format!("{frame}\n\nbody\0"));
        assert_eq!(refusal(&events), "this frame may not have a body", "{frame}");
    }
}

#[test]
fn malformed_frames() {
    for (text, message) in [
        ("ACK\nid\n\n\0", "malformed frame: a header has no colon"),
        ("ACK\nid:\\q\n\n\0", "malformed frame: a header has an undefined escape"),
        ("\0", "malformed frame: a frame ends in its command"),
    ] {
        let mut session = open();
        assert_eq!(refusal(&say(&mut session, text)), message);
        assert_eq!(session.failure().as_deref(), Some(message));
    }
    assert_eq!(refusal(&new().receive(b"\xff\n", Duration::ZERO)), "malformed frame: a line is not UTF-8");
}

#[test]
fn what_came_before_the_fault_has_its_effect() {
    let mut session = subscribed("client");
    let events = say(&mut session, "UNSUBSCRIBE\nid:s\n\n\0HELO\n\n\0UNSUBSCRIBE\nid:s\n\n\0");
    assert_eq!(commands(&events), ["Unsubscribe", "ERROR", "Close"]);
    assert_eq!(say(&mut session, "DISCONNECT\nreceipt:r\n\n\0"), []);
    assert_eq!(session.next_tick(), None);
    assert_eq!(session.tick(Duration::from_secs(1000)), []);
}
