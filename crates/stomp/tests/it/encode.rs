//! How frames are written.

use mercat_stomp::Frame;

#[test]
fn headers_are_escaped() {
    let frame = Frame::new("MESSAGE").with("a:b", "\r\n:\\").with_body(b"x\0y");
    assert_eq!(frame.encode(), b"MESSAGE\na\\cb:\\r\\n\\c\\\\\ncontent-length:3\n\nx\0y\0");
}

#[test]
fn the_frames_of_a_connection_are_not_escaped_and_stay_frames() {
    for command in ["CONNECT", "STOMP", "CONNECTED"] {
        let frame = Frame::new(command).with("server", "a:\\b\r\nsession:c");
        assert_eq!(frame.encode(), format!("{command}\nserver:a:\\b  session:c\n\n\0").into_bytes());
    }
}
