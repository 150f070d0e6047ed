//! Forms that were sent.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, StatusCode, header},
};

use crate::page::{BAD_FORM, LARGE_FORM, Message, NUL_IN_FORM, SLOW_FORM};

/// The fields of a form.
pub(crate) struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    /// Of its encoding.
    pub fn of(encoded: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(encoded).collect())
    }

    /// A field that stands there exactly once; two that differ must not become one of them. Empty otherwise.
    pub fn text(&self, name: &str) -> &str {
        let mut all = self.0.iter().filter(|(known, _)| known == name);
        match (all.next(), all.next()) {
            (Some((_, text)), None) => text,
            _ => "",
        }
    }

    /// Whether anything stands under a name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All of it, to tell whether two are the same.
    pub fn to_text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The same without what must not stand in any page, of which only the names are left.
    pub fn without_passwords(&self) -> String {
        let kept = self.0.iter().map(|(name, text)| (name, if is_password(name) { "" } else { text.as_ref() }));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// Whether a password belongs to it.
    pub fn has_password(&self) -> bool {
        self.0.iter().any(|(name, _)| is_password(name))
    }

    /// All fields, in their order.
    pub fn fields(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, text)| (name.clone().into_owned(), text.clone().into_owned())).collect()
    }

    /// Everything that stands under a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_ref()).collect()
    }
}

/// As `Input::Password` names its fields.
fn is_password(name: &str) -> bool {
    name.ends_with("password")
}

/// The form of a request.
pub(crate) fn read<'a>(headers: &HeaderMap, body: &'a Result<Bytes, BytesRejection>) -> Result<Form<'a>, Message> {
    let body = body.as_ref().map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => LARGE_FORM,
        _ => SLOW_FORM,
    })?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(BAD_FORM);
    }
    let form = Form::of(body);
    if form.0.iter().any(|(_, text)| text.contains('\0')) { Err(NUL_IN_FORM) } else { Ok(form) }
}
