//! The fields of a body, whatever it was written in.

use std::collections::HashMap;

use axum::{
    body::Body,
    extract::{FromRequest as _, Multipart, Request},
    http::{StatusCode, header, request::Parts},
};
use bytes::Bytes;
use mercat_app::{AppError, Picture};
use mercat_domain::invalid::Invalid;
use serde_json::{Map, Value};

use super::upload::{broken, file_name};
use crate::error::ApiError;

/// Fields by name. Of a field that was sent twice the last counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Form {
    fields: Map<String, Value>,
    /// Whether everything is text, because it came from a form.
    textual: bool,
    /// The files among the parts.
    files: HashMap<String, Picture>,
}

impl Form {
    /// A field as it was sent; `None` when it was not. In forms an empty text stands for null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self.fields.get(name) {
            Some(Value::String(text)) if self.textual && text.is_empty() => Some(&Value::Null),
            other => other,
        }
    }

    /// Whether everything is text.
    pub const fn is_textual(&self) -> bool {
        self.textual
    }

    /// Whether a file was sent under this name.
    pub fn has_file(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Takes the files out.
    pub fn take_files(&mut self) -> HashMap<String, Picture> {
        std::mem::take(&mut self.files)
    }

    /// All fields as they were sent.
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    /// The fields of an object inside a body.
    pub fn from_value(value: Value) -> Self {
        let fields = if let Value::Object(fields) = value { fields } else { Map::new() };
        Self { fields, ..Self::default() }
    }

    /// Reads a body that is in memory.
    ///
    /// # Errors
    /// 415, 400 for what cannot be parsed or is no object.
    pub async fn read(parts: &Parts, content: Bytes) -> Result<Self, ApiError> {
        if content.is_empty() {
            return Ok(Self::default());
        }
        let media = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match essence(media).as_str() {
            "application/json" => json(&content),
            "application/x-www-form-urlencoded" => Ok(Self::texts(form_urlencoded::parse(&content).into_owned())),
            "multipart/form-data" => multipart(parts, content).await,
            _ => Err(unsupported(media)),
        }
    }

    fn texts(pairs: impl Iterator<Item = (String, String)>) -> Self {
        Self {
            fields: pairs.map(|(name, text)| (name, Value::String(text))).collect(),
            textual: true,
            files: HashMap::new(),
        }
    }
}

/// The media type without its parameters, in lower case.
pub(super) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn unsupported(media: &str) -> ApiError {
    let text = format!("Unsupported media type \"{media}\" in request.");
    ApiError::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)
}

fn json(content: &[u8]) -> Result<Form, ApiError> {
    match serde_json::from_slice(content).map_err(|error| malformed(&error))? {
        Value::Object(fields) => Ok(Form { fields, ..Form::default() }),
        Value::Null => Err(Invalid::non_field("No data provided").into()),
        other => {
            let kind = type_name(&other);
            Err(Invalid::non_field(format!("Invalid data. Expected a dictionary, but got {kind}.")).into())
        }
    }
}

fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::detail(StatusCode::BAD_REQUEST, format!("JSON parse error - {error}"))
}

/// The framework's word for the type of a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

async fn multipart(parts: &Parts, content: Bytes) -> Result<Form, ApiError> {
    let limit = content.len() as u64;
    let mut request = Request::new(Body::from(content));
    *request.headers_mut() = parts.headers.clone();
    *request.extensions_mut() = parts.extensions.clone();
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|rejection| AppError::BrokenUpload(rejection.body_text()))?;
    let (mut pairs, mut files) = (Vec::new(), HashMap::new());
    while let Some(field) = parts.next_field().await.map_err(|error| broken(&error, limit))? {
        match (field.name().map(str::to_owned), field.file_name()) {
            (Some(name), None) => pairs.push((name, field.text().await.map_err(|error| broken(&error, limit))?)),
            (Some(name), Some(sent)) => {
                let sent = file_name(sent).unwrap_or_default();
                let content = field.bytes().await.map_err(|error| broken(&error, limit))?;
                files.insert(name, Picture { name: sent, content });
            }
            _ => drop(field),
        }
    }
    Ok(Form { files, ..Form::texts(pairs.into_iter()) })
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
