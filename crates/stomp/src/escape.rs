//! How header names and values hide the four characters that would end them.

use std::borrow::Cow;

use crate::ParseError;

/// Frames whose headers are not escaped, so that clients of version 1.0 can be answered at all.
///
/// STOMP is another word for CONNECT.
pub fn is_plain(command: &str) -> bool {
    matches!(command, "CONNECT" | "STOMP" | "CONNECTED")
}

/// Writes a name or a value with its escapes.
pub fn write_escaped(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b':' => out.extend_from_slice(b"\\c"),
            _ => out.push(byte),
        }
    }
}

/// Writes a name or a value of a frame without escapes.
///
/// A line break cannot be said there. It becomes a space, because as it is it would start a header of its own.
pub fn write_plain(text: &str, out: &mut Vec<u8>) {
    out.extend(text.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }));
}

/// The text that was meant.
pub fn unescape(text: &str) -> Result<Cow<'_, str>, ParseError> {
    if !text.contains('\\') {
        return Ok(Cow::Borrowed(text));
    }
    let mut meant = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        meant.push(match letter {
            '\\' => escaped(letters.next())?,
            _ => letter,
        });
    }
    Ok(Cow::Owned(meant))
}

fn escaped(letter: Option<char>) -> Result<char, ParseError> {
    match letter {
        Some('r') => Ok('\r'),
        Some('n') => Ok('\n'),
        Some('c') => Ok(':'),
        Some('\\') => Ok('\\'),
        _ => Err(ParseError::Escape),
    }
}
