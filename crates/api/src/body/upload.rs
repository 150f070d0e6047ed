//! An attachment on its way in: straight to the file store, never whole in memory (spec 10.15).

use axum::{
    extract::{
        FromRequest as _, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::{StatusCode, header},
};
use futures_util::TryStreamExt as _;
use http_body_util::Limited;
use mercat_app::{AppError, orders::Attachment};
use mercat_domain::invalid::Invalid;
use serde_json::Value;

use super::{
    Form,
    call::{Call, Caller, Start},
    form::essence,
};
use crate::{error::ApiError, state::Api};

/// The name of the field.
const FIELD: &str = "attachment";
/// The longest file name, in characters.
const MAX_NAME: usize = 100;
/// What is read of other parts and of a file that is too large, before the connection is given up.
const SLACK: u64 = 4 * 1024 * 1024;

const NOT_A_FILE: &str = "The submitted data was not a file. Check the encoding type on the form.";
const NO_NAME: &str = "No filename could be determined.";

/// What came with the request: a file that is stored by now, `None` to take the attachment away, or a mistake.
pub(crate) struct Received {
    /// The rest of the request.
    pub start: Start,
    pub attachment: Result<Option<Attachment>, ApiError>,
}

impl Received {
    /// What distinguishes this request from another under the same key: the file, not the bytes around it.
    pub fn content(&self) -> Vec<u8> {
        match &self.attachment {
            Ok(Some(attachment)) => [&attachment.file.sha256, attachment.name.as_bytes()].concat(),
            Ok(None) | Err(_) => Vec::new(),
        }
    }
}

/// Reads an upload to its end.
///
/// # Errors
/// Only what concerns the request as a whole; what is wrong with the file stands in the answer.
pub(crate) async fn receive(request: Request, api: &Api, caller: Caller) -> Result<Received, ApiError> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if essence(media) != "multipart/form-data" {
        let mut call = Call::from_request(request, api).await?;
        let attachment = call.form().await.and_then(|form| cleared(&form));
        return Ok(Received { start: call.into_start(), attachment });
    }
    let (parts, body) = request.into_parts();
    let start = Start::of(&parts, api, caller)?;
    let most = api.max_attachment().saturating_add(SLACK);
    let limited = axum::body::Body::new(Limited::new(body, usize::try_from(most).unwrap_or(usize::MAX)));
    let attachment = from_parts(Request::from_parts(parts, limited), api).await;
    Ok(Received { start, attachment })
}

/// A body without a file can only take the attachment away.
fn cleared(form: &Form) -> Result<Option<Attachment>, ApiError> {
    match form.get(FIELD) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(wrong(NOT_A_FILE)),
    }
}

async fn from_parts(request: Request, api: &Api) -> Result<Option<Attachment>, ApiError> {
    let limit = api.max_attachment();
    let mut parts = Multipart::from_request(request, api)
        .await
        .map_err(|rejection| AppError::BrokenUpload(rejection.body_text()))?;
    while let Some(field) = parts.next_field().await.map_err(|error| broken(&error, limit))? {
        if field.name() != Some(FIELD) {
            continue;
        }
        return match field.file_name().map(file_name) {
            Some(name) => store(field, name?, api).await.map(Some),
            None if field.bytes().await.map_err(|error| broken(&error, limit))?.is_empty() => Ok(None),
            None => Err(wrong(NOT_A_FILE)),
        };
    }
    Ok(None)
}

/// The last part of the name that was sent, without what no file name holds.
pub(super) fn file_name(sent: &str) -> Result<String, ApiError> {
    let base = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let name = name.trim();
    if matches!(name, "" | "." | "..") {
        return Err(wrong(NO_NAME));
    }
    let length = name.chars().count();
    if length > MAX_NAME {
        return Err(wrong(format!("Ensure this filename has at most {MAX_NAME} characters (it has {length}).")));
    }
    Ok(name.to_owned())
}

/// Characters that turn the direction of what stands beside them: by one of them `fdp.exe` is shown as `exe.pdf`.
const fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

async fn store(mut field: Field<'_>, name: String, api: &Api) -> Result<Attachment, ApiError> {
    let limit = api.max_attachment();
    let content = (&mut field).map_err(|error| broken(&error, limit));
    match api.app.files.store(content, limit, api.app.now()).await {
        Ok(file) => Ok(Attachment { file, name }),
        Err(error) => {
            // Read on for a while: a sender that is cut off in the middle never gets to see the answer.
            while let Ok(Some(_)) = field.chunk().await {}
            Err(error.into())
        }
    }
}

fn wrong(message: impl Into<String>) -> ApiError {
    Invalid::field(FIELD, message).into()
}

/// A multipart error as the use cases' own: its status tells whether a limit was hit.
pub(super) fn broken(error: &MultipartError, limit: u64) -> AppError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge(limit),
        _ => AppError::BrokenUpload(error.body_text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        let (long, longer) = ("n".repeat(100), "n".repeat(101));
        let cases = [
            ("po.pdf", Ok("po.pdf")),
            ("C:\\orders\\po.pdf", Ok("po.pdf")),
            ("../../po.pdf", Ok("po.pdf")),
            (" a\u{0}b\n.pdf", Ok("ab.pdf")),
            (&long, Ok(long.as_str())),
            ("", Err(NO_NAME.to_owned())),
            ("..", Err(NO_NAME.to_owned())),
            (&longer, Err("Ensure this filename has at most 100 characters (it has 101).".to_owned())),
        ];
        for (sent, expected) in cases {
            let name = file_name(sent).map_err(|error| match error {
                ApiError::App(AppError::Invalid(invalid)) => invalid.to_string(),
                other => panic!("{other:?}"),
            });
            let expected = expected.map(str::to_owned).map_err(|message| format!("attachment: {message}"));
            assert_eq!(name, expected, "{sent}");
        }
    }
}
