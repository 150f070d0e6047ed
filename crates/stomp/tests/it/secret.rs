//! Passcodes appear nowhere.

use mercat_stomp::Decoder;

use crate::fixture::{frame, new};

const SECRET: &str = "w_swordfish";

#[test]
fn debug_does_not_show_them() {
    let text = format!("STOMP\naccept-version:1.2\nhost:h\nlogin:l\npasscode:{SECRET}\n\n\0");
    let events = crate::fixture::say(&mut new(), &text);
    let mut decoder = Decoder::default();
    decoder.feed(text.as_bytes());
    for shown in [format!("{events:?}"), format!("{:?}", frame(text.as_bytes())), format!("{decoder:?}")] {
        assert!(!shown.contains("swordfish"), "{shown}");
    }
    assert!(format!("{events:?}").contains("Passcode(..)"));
    assert!(format!("{:?}", frame(text.as_bytes())).contains("passcode"), "the names of headers stay");
}

#[test]
fn errors_do_not_quote_them() {
    for text in [
        format!("STOMP\naccept-version:1.1\nhost:h\npasscode:{SECRET}\n\n\0"),
        format!("STOMP\naccept-version:1.2\npasscode:{SECRET}\n\n\0"),
        format!("STOMP\npasscode {SECRET}\n\n\0"),
        format!("CONNECT passcode:{SECRET}\n\n\0"),
        format!("SEND\npasscode:{SECRET}\\x\n\n\0"),
        format!("STOMP\naccept-version:1.2\nhost:h\nheart-beat:{SECRET}\n\n\0"),
        format!("STOMP\naccept-version:1.2\nhost:h\n\n{SECRET}\0"),
    ] {
        let mut session = new();
        let events = crate::fixture::say(&mut session, &text);
        let [mercat_stomp::Event::Send(bytes), mercat_stomp::Event::Close] = &events[..] else {
            panic!("{text:?}");
        };
        assert!(!String::from_utf8_lossy(bytes).contains("swordfish"), "{text:?}");
        assert!(session.failure().is_some_and(|reason| !reason.contains("swordfish")), "{text:?}");
    }
}
