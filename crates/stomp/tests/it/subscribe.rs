//! SUBSCRIBE, UNSUBSCRIBE, DISCONNECT and their receipts.

use mercat_stomp::{AckMode, Event, Undelivered};

use crate::fixture::{commands, deliver, open, refusal, say, sent, subscribed};

#[test]
fn the_host_hears_what_is_wanted() {
    for (header, ack) in [
        ("", AckMode::Auto),
        ("ack:auto\n", AckMode::Auto),
        ("ack:client\n", AckMode::Client),
        ("ack:client-individual\n", AckMode::ClientIndividual),
    ] {
        let events = say(&mut open(), &format!("SUBSCRIBE\nid:a\\cb\ndestination:/queue/q\n{header}\n\0"));
        let (id, destination) = ("a:b".to_owned(), "/queue/q".to_owned());
        assert_eq!(events, [Event::Subscribe { id, destination, ack }]);
    }
}

#[test]
fn the_receipt_comes_after_the_hosts_answer() {
    let mut session = open();
    let text = "SUBSCRIBE\nid:s\ndestination:/q\nreceipt:r\\c1\n\n\0";
    assert_eq!(commands(&say(&mut session, text)), ["Subscribe"]);
    assert_eq!(session.room("s"), 0, "not yet");
    assert_eq!(session.subscribed("other"), []);
    let events = session.subscribed("s");
    assert_eq!(events, [Event::Send(b"RECEIPT\nreceipt-id:r\\c1\n\n\0".to_vec())]);
    assert_eq!(session.subscribed("s"), [], "once");
}

#[test]
fn a_refused_subscription_ends_the_connection() {
    let mut session = open();
    let _ = say(&mut session, "SUBSCRIBE\nid:s\ndestination:/q\nreceipt:r\n\n\0");
    assert_eq!(session.refuse_subscription("other", "no"), []);
    let events = session.refuse_subscription("s", "No such queue.");
    assert_eq!(refusal(&events), "No such queue.");
    assert_eq!(sent(&events[0]).header("receipt-id"), Some("r"));
}

#[test]
fn what_is_wrong_with_a_subscription() {
    for (headers, message) in [
        ("destination:/q\n", "missing header: id"),
        ("id:t\n", "missing header: destination"),
        ("id:t\ndestination:/q\nack:never\n", "invalid header: ack"),
        ("id:s\ndestination:/q\n", "the subscription exists already"),
    ] {
        let events = say(&mut subscribed("auto"), &format!("SUBSCRIBE\n{headers}\n\0"));
        assert_eq!(refusal(&events), message);
    }
}

#[test]
fn the_number_of_subscriptions_is_limited() {
    let mut session = subscribed("auto");
    let text = |id: &str| format!("SUBSCRIBE\nid:{id}\ndestination:/q\n\n\0");
    assert_eq!(commands(&say(&mut session, &text("t"))), ["Subscribe"]);
    assert_eq!(session.subscribed("t"), []);
    assert_eq!(refusal(&say(&mut session, &text("u"))), "too many subscriptions");
}

#[test]
fn a_subscription_ends() {
    let mut session = subscribed("client");
    deliver(&mut session, "m");
    let events = say(&mut session, "UNSUBSCRIBE\nid:s\nreceipt:r\n\n\0");
    assert_eq!(events[0], Event::Unsubscribe { id: "s".to_owned() });
    assert_eq!(commands(&events), ["Unsubscribe", "RECEIPT"]);
    assert_eq!(session.deliver("s", "m", "/q", "text/plain", b""), Err(Undelivered::NoSubscription));
    assert_eq!(commands(&say(&mut session, "SUBSCRIBE\nid:s\ndestination:/q\n\n\0")), ["Subscribe"]);
}

#[test]
fn what_is_wrong_with_the_end_of_a_subscription() {
    for (headers, message) in [("", "missing header: id"), ("id:t\n", "no such subscription")] {
        let events = say(&mut subscribed("auto"), &format!("UNSUBSCRIBE\n{headers}\n\0"));
        assert_eq!(refusal(&events), message);
    }
}

#[test]
fn a_connection_ends() {
    let mut session = subscribed("auto");
    let events = say(&mut session, "DISCONNECT\nreceipt:77\n\n\0SUBSCRIBE\nid:t\ndestination:/q\n\n\0");
    assert_eq!(events, [Event::Send(b"RECEIPT\nreceipt-id:77\n\n\0".to_vec()), Event::Close]);
    assert_eq!(session.failure(), None);
    assert_eq!(session.deliver("s", "m", "/q", "text/plain", b""), Err(Undelivered::NoSubscription));
    assert_eq!(say(&mut open(), "DISCONNECT\n\n\0"), [Event::Close]);
}

#[test]
fn the_host_ends_a_connection() {
    let mut session = subscribed("auto");
    assert_eq!(refusal(&session.close("shutting down")), "shutting down");
    assert_eq!(session.close("again"), []);
}
