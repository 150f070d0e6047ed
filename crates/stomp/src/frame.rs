//! One frame, and how it is written.

use std::fmt;

use crate::escape::{is_plain, write_escaped, write_plain};

/// A command with headers and a body.
///
/// For `Debug` the values of the headers and the body stay out: one of them is a passcode.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The command, for instance `MESSAGE`.
    pub command: String,
    /// Names and values, in order; of repeated names the first counts.
    pub headers: Vec<(String, String)>,
    /// The body, which only `SEND`, `MESSAGE` and `ERROR` may have.
    pub body: Vec<u8>,
}

impl Frame {
    /// A frame without headers and body.
    #[must_use]
    pub fn new(command: &str) -> Self {
        Self { command: command.to_owned(), ..Self::default() }
    }

    /// The frame with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The frame with a body and its `content-length`.
    #[must_use]
    pub fn with_body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.with("content-length", body.len().to_string())
    }

    /// The value of the first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The bytes of the frame, with the NUL at its end.
    ///
    /// A body with a NUL inside needs its `content-length`, which is the caller's. The headers of `CONNECT`, `STOMP`
    /// and `CONNECTED` cannot hold line breaks; they become spaces.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let write = if is_plain(&self.command) { write_plain } else { write_escaped };
        let mut out = Vec::with_capacity(self.body.len() + 64 * (self.headers.len() + 1));
        out.extend_from_slice(self.command.as_bytes());
        out.push(b'\n');
        for (name, value) in &self.headers {
            write(name, &mut out);
            out.push(b':');
            write(value, &mut out);
            out.push(b'\n');
        }
        out.push(b'\n');
        out.extend_from_slice(&self.body);
        out.push(0);
        out
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Frame")
            .field("command", &self.command)
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
