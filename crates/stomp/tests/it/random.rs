//! What holds for any bytes.

use std::time::Duration;

use mercat_stomp::{Decoder, Event, Frame};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::fixture::{new, settings};

const COMMANDS: &[&str] = &["CONNECT", "STOMP", "CONNECTED", "SEND", "MESSAGE", "ERROR", "ACK", "x"];

/// Any frame that can be written: names are not empty, and a body says how long it is.
fn frames() -> impl Strategy<Value = Frame> {
    let header = ("[^:]?[a-z:\\\\\r\n\0é]{1,4}", "[ a-z:\\\\\r\n\0é]{0,6}");
    (prop::sample::select(COMMANDS), vec(header, 0..6), vec(any::<u8>(), 0..40)).prop_map(|(command, headers, body)| {
        let plain = ["CONNECT", "STOMP", "CONNECTED"].contains(&command);
        let said = |text: String| if plain { text.replace(['\r', '\n'], "") } else { text };
        let named = |(name, value): (String, String)| {
            let name = format!("x{}", said(name));
            (if plain { name.replace(':', "") } else { name }, said(value))
        };
        let headers = headers.into_iter().map(named).collect();
        Frame { command: command.to_owned(), headers, body: Vec::new() }.with_body(&body)
    })
}

/// Pieces of frames, so that sessions get further than their first byte.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..20),
        prop::sample::select(vec![
            "CONNECT\naccept-version:1.2\nhost:h\nheart-beat:1,1\n\n\0",
            "SUBSCRIBE\nid:s\ndestination:/q\nack:client\n\n\0",
            "SUBSCRIBE\nid:t\ndestination:/q\nreceipt:r\n\n\0",
            "UNSUBSCRIBE\nid:s\n\n\0",
            "ACK\nid:1\n\n\0",
            "NACK\nid:2\nreceipt:r\n\n\0",
            "DISCONNECT\n",
            "content-length:3\n",
            "\r\n",
            "\n\0",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_in_any_pieces(
        wanted in vec(frames(), 1..4), cuts in vec(any::<Index>(), 0..12), gap in prop::sample::select(vec!["", "\n", "\r\n\n"])
    ) {
        let bytes: Vec<u8> = wanted.iter().flat_map(|frame| [frame.encode(), gap.as_bytes().to_vec()].concat()).collect();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).chain([bytes.len()]).collect();
        ends.sort_unstable();
        let (mut decoder, mut found, mut start) = (Decoder::default(), Vec::new(), 0);
        for end in ends {
            decoder.feed(&bytes[start..end]);
            start = end;
            while let Some(frame) = decoder.next_frame().expect("a frame") {
                found.push(frame);
            }
        }
        prop_assert_eq!(found, wanted);
        prop_assert_eq!(decoder.waiting(), 0);
    }

    #[test]
    fn any_bytes_give_the_same_in_any_pieces(bytes in vec(pieces(), 0..8), step in 1_usize..9) {
        let bytes = bytes.concat();
        let read = |step: usize| {
            let (mut decoder, mut found) = (Decoder::default(), Vec::new());
            for piece in bytes.chunks(step) {
                decoder.feed(piece);
                loop {
                    match decoder.next_frame() {
                        Ok(Some(frame)) => found.push(Ok(frame)),
                        Ok(None) => break,
                        Err(error) => {
                            found.push(Err(error));
                            return found;
                        }
                    }
                }
            }
            found
        };
        prop_assert_eq!(read(step), read(usize::MAX));
    }

    #[test]
    fn a_session_survives_anything_and_ends_once(steps in vec((pieces(), 0_u8..6, 0_u64..30), 0..40)) {
        let mut session = new();
        let mut closed = false;
        for (number, (bytes, answer, time)) in steps.into_iter().enumerate() {
            let mut events = session.receive(&bytes, Duration::from_secs(time));
            events.extend(match answer {
                0 | 1 => session.accept(),
                2 | 3 => [session.subscribed("s"), session.subscribed("t")].concat(),
                4 => session.tick(Duration::from_secs(time)),
                _ => session.refuse_subscription("t", "no"),
            });
            if session.deliver("s", &number.to_string(), "/q", "text/plain", b"x").is_ok() {
                prop_assert!(!closed && session.room("s") < settings().max_in_flight);
            }
            prop_assert!(!closed || events.is_empty(), "something after the end: {:?}", events);
            prop_assert!(events.iter().rev().skip(1).all(|event| *event != Event::Close));
            closed |= events.contains(&Event::Close);
        }
    }
}
