//! Frames out of bytes: what is one, what is none, and the limits.

use mercat_stomp::{Decoder, Frame, MAX_BODY, MAX_HEADERS, MAX_LINE, ParseError};

fn frames(bytes: &[u8]) -> Result<Vec<Frame>, ParseError> {
    let mut decoder = Decoder::default();
    decoder.feed(bytes);
    std::iter::from_fn(|| decoder.next_frame().transpose()).collect()
}

fn one(bytes: &[u8]) -> Frame {
    let mut found = frames(bytes).expect("frames");
    assert_eq!(found.len(), 1, "{bytes:?}");
    found.remove(0)
}

fn send(headers: &[(&str, &str)], body: &[u8]) -> Frame {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Frame { command: "SEND".to_owned(), headers, body: body.to_vec() }
}

#[test]
fn what_a_frame_is() {
    for (bytes, frame) in [
        (&b"SEND\n\n\0"[..], send(&[], b"")),
        (b"SEND\r\n\r\n\0", send(&[], b"")),
        (b"SEND\na:b\n\nbody\0", send(&[("a", "b")], b"body")),
        (b"SEND\r\na:b\r\n\r\nbody\r\n\0", send(&[("a", "b")], b"body\r\n")),
        (b"SEND\ncontent-length:3\n\na\0b\0", send(&[("content-length", "3")], b"a\0b")),
        (b"SEND\ncontent-length:0\n\n\0", send(&[("content-length", "0")], b"")),
        (
            b"SEND\ncontent-length:1\ncontent-length:x\n\na\0",
            send(&[("content-length", "1"), ("content-length", "x")], b"a"),
        ),
        (b"SEND\na: b \n\n\0", send(&[("a", " b ")], b"")),
        (b"SEND\na:\n\n\0", send(&[("a", "")], b"")),
        (b"SEND\na:b:c\n\n\0", send(&[("a", "b:c")], b"")),
        (b"SEND\na\\cb:\\r\\n\\c\\\\\n\n\0", send(&[("a:b", "\r\n:\\")], b"")),
        ("SEND\nä:ö\n\n\0".as_bytes(), send(&[("ä", "ö")], b"")),
        (b"\n\r\n\nSEND\n\n\0\n\r\n", send(&[], b"")),
    ] {
        assert_eq!(one(bytes), frame, "{bytes:?}");
    }
}

#[test]
fn of_repeated_headers_the_first_counts() {
    let frame = one(b"SEND\na:1\nb:2\na:3\n\n\0");
    assert_eq!((frame.header("a"), frame.header("b"), frame.header("c")), (Some("1"), Some("2"), None));
}

#[test]
fn the_frames_of_a_connection_are_not_escaped() {
    for command in ["CONNECT", "STOMP", "CONNECTED"] {
        let frame = one(format!("{command}\npasscode:a\\x\\nb:c\n\n\0").as_bytes());
        assert_eq!(frame.header("passcode"), Some("a\\x\\nb:c"), "{command}");
    }
}

#[test]
fn several_frames_arrive_at_once() {
    let found = frames(b"ACK\nid:1\n\n\0\nACK\nid:2\n\n\0ACK\nid:3\n\n\0\r\nACK\nid").expect("frames");
    assert_eq!(found.iter().map(|frame| frame.header("id").unwrap_or("")).collect::<Vec<_>>(), ["1", "2", "3"]);
}

#[test]
fn what_is_incomplete_is_waited_for() {
    for bytes in
        [&b""[..], b"\n", b"\r", b"SEN", b"SEND\n", b"SEND\na:b\n", b"SEND\n\nbody", b"SEND\ncontent-length:2\n\na"]
    {
        assert_eq!(frames(bytes), Ok(vec![]), "{bytes:?}");
    }
}

#[test]
fn what_is_no_frame() {
    for (bytes, error) in [
        (&b"SEND\0"[..], ParseError::Command),
        (b"\0", ParseError::Command),
        (b"\0\n", ParseError::Command),
        (b"\xff\r\0\n", ParseError::Command),
        (b"SEND\nab\n\n\0", ParseError::NoColon),
        (b"SEND\n:b\n\n\0", ParseError::NoName),
        (b"SEND\na:\\t\n\n\0", ParseError::Escape),
        (b"SEND\na:b\\\n\n\0", ParseError::Escape),
        (b"SEND\na\\:b\n\n\0", ParseError::Escape),
        (b"SEND\na:b\rc\n\n\0", ParseError::CarriageReturn),
        (b"SEND\r\r\n\n\0", ParseError::CarriageReturn),
        (b"\rSEND\n\n\0", ParseError::CarriageReturn),
        (b"SEND\na:\xff\n\n\0", ParseError::NotUtf8),
        (b"\xc3\x28\n\n\0", ParseError::NotUtf8),
        (b"SEND\ncontent-length:2\n\nabc\0", ParseError::NotTerminated),
        (b"SEND\ncontent-length:0\n\na", ParseError::NotTerminated),
        (b"SEND\ncontent-length:\n\n\0", ParseError::ContentLength),
        (b"SEND\ncontent-length:-1\n\n\0", ParseError::ContentLength),
        (b"SEND\ncontent-length:+1\n\na\0", ParseError::ContentLength),
        (b"SEND\ncontent-length: 1\n\na\0", ParseError::ContentLength),
        (b"SEND\ncontent-length:99999999999999999999999999\n\n", ParseError::BodyTooLong),
    ] {
        assert_eq!(frames(bytes), Err(error), "{bytes:?}");
    }
}

#[test]
fn the_number_of_headers_is_limited() {
    let frame = |count| format!("SEND\n{}\n\0", "a:b\n".repeat(count));
    assert_eq!(one(frame(MAX_HEADERS).as_bytes()).headers.len(), MAX_HEADERS);
    assert_eq!(frames(frame(MAX_HEADERS + 1).as_bytes()), Err(ParseError::TooManyHeaders));
}

#[test]
fn the_length_of_a_line_is_limited() {
    for end in ["\n", "\r\n"] {
        let frame = |length: usize| format!("SEND{end}a:{}{end}{end}\0", "b".repeat(length - 2));
        assert_eq!(one(frame(MAX_LINE).as_bytes()).header("a").map(str::len), Some(MAX_LINE - 2));
        assert_eq!(frames(frame(MAX_LINE + 1).as_bytes()), Err(ParseError::LineTooLong));
    }
    assert_eq!(frames(&vec![b'A'; MAX_LINE + 2]), Err(ParseError::LineTooLong), "before its end has come");
}

#[test]
fn the_length_of_a_body_is_limited() {
    let plain = |length: usize| [b"SEND\n\n".to_vec(), vec![b'x'; length], vec![0]].concat();
    assert_eq!(one(&plain(MAX_BODY)).body.len(), MAX_BODY);
    assert_eq!(frames(&plain(MAX_BODY + 1)), Err(ParseError::BodyTooLong));
    let counted =
        |length: usize| [format!("SEND\ncontent-length:{length}\n\n").into_bytes(), vec![0; length + 1]].concat();
    assert_eq!(one(&counted(MAX_BODY)).body.len(), MAX_BODY);
    assert_eq!(frames(&counted(MAX_BODY + 1)), Err(ParseError::BodyTooLong));
}

#[test]
fn what_waits_is_counted() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\n\nSEND\n\nab\0ACK");
    assert_eq!(decoder.waiting(), 14);
    assert!(matches!(decoder.next_frame(), Ok(Some(_))));
    assert_eq!(decoder.waiting(), 3);
    assert_eq!(format!("{decoder:?}"), "Decoder { waiting: 3, .. }");
}
