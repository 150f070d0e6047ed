//! The orders of a list as a file, streamed: however many there are, only some are in memory.

use std::collections::VecDeque;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use mercat_app::{
    App, AppError,
    orders::{self, OrderFilter, OrderView, Stretch},
};
use mercat_domain::{id::OrderId, permission::Actor, time};
use serde_json::{Map, Value, json};

/// So many orders are read at once.
const BATCH: u64 = 100;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    JsonLines,
}

impl Form {
    const fn media_type(self) -> HeaderValue {
        match self {
            Self::Csv => HeaderValue::from_static("text/csv; charset=utf-8"),
            Self::JsonLines => HeaderValue::from_static("application/jsonl"),
        }
    }

    const fn file(self) -> HeaderValue {
        match self {
            Self::Csv => HeaderValue::from_static("attachment; filename=\"orders.csv\""),
            Self::JsonLines => HeaderValue::from_static("attachment; filename=\"orders.jsonl\""),
        }
    }
}

/// What a field holds.
type Of = fn(&OrderView) -> Value;

/// The fields, called as in the API.
const FIELDS: [(&str, Of); 18] = [
    ("uuid", |order| json!(order.row.id)),
    ("slug", |order| json!(order.row.slug)),
    ("type", |order| json!(order.row.order_type)),
    ("state", |order| json!(order.row.state)),
    ("resource_name", |order| json!(order.row.resource_name)),
    ("resource_uuid", |order| json!(order.row.resource_id)),
    ("offering_name", |order| json!(order.row.offering.name)),
    ("offering_uuid", |order| json!(order.row.offering_id)),
    ("provider_name", |order| json!(order.row.provider.name)),
    ("customer_name", |order| json!(order.row.customer.name)),
    ("project_name", |order| json!(order.row.project.name)),
    ("project_uuid", |order| json!(order.row.project_id)),
    ("plan_name", |order| json!(order.row.plan_name())),
    ("cost", |order| json!(order.row.cost)),
    ("created", |order| json!(time::format(order.row.created))),
    ("modified", |order| json!(time::format(order.row.modified))),
    ("created_by_username", |order| json!(order.row.creator.as_ref().map(|person| &person.username))),
    ("error_message", |order| json!(order.row.error_message)),
];

struct Reader {
    app: App,
    actor: Actor,
    filters: Vec<OrderFilter>,
    form: Form,
    /// The last order that was written.
    last: Option<OrderId>,
    ready: VecDeque<Bytes>,
    is_over: bool,
}

/// The file. What fails in the middle ends it, and the browser says that it is not whole.
pub(super) fn file(app: &App, actor: &Actor, filters: Vec<OrderFilter>, form: Form) -> Response {
    let head = match form {
        Form::Csv => csv(FIELDS.iter().map(|(name, _)| (*name).to_owned())),
        Form::JsonLines => Ok(Vec::new()),
    };
    let ready = head.into_iter().map(Bytes::from).collect();
    let (app, actor) = (app.clone(), actor.clone());
    let reader = Reader { app, actor, filters, form, last: None, ready, is_over: false };
    let headers = [(header::CONTENT_TYPE, form.media_type()), (header::CONTENT_DISPOSITION, form.file())];
    let rows = stream::try_unfold(reader, |mut reader| async move {
        let next = reader.next().await.inspect_err(|error| tracing::error!(%error, "an export ended early"))?;
        Ok::<_, AppError>(next.map(|bytes| (bytes, reader)))
    });
    (headers, Body::from_stream(rows)).into_response()
}

impl Reader {
    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        if self.ready.is_empty() && !self.is_over {
            self.read().await?;
        }
        Ok(self.ready.pop_front())
    }

    async fn read(&mut self) -> Result<(), AppError> {
        let mut filters = self.filters.clone();
        filters.extend(self.last.map(OrderFilter::After));
        let orders = orders::list(&self.app, &self.actor, Stretch::new(&filters, &[], 0, BATCH)).await?;
        self.is_over = (orders.len() as u64) < BATCH;
        self.last = orders.last().map(|order| order.row.id).or(self.last);
        let mut lines = Vec::new();
        for order in &orders {
            lines.extend(match self.form {
                Form::Csv => csv(FIELDS.iter().map(|(_, of)| cell(of(order))))?,
                Form::JsonLines => json_line(order),
            });
        }
        if !lines.is_empty() {
            self.ready.push_back(lines.into());
        }
        Ok(())
    }
}

fn json_line(order: &OrderView) -> Vec<u8> {
    let fields: Map<String, Value> = FIELDS.iter().map(|(name, of)| ((*name).to_owned(), of(order))).collect();
    format!("{}\n", Value::Object(fields)).into_bytes()
}

/// A line of cells.
fn csv(cells: impl Iterator<Item = String>) -> Result<Vec<u8>, AppError> {
    let fault = |error: String| AppError::Internal(format!("a line of CSV could not be written: {error}"));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| fault(error.to_string()))?;
    writer.into_inner().map_err(|error| fault(error.to_string()))
}

/// A value as a cell. Spreadsheets calculate what begins like a formula, whoever wrote it: an apostrophe makes it a text.
fn cell(value: Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    let is_number = text.parse::<f64>().is_ok();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_calculated() {
        let cells = ["=1+1", "@x", "-2", "-x", "a\"b,c", "é\nf", ""].map(|text| cell(json!(text)));
        let line = String::from_utf8(csv(cells.into_iter()).unwrap()).unwrap();
        assert_eq!(line, "'=1+1,'@x,-2,'-x,\"a\"\"b,c\",\"é\nf\",\r\n");
    }
}
