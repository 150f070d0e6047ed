//! Requests, made from the document: right in most parts, so that what is wrong gets past the first check.

use std::fmt;

use axum::body::Body;
use http::{Method, Request, header};
use mercat_testkit::{TestApp, contract::Document};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Map, Value, json};

use super::{
    hostile,
    world::{PEOPLE, World},
};

/// An answer that goes on until the reader leaves.
const ENDLESS: &str = "/api/event-feed/stream/";
/// The parameter by which a reader asks for an answer that waits for news.
pub(crate) const WAITS: &str = "wait";

/// In the document, where a path says which of them it has.
pub(crate) const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// The paths whose answers end.
pub(crate) fn paths(document: &Document) -> impl Iterator<Item = (&String, &Value)> {
    document.0["paths"].as_object().into_iter().flatten().filter(|(path, _)| *path != ENDLESS)
}

/// A request, and the path of the document that it is for.
pub(crate) struct Sent {
    pub method: Method,
    pub template: String,
    pub who: &'static str,
    pub target: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Sent {
    /// A request for one of the document's operations.
    pub fn any(document: &Document, world: &World, chance: &mut StdRng) -> Self {
        let paths: Vec<(&String, &Value)> = paths(document).collect();
        let (template, operations) = paths[chance.random_range(0..paths.len())];
        let known: Vec<&str> = METHODS.into_iter().filter(|method| operations.get(method).is_some()).collect();
        let method = known.choose(chance).copied().unwrap_or("get");
        let operation = &operations[method];
        let mut maker = Maker { document, world, chance };
        let target = maker.target(template, operation);
        let (mut headers, body) = maker.body(operation);
        if chance.random_ratio(1, 6) {
            headers.push(hostile::header(chance));
        }
        let who = PEOPLE.choose(chance).copied().unwrap_or_default();
        let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap_or_default();
        Self { method, template: template.clone(), who, target, headers, body }
    }

    /// `None` when no client could send it.
    pub fn request(&self, app: &TestApp) -> Option<Request<Body>> {
        let mut request = app.request(self.who, self.method.clone(), &self.target);
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_slice());
        }
        request.body(Body::from(self.body.clone())).ok()
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(300).collect::<String>();
        write!(
            f,
            "curl -X {} '$SERVER{}' -H 'Authorization: Token token-{}'",
            self.method,
            cut(self.target.as_bytes()),
            self.who
        )?;
        for (name, value) in &self.headers {
            write!(f, " -H '{name}: {}'", cut(value).escape_debug())?;
        }
        write!(f, " -d '{}'", cut(&self.body).escape_debug())
    }
}

pub(crate) struct Maker<'a> {
    pub document: &'a Document,
    pub world: &'a World,
    pub chance: &'a mut StdRng,
}

impl Maker<'_> {
    /// The path with ids in it, and a query.
    fn target(&mut self, template: &str, operation: &Value) -> String {
        let ids = self.world.ids(template);
        let part = |part: &str, chance: &mut StdRng| match part.starts_with('{') {
            false => part.to_owned(),
            true if chance.random_ratio(4, 5) => ids.choose(chance).map_or("1", |id| id).to_owned(),
            true => escaped(&hostile::text(chance).chars().take(500).collect::<String>()),
        };
        let path: Vec<String> = template.split('/').map(|one| part(one, self.chance)).collect();
        let declared = operation["parameters"].as_array().into_iter().flatten();
        let queries: Vec<&Value> = declared.filter(|one| one["in"] == "query" && one["name"] != WAITS).collect();
        let mut query = Vec::new();
        for _ in 0..self.chance.random_range(0..4) {
            let Some(wanted) = queries.choose(self.chance) else { break };
            let value = self.of(&wanted["schema"], 1);
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let value: String = value.chars().take(500).collect();
            query.push(format!("{}={}", wanted["name"].as_str().unwrap_or_default(), escaped(&value)));
        }
        if self.chance.random_ratio(1, 20) {
            query.push(
                String::from_utf8_lossy(&hostile::body(self.chance))
                    .chars()
                    .filter(char::is_ascii_graphic)
                    .take(50)
                    .collect(),
            );
        }
        let path = path.join("/");
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// Headers and a body as the operation asks for, or not.
    fn body(&mut self, operation: &Value) -> (Vec<(&'static str, Vec<u8>)>, Vec<u8>) {
        let content = &operation["requestBody"]["content"];
        let json = vec![(header::CONTENT_TYPE.as_str(), b"application/json".to_vec())];
        if content.is_null() && self.chance.random_ratio(9, 10) {
            return (Vec::new(), Vec::new());
        }
        if self.chance.random_ratio(1, 12) {
            let kinds = [
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "",
            ];
            let kind = kinds.choose(self.chance).copied().unwrap_or_default();
            return (vec![(header::CONTENT_TYPE.as_str(), kind.as_bytes().to_vec())], hostile::body(self.chance));
        }
        let schema = &content["application/json"]["schema"];
        let body = if schema.is_null() { hostile::value(self.chance, 2) } else { self.of(schema, 3) };
        (json, body.to_string().into_bytes())
    }

    /// A value that a schema allows, more often than not.
    pub fn of(&mut self, schema: &Value, depth: u32) -> Value {
        if self.chance.random_ratio(1, 6) {
            return hostile::value(self.chance, depth.min(2));
        }
        let schema = self.document.follow(schema);
        if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.is_empty()) {
            return choices[self.chance.random_range(0..choices.len())].clone();
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            if let Some(one) = schema[several].as_array().and_then(|all| all.choose(self.chance)) {
                return self.of(one, depth);
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.choose(self.chance).and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") if depth > 0 => {
                (0..self.chance.random_range(0..3)).map(|_| self.of(&schema["items"], depth - 1)).collect()
            }
            Some("array") => json!([]),
            Some("boolean") => json!(self.chance.random::<bool>()),
            Some("integer") => json!(self.chance.random_range(-2..200)),
            Some("number") => json!(self.chance.random_range(-10.0..1_000.0)),
            Some("string") => self.text(schema["format"].as_str().unwrap_or_default()),
            _ => hostile::value(self.chance, 1),
        }
    }

    fn object(&mut self, schema: &Value, depth: u32) -> Value {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let is_wanted = if required.contains(&name.as_str()) {
                self.chance.random_ratio(19, 20)
            } else {
                self.chance.random_ratio(1, 4)
            };
            if is_wanted && depth > 0 {
                object.insert(name.clone(), self.of(schema, depth - 1));
            }
        }
        Value::Object(object)
    }

    fn text(&mut self, format: &str) -> Value {
        let links = self.world.links();
        let ids = self.world.ids("");
        let known = match format {
            "uuid" => ids.choose(self.chance).map(|id| (*id).to_owned()),
            "uri" => links.choose(self.chance).map(|link| format!("http://mercat.test{link}")),
            "date" => Some(format!("2025-0{}-1{}", self.chance.random_range(1..10), self.chance.random_range(0..10))),
            "date-time" => Some(format!("2025-0{}-11T12:00:00Z", self.chance.random_range(1..10))),
            "email" => Some("somebody@example.org".to_owned()),
            "decimal" => Some(format!("{}.5", self.chance.random_range(0..100))),
            _ if self.chance.random_ratio(1, 3) => links.choose(self.chance).cloned(),
            _ => Some(format!("text-{}", self.chance.random_range(0..1_000))),
        };
        json!(known.unwrap_or_default())
    }
}

pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
