//! CONNECT, which STOMP is another word for: what a client says of itself.

use super::{Event, Passcode, beat::Wish};
use crate::{Frame, fault::Fault};

/// The version that is spoken here.
pub const VERSION: &str = "1.2";

/// The event for the host, and the heart-beats that the client wants.
pub fn connect(frame: &Frame) -> Result<(Event, Wish), Fault> {
    // Without the header a client speaks 1.0.
    let versions = frame.header("accept-version").unwrap_or_default();
    if !versions.split(',').any(|version| version.trim() == VERSION) {
        return Err(Fault::Version);
    }
    let virtual_host = frame.header("host").ok_or(Fault::Missing("host"))?.to_owned();
    let wish = match frame.header("heart-beat") {
        Some(text) => Wish::parse(text).ok_or(Fault::InvalidHeader("heart-beat"))?,
        None => Wish::default(),
    };
    let login = frame.header("login").map(str::to_owned);
    let passcode = frame.header("passcode").map(|secret| Passcode(secret.to_owned()));
    Ok((Event::Connect { login, passcode, virtual_host }, wish))
}
