//! CONNECT and STOMP, and what the host answers.

use mercat_stomp::{Event, Session};

use crate::fixture::{CONNECT, commands, new, open, refusal, say, sent};

fn connect(headers: &str) -> Vec<Event> {
    say(&mut new(), &format!("CONNECT\n{headers}\n\0"))
}

#[test]
fn both_words_begin_a_connection() {
    for command in ["CONNECT", "STOMP"] {
        let mut session = new();
        let text = format!("{command}\naccept-version:1.0,1.1,1.2\nhost:v\nlogin:l\npasscode:p:\\n\n\n\0");
        let events = say(&mut session, &text);
        let [Event::Connect { login, passcode, virtual_host }] = &events[..] else {
            panic!("{command}: {events:?}");
        };
        assert_eq!((login.as_deref(), virtual_host.as_str()), (Some("l"), "v"));
        assert_eq!(passcode.as_ref().map(|secret| secret.as_str()), Some("p:\\n"));
    }
}

#[test]
fn login_and_passcode_may_be_missing() {
    let events = say(&mut new(), CONNECT);
    assert_eq!(events, [Event::Connect { login: None, passcode: None, virtual_host: "h".to_owned() }]);
}

#[test]
fn an_accepted_client_is_told_so() {
    let mut session = new();
    let _ = say(&mut session, CONNECT);
    let events = session.accept();
    let Event::Send(bytes) = &events[0] else { panic!("{events:?}") };
    assert_eq!(bytes, b"CONNECTED\nversion:1.2\nheart-beat:10000,10000\nserver:mercat/0.1.0\n\n\0");
    assert_eq!(events.len(), 1);
}

#[test]
fn a_refused_client_is_told_why() {
    let mut session = new();
    let _ = say(&mut session, CONNECT);
    assert_eq!(refusal(&session.refuse("Bad: credentials")), "Bad: credentials");
    assert_eq!(session.failure().as_deref(), Some("Bad: credentials"));
    assert_eq!(say(&mut session, CONNECT), [], "nothing follows");
}

#[test]
fn other_versions_are_refused_with_the_right_one() {
    for versions in
        ["", "accept-version:1.0\n", "accept-version:1.0,1.1\n", "accept-version:\n", "accept-version:11.2\n"]
    {
        let events = connect(&format!("{versions}host:h\n"));
        assert_eq!(refusal(&events), "only version 1.2 is spoken here", "{versions}");
        assert_eq!(sent(&events[0]).header("version"), Some("1.2"));
    }
    assert_eq!(commands(&connect("accept-version:1.1, 1.2\nhost:h\n")), ["Connect"]);
}

#[test]
fn what_else_is_wrong_with_a_connect() {
    let version = "accept-version:1.2\n";
    assert_eq!(refusal(&connect(version)), "missing header: host");
    for beat in ["", "1", "a,b", "1,", ",1", "1,2,3", "-1,0", "+1,0", "1, 2", "99999999999999999999,0"] {
        let events = connect(&format!("{version}host:h\nheart-beat:{beat}\n"));
        assert_eq!(refusal(&events), "invalid header: heart-beat", "{beat:?}");
    }
    let events = say(&mut new(), "CONNECT\naccept-version:1.2\nhost:h\n\nbody\0");
    assert_eq!(refusal(&events), "this frame may not have a body");
}

#[test]
fn a_second_connect_is_refused() {
    assert_eq!(refusal(&say(&mut open(), CONNECT)), "already connected");
}

#[test]
fn frames_that_come_too_early_wait_for_the_host() {
    let mut session = new();
    let text = format!("{CONNECT}SUBSCRIBE\nid:s\ndestination:/q\n\n\0\nDISCONNECT\nreceipt:r\n\n\0");
    assert_eq!(commands(&say(&mut session, &text)), ["Connect"]);
    assert_eq!(commands(&session.accept()), ["CONNECTED", "Subscribe"]);
    assert_eq!(commands(&session.subscribed("s")), ["RECEIPT", "Close"]);
}

#[test]
fn a_refused_client_gets_nothing_of_what_it_sent_ahead() {
    let mut session = new();
    let _ = say(&mut session, &format!("{CONNECT}SUBSCRIBE\nid:s\ndestination:/q\n\n\0"));
    assert_eq!(refusal(&session.refuse("no")), "no");
}

#[test]
fn what_may_be_sent_ahead_is_limited() {
    let mut session = new();
    let _ = say(&mut session, CONNECT);
    let piece = [b'\n'; 64 * 1024];
    let flood = |session: &mut Session| session.receive(&piece, std::time::Duration::ZERO);
    for _ in 0..8 {
        assert_eq!(flood(&mut session), []);
    }
    assert_eq!(refusal(&flood(&mut session)), "too much was sent while an answer was due");
    assert_eq!(session.accept(), [], "it is too late");
}

#[test]
fn answers_that_nobody_asked_for_do_nothing() {
    let mut session = new();
    assert_eq!(session.accept(), []);
    assert_eq!(session.refuse("no"), []);
    let mut session = open();
    assert_eq!(session.accept(), []);
    assert_eq!(session.refuse("no"), []);
    assert_eq!(session.failure(), None);
}
