//! Frames out of bytes that arrive in pieces of any size.

use std::fmt;

use crate::{
    Frame, ParseError,
    escape::is_plain,
    parse::{content_length, header, line},
};

/// The most headers of a frame.
pub const MAX_HEADERS: usize = 64;

/// The most bytes of a command or a header, without the end of its line.
pub const MAX_LINE: usize = 8 * 1024;

/// The most bytes of a body.
pub const MAX_BODY: usize = 256 * 1024;

/// A line may end in CR LF, and the CR is not counted.
const LINE_AND_CR: usize = MAX_LINE + 1;

/// Collects bytes and gives the frames in them.
///
/// Line ends between frames are heart-beats and are passed over. After an error the bytes mean nothing any more.
#[derive(Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Everything before has been taken.
    start: usize,
    /// How much from `start` was searched in vain for what ends the part.
    searched: usize,
    part: Part,
}

/// Which part of a frame comes next.
#[derive(Default)]
enum Part {
    #[default]
    Command,
    Headers(Frame),
    Body(Frame, Option<usize>),
}

impl Decoder {
    /// Adds what was received.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes wait to be taken.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// The next complete frame, or `None` until more is fed.
    ///
    /// # Errors
    /// When the bytes are no frame or are beyond a limit, as soon as that is known.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, ParseError> {
        loop {
            let step = match std::mem::take(&mut self.part) {
                Part::Command => self.command()?,
                Part::Headers(frame) => self.header(frame)?,
                Part::Body(frame, length) => self.body(frame, length)?,
            };
            match step {
                Step::Next(part) => self.part = part,
                Step::Wait(part) => {
                    self.part = part;
                    return Ok(None);
                }
                Step::Done(frame) => return Ok(Some(frame)),
            }
        }
    }

    fn command(&mut self) -> Result<Step, ParseError> {
        let Some(end) = self.find(|byte| matches!(byte, b'\n' | 0), LINE_AND_CR, ParseError::LineTooLong)? else {
            return Ok(Step::Wait(Part::Command));
        };
        // No line end may come after a NUL for a long time, so that it must be looked for as well.
        if self.rest().get(end) == Some(&0) {
            return Err(ParseError::Command);
        }
        let taken = self.take(end);
        let command = line(&taken)?;
        Ok(Step::Next(if command.is_empty() { Part::Command } else { Part::Headers(Frame::new(command)) }))
    }

    fn header(&mut self, mut frame: Frame) -> Result<Step, ParseError> {
        let Some(end) = self.find(|byte| byte == b'\n', LINE_AND_CR, ParseError::LineTooLong)? else {
            return Ok(Step::Wait(Part::Headers(frame)));
        };
        let taken = self.take(end);
        let text = line(&taken)?;
        if text.is_empty() {
            let length = frame.header("content-length").map(content_length).transpose()?;
            return Ok(Step::Next(Part::Body(frame, length)));
        }
        if frame.headers.len() == MAX_HEADERS {
            return Err(ParseError::TooManyHeaders);
        }
        let header = header(text, is_plain(&frame.command))?;
        frame.headers.push(header);
        Ok(Step::Next(Part::Headers(frame)))
    }

    fn body(&mut self, mut frame: Frame, length: Option<usize>) -> Result<Step, ParseError> {
        let end = match length {
            Some(length) => match self.rest().get(length) {
                Some(0) => Some(length),
                Some(_) => return Err(ParseError::NotTerminated),
                None => None,
            },
            None => self.find(|byte| byte == 0, MAX_BODY, ParseError::BodyTooLong)?,
        };
        let Some(end) = end else {
            return Ok(Step::Wait(Part::Body(frame, length)));
        };
        frame.body = self.take(end);
        Ok(Step::Done(frame))
    }

    /// Where the byte is that ends a part of at most `most` bytes.
    ///
    /// What was searched is not searched again, so that a sender of single bytes costs no more than others.
    fn find(
        &mut self,
        ends: impl Fn(u8) -> bool,
        most: usize,
        too_long: ParseError,
    ) -> Result<Option<usize>, ParseError> {
        let rest = self.rest();
        let found = rest.iter().skip(self.searched).position(|byte| ends(*byte)).map(|at| at + self.searched);
        let length = found.unwrap_or(rest.len());
        if length > most {
            return Err(too_long);
        }
        self.searched = length;
        Ok(found)
    }

    /// Takes bytes and the one that ends them.
    fn take(&mut self, length: usize) -> Vec<u8> {
        let taken = self.rest().get(..length).unwrap_or_default().to_vec();
        self.start = (self.start + length + 1).min(self.buffer.len());
        self.searched = 0;
        taken
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }
}

/// How far a look at the bytes got.
enum Step {
    Next(Part),
    Wait(Part),
    Done(Frame),
}

/// The bytes stay out: among them may be a passcode.
impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("waiting", &self.waiting()).finish_non_exhaustive()
    }
}
