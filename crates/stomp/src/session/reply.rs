//! The frames that a server sends.

use super::{Settings, connect::VERSION};
use crate::{Frame, fault::Fault};

const TEXT: &str = "text/plain;charset=utf-8";

/// The answer to a CONNECT that was accepted.
pub fn connected(settings: &Settings) -> Frame {
    let beat = settings.heart_beat.as_millis();
    Frame::new("CONNECTED")
        .with("version", VERSION)
        .with("heart-beat", format!("{beat},{beat}"))
        .with("server", settings.server.as_str())
}

/// The answer to a frame that asked for one.
pub fn receipt(id: &str) -> Frame {
    Frame::new("RECEIPT").with("receipt-id", id)
}

/// The last frame of a connection that went wrong.
///
/// The text stands in the body as well, where many clients look for it.
pub fn error(fault: &Fault, receipt: Option<&str>) -> Frame {
    let text = fault.to_string();
    let mut frame = Frame::new("ERROR").with("message", text.as_str());
    if *fault == Fault::Version {
        frame = frame.with("version", VERSION);
    }
    if let Some(id) = receipt {
        frame = frame.with("receipt-id", id);
    }
    frame.with("content-type", TEXT).with_body(text.as_bytes())
}
