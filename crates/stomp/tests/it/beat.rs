//! Heart-beats by negotiation, with a clock that the test holds.

use std::time::Duration;

use mercat_stomp::{Event, Session, Settings};

use crate::fixture::{refusal, seconds, settings};

fn beats(ours: u64, theirs: &str) -> Session {
    let mut session = Session::new(Settings { heart_beat: seconds(ours), ..settings() });
    let text = format!("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:{theirs}\n\n\0");
    let _ = session.receive(text.as_bytes(), seconds(100));
    assert_eq!(session.next_tick(), None, "not before both have spoken");
    let _ = session.accept();
    session
}

fn beat() -> [Event; 1] {
    [Event::Send(b"\n".to_vec())]
}

#[test]
fn the_slower_of_both_decides() {
    for (ours, theirs, send_at, silent_at) in [
        (10, "0,0", None, None),
        (0, "5000,5000", None, None),
        (10, "0,10000", Some(107_500), None),
        (10, "0,1", Some(107_500), None),
        (10, "0,20000", Some(115_000), None),
        (10, "10000,0", None, Some(120_000)),
        (10, "1,0", None, Some(120_000)),
        (10, "30000,0", None, Some(160_000)),
        (10, "10000,10000", Some(107_500), Some(120_000)),
    ] {
        let first = send_at.or(silent_at).map(Duration::from_millis);
        assert_eq!(beats(ours, theirs).next_tick(), first, "{ours} {theirs}");
        if let Some(due) = send_at.map(Duration::from_millis) {
            let mut session = beats(ours, theirs);
            assert_eq!(session.tick(due - Duration::from_millis(1)), [], "{theirs}");
            assert_eq!(session.tick(due), beat(), "{theirs}");
        }
        if let Some(end) = silent_at.map(Duration::from_millis) {
            let mut session = beats(ours, theirs);
            assert_eq!(refusal(&session.tick(end)), "nothing was heard for too long", "{theirs}");
            assert_eq!(session.next_tick(), None);
        }
    }
}

#[test]
fn without_the_header_there_are_none() {
    let mut session = crate::fixture::open();
    assert_eq!(session.next_tick(), None);
    assert_eq!(session.tick(seconds(1_000_000)), []);
}

#[test]
fn whatever_is_received_counts() {
    let mut session = beats(10, "10000,0");
    for (time, bytes) in [(119, &b"\n"[..]), (138, b"\r\n"), (157, b"SUBSCR")] {
        assert_eq!(session.receive(bytes, seconds(time)), []);
        assert_eq!(session.tick(seconds(time)), []);
        assert_eq!(session.next_tick(), Some(seconds(time + 20)));
    }
}

#[test]
fn whatever_is_sent_counts() {
    let mut session = beats(10, "0,10000");
    let _ = session.receive(b"SUBSCRIBE\nid:s\ndestination:/q\nreceipt:r\n\n\0", seconds(104));
    let _ = session.subscribed("s");
    assert_eq!(session.next_tick(), Some(Duration::from_millis(111_500)));
    assert_eq!(session.tick(seconds(110)), []);
    session.deliver("s", "m", "/q", "text/plain", b"").expect("delivered");
    assert_eq!(session.next_tick(), Some(Duration::from_millis(117_500)));
    assert_eq!(session.tick(Duration::from_millis(117_500)), beat());
    assert_eq!(session.next_tick(), Some(seconds(125)));
}

#[test]
fn silence_is_counted_from_the_answer_on() {
    let mut session = Session::new(settings());
    let text = "CONNECT\naccept-version:1.2\nhost:h\nheart-beat:10000,0\n\n\0";
    let _ = session.receive(text.as_bytes(), seconds(100));
    assert_eq!(session.tick(seconds(130)), [], "the host takes its time");
    let _ = session.accept();
    assert_eq!(session.next_tick(), Some(seconds(150)));
}

#[test]
fn time_does_not_go_back_and_has_no_end() {
    let mut session = beats(10, "10000,10000");
    assert_eq!(session.tick(seconds(1)), []);
    assert_eq!(session.next_tick(), Some(Duration::from_millis(107_500)));
    let mut session = beats(10, &format!("{0},{0}", u64::MAX));
    let _ = session.receive(b"\n", Duration::MAX);
    let every = Duration::from_millis(u64::MAX);
    assert_eq!(session.next_tick(), Some(seconds(100) + every - every / 4));
}
