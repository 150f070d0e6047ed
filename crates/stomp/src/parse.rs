//! The lines of a frame: its command and its headers, and what may be wrong with them.

use std::borrow::Cow;

use thiserror::Error;

use crate::{
    decoder::{MAX_BODY, MAX_HEADERS, MAX_LINE},
    escape::unescape,
};

/// Why bytes are no frame.
///
/// No message quotes what was received: it may be a passcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParseError {
    /// A line longer than [`MAX_LINE`].
    #[error("a line is longer than {MAX_LINE} bytes")]
    LineTooLong,
    /// More headers than [`MAX_HEADERS`].
    #[error("a frame has more than {MAX_HEADERS} headers")]
    TooManyHeaders,
    /// A body longer than [`MAX_BODY`].
    #[error("a body is longer than {MAX_BODY} bytes")]
    BodyTooLong,
    /// A command or header that is not UTF-8.
    #[error("a line is not UTF-8")]
    NotUtf8,
    /// A carriage return that does not belong to the end of a line.
    #[error("a carriage return stands alone")]
    CarriageReturn,
    /// A NUL where a command should be.
    #[error("a frame ends in its command")]
    Command,
    /// A header without a colon.
    #[error("a header has no colon")]
    NoColon,
    /// A header without a name.
    #[error("a header has no name")]
    NoName,
    /// A backslash before another character than `r`, `n`, `c` and `\`.
    #[error("a header has an undefined escape")]
    Escape,
    /// A `content-length` that is no number.
    #[error("content-length is no number")]
    ContentLength,
    /// A body that goes on after its `content-length`.
    #[error("no NUL follows the body of the given content-length")]
    NotTerminated,
}

/// A line without its end, which is LF or CR LF.
pub fn line(bytes: &[u8]) -> Result<&str, ParseError> {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.len() > MAX_LINE {
        return Err(ParseError::LineTooLong);
    }
    if bytes.contains(&b'\r') {
        return Err(ParseError::CarriageReturn);
    }
    str::from_utf8(bytes).map_err(|_| ParseError::NotUtf8)
}

/// The name and the value of a header.
///
/// A colon in the value should have been escaped. It is taken as it is, because there is nothing else that it could
/// mean and clients forget it.
pub fn header(line: &str, plain: bool) -> Result<(String, String), ParseError> {
    let (name, value) = line.split_once(':').ok_or(ParseError::NoColon)?;
    if name.is_empty() {
        return Err(ParseError::NoName);
    }
    let meant = |text| if plain { Ok(Cow::Borrowed(text)) } else { unescape(text) };
    Ok((meant(name)?.into_owned(), meant(value)?.into_owned()))
}

/// The number in a `content-length`.
pub fn content_length(value: &str) -> Result<usize, ParseError> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::ContentLength);
    }
    // Digits alone fail to be a number only when there are too many of them.
    value.parse().ok().filter(|length| *length <= MAX_BODY).ok_or(ParseError::BodyTooLong)
}
