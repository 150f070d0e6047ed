//! What is sent.

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::Refused;

/// A POST to somebody.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The type of the body.
    pub content_type: Option<String>,
    /// The body; may be empty.
    pub body: Bytes,
}

/// Headers that say where a request ends or where it goes; the HTTP client writes them itself.
const OURS: &[&str] =
    &["connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

impl Call {
    /// The headers in the form of the HTTP client, which has no place for line breaks.
    pub(crate) fn header_map(&self) -> Result<HeaderMap, Refused> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name).map_err(|_| Refused::new(format!("{name:?} is not a header")))?;
            if OURS.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
                return Err(Refused::new(format!("the header {name} may not be set")));
            }
            map.append(name.clone(), value_of(&name, value)?);
        }
        if let Some(content_type) = &self.content_type {
            map.insert(CONTENT_TYPE, value_of(&CONTENT_TYPE, content_type)?);
        }
        if self.body.is_empty() {
            // The HTTP client leaves it out, and some receivers then answer 411.
            map.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(map)
    }
}

fn value_of(name: &HeaderName, value: &str) -> Result<HeaderValue, Refused> {
    let sendable = HeaderValue::from_str(value).ok().filter(|_| value.is_ascii());
    sendable.ok_or_else(|| Refused::new(format!("the value of the header {name} cannot be sent")))
}
