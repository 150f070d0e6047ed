//! MESSAGE, ACK, NACK and how many messages may wait.

use mercat_stomp::{Event, Undelivered};

use crate::fixture::{ack_of, commands, deliver, refusal, say, subscribed};

fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn acknowledged(ids: &[&str]) -> Event {
    Event::Acknowledged { subscription: "s".to_owned(), message_ids: owned(ids) }
}

#[test]
fn a_message_without_ack() {
    let mut session = subscribed("auto");
    let bytes = session.deliver("s", "m:1", "/queue/q", "application/json", b"{\"a\":\0}").expect("delivered");
    let wanted = "MESSAGE\nsubscription:s\nmessage-id:m\\c1\ndestination:/queue/q\ncontent-type:application/json\n\
                  content-length:7\n\n{\"a\":\0}\0";
    assert_eq!(String::from_utf8_lossy(&bytes), wanted);
    assert_eq!(session.room("s"), usize::MAX);
    for number in 0..100 {
        deliver(&mut session, &number.to_string());
    }
}

#[test]
fn only_so_many_messages_wait() {
    for mode in ["client", "client-individual"] {
        let mut session = subscribed(mode);
        let acks: Vec<String> = ["1", "2", "3"].map(|id| ack_of(&deliver(&mut session, id))).to_vec();
        assert_eq!(session.room("s"), 0);
        assert_eq!(session.deliver("s", "4", "/q", "text/plain", b""), Err(Undelivered::Full), "{mode}");
        say(&mut session, &format!("ACK\nid:{}\n\n\0", acks[0]));
        assert_eq!(session.room("s"), 1);
        assert!(!acks.contains(&ack_of(&deliver(&mut session, "4"))), "ids of acknowledgements are not used again");
        assert_eq!(session.deliver("s", "5", "/q", "text/plain", b""), Err(Undelivered::Full), "{mode}");
    }
}

#[test]
fn an_ack_of_a_client_stands_for_all_before() {
    let mut session = subscribed("client");
    let acks = ["1", "2", "3"].map(|id| ack_of(&deliver(&mut session, id)));
    assert_eq!(say(&mut session, &format!("ACK\nid:{}\n\n\0", acks[1])), [acknowledged(&["1", "2"])]);
    assert_eq!(say(&mut session, &format!("ACK\nid:{}\n\n\0", acks[2])), [acknowledged(&["3"])]);
}

#[test]
fn an_individual_ack_stands_for_one() {
    let mut session = subscribed("client-individual");
    let acks = ["1", "2", "3"].map(|id| ack_of(&deliver(&mut session, id)));
    assert_eq!(say(&mut session, &format!("ACK\nid:{}\n\n\0", acks[1])), [acknowledged(&["2"])]);
    assert_eq!(say(&mut session, &format!("ACK\nid:{}\n\n\0", acks[0])), [acknowledged(&["1"])]);
}

#[test]
fn a_nack_refuses_alike() {
    for (mode, ids) in [("client", &["1", "2"][..]), ("client-individual", &["2"])] {
        let mut session = subscribed(mode);
        let acks = ["1", "2", "3"].map(|id| ack_of(&deliver(&mut session, id)));
        let events = say(&mut session, &format!("NACK\nid:{}\nreceipt:r\n\n\0", acks[1]));
        assert_eq!(events[0], Event::Refused { subscription: "s".to_owned(), message_ids: owned(ids) });
        assert_eq!(commands(&events), ["Refused", "RECEIPT"]);
    }
}

#[test]
fn acks_of_one_subscription_leave_the_other_alone() {
    let mut session = subscribed("client");
    say(&mut session, "SUBSCRIBE\nid:t\ndestination:/q\nack:client\n\n\0");
    assert_eq!(session.subscribed("t"), []);
    deliver(&mut session, "1");
    let bytes = session.deliver("t", "2", "/q", "text/plain", b"").expect("delivered");
    let event = say(&mut session, &format!("ACK\nid:{}\n\n\0", ack_of(&crate::fixture::frame(&bytes))));
    assert_eq!(event, [Event::Acknowledged { subscription: "t".to_owned(), message_ids: owned(&["2"]) }]);
    assert_eq!(session.room("s"), 2);
}

#[test]
fn what_is_wrong_with_an_ack() {
    for command in ["ACK", "NACK"] {
        for (headers, message) in [
            ("", "missing header: id"),
            ("id:99\n", "no such message waits for an answer"),
            ("id:01\n", "no such message waits for an answer"),
            ("id:1\ntransaction:t\n", "no such transaction"),
        ] {
            let mut session = subscribed("client");
            deliver(&mut session, "m");
            assert_eq!(refusal(&say(&mut session, &format!("{command}\n{headers}\n\0"))), message, "{command}");
        }
    }
}

#[test]
fn an_ack_comes_once_and_not_after_the_end() {
    for before in ["ACK\nid:1\n\n\0", "UNSUBSCRIBE\nid:s\n\n\0"] {
        let mut session = subscribed("client");
        assert_eq!(ack_of(&deliver(&mut session, "m")), "1");
        say(&mut session, before);
        assert_eq!(refusal(&say(&mut session, "ACK\nid:1\n\n\0")), "no such message waits for an answer");
    }
}
