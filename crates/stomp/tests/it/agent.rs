//! A conversation with waldur-site-agent 1.0.7; what it sends was recorded from the real one.

use mercat_stomp::{AckMode, Event};

use crate::fixture::{commands, new, say, seconds};

const QUEUE: &str = "consumer_0a1b2c3d4e5f60718293a4b5c6d7e8f9";

#[test]
fn from_the_first_frame_to_the_last() {
    let mut session = new();
    let events = say(
        &mut session,
        "STOMP\naccept-version:1.2\nheart-beat:10000,10000\nhost:d213f8bb3bde4b3bbd0f5ef5c4d6b5f1\n\
         login:agent-user\npasscode:e2e0000000000000000000000000token001\n\n\0",
    );
    let [Event::Connect { login: Some(login), passcode: Some(passcode), virtual_host }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((login.as_str(), virtual_host.as_str()), ("agent-user", "d213f8bb3bde4b3bbd0f5ef5c4d6b5f1"));
    assert_eq!(passcode.as_str(), "e2e0000000000000000000000000token001");
    assert_eq!(commands(&session.accept()), ["CONNECTED"]);

    let destination = format!("/amq/queue/{QUEUE}");
    let events = say(&mut session, &format!("SUBSCRIBE\nack:auto\ndestination:{destination}\nid:{QUEUE}\n\n\0"));
    assert_eq!(
        events,
        [Event::Subscribe { id: QUEUE.to_owned(), destination: destination.clone(), ack: AckMode::Auto }]
    );
    assert_eq!(session.subscribed(QUEUE), []);

    let body = br#"{"object_type": "order", "order_uuid": "0a1b", "order_state": "pending-provider"}"#;
    let message = session.deliver(QUEUE, "1", &destination, "application/json", body).expect("delivered");
    assert!(message.starts_with(format!("MESSAGE\nsubscription:{QUEUE}\nmessage-id:1\n").as_bytes()));

    assert_eq!(session.tick(seconds(8)), [Event::Send(b"\n".to_vec())]);
    assert_eq!(session.receive(b"\n", seconds(10)), []);
    assert_eq!(session.next_tick(), Some(seconds(15) + seconds(1) / 2));

    let events = session.receive(b"DISCONNECT\nreceipt:a6bdc425-c741-44c2-b364-8412fdaeafe4\n\n\0", seconds(12));
    let receipt = b"RECEIPT\nreceipt-id:a6bdc425-c741-44c2-b364-8412fdaeafe4\n\n\0";
    assert_eq!(events, [Event::Send(receipt.to_vec()), Event::Close]);
}
