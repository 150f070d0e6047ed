//! What comes back.

use std::time::Duration;

use reqwest::{
    Response,
    header::{DATE, HeaderMap, HeaderName, RETRY_AFTER},
};

use crate::CallError;

/// The answer of a receiver; a redirect is one too, and is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The beginning of the body, at most 1 KiB of it, fit to be shown.
    pub excerpt: String,
    /// How long the receiver wants to be left alone, at most a day.
    pub retry_after: Option<Duration>,
}

const EXCERPT: usize = 1024;
const LONGEST_RETRY: Duration = Duration::from_secs(24 * 60 * 60);

impl Answer {
    /// Reads the answer, but not more than `max` bytes of its body.
    pub(crate) async fn read(mut response: Response, max: usize) -> Result<Self, CallError> {
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let mut start = Vec::new();
        let mut read = 0;
        // The whole body is read as far as that is cheap, so that the connection can serve the next call.
        while read < max {
            let Some(chunk) = response.chunk().await? else { break };
            read += chunk.len();
            let missing = EXCERPT.saturating_sub(start.len());
            start.extend(chunk.iter().take(missing));
        }
        Ok(Self { status, excerpt: excerpt(&start), retry_after })
    }
}

fn excerpt(start: &[u8]) -> String {
    let whole = if start.len() < EXCERPT { start } else { whole_characters(start) };
    String::from_utf8_lossy(whole).chars().map(|c| if is_shown(c) { c } else { '\u{fffd}' }).collect()
}

/// Without the character that the end cuts in two, if it does.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(e) if e.error_len().is_none() => bytes.get(..e.valid_up_to()).unwrap_or(bytes),
        _ => bytes,
    }
}

/// Line breaks, terminal codes and marks that turn the direction of writing would change what stands around them.
fn is_shown(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !turns && !matches!(c, '\u{2028}' | '\u{2029}')
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let value = text(RETRY_AFTER)?;
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit mean more than a day.
        value.parse().map_or(LONGEST_RETRY, Duration::from_secs)
    } else {
        // Relative to the receiver's own clock: ours may go differently.
        let until = httpdate::parse_http_date(value).ok()?;
        let now = httpdate::parse_http_date(text(DATE)?).ok()?;
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_RETRY))
}
