//! What an OpenAPI document says, as one line a fact: equal documents have equal facts, whatever their version.

use std::collections::BTreeSet;

use mercat_testkit::contract::Document;
use serde_json::Value;

const METHODS: [&str; 6] = ["get", "head", "post", "put", "patch", "delete"];

/// Facts about the operations on these paths and all schemas that they lead to.
pub fn of(document: &Document, paths: &[&str]) -> BTreeSet<String> {
    let mut facts = Facts { document, lines: BTreeSet::new(), seen: BTreeSet::new() };
    for path in paths {
        for method in METHODS {
            if let Some(operation) = document.0["paths"][*path].get(method) {
                facts.operation(path, method, operation);
            }
        }
    }
    facts.lines
}

struct Facts<'a> {
    document: &'a Document,
    lines: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl<'a> Facts<'a> {
    fn operation(&mut self, path: &str, method: &str, operation: &'a Value) {
        let id = operation["operationId"].as_str().unwrap();
        self.lines.insert(format!("operation {id}: {} {path}", method.to_uppercase()));
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = self.document.follow(parameter);
            let shape = self.shape(&parameter["schema"]);
            let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
            self.lines.insert(format!("parameter {id} {place} {name}: {shape}"));
        }
        // The contract says nothing of refusals; ours are the same everywhere.
        let answers = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| !status.ends_with("XX"));
        for (status, answer) in answers {
            let shape = match answer.get("content").and_then(|content| content.get("application/json")) {
                Some(content) => self.shape(&content["schema"]),
                None => "empty".to_owned(),
            };
            self.lines.insert(format!("answer {id} {status}: {shape}"));
        }
        let body = operation.get("requestBody").and_then(|body| body["content"].as_object());
        for (kind, content) in body.into_iter().flatten() {
            let shape = self.shape(&content["schema"]);
            self.lines.insert(format!("body {id} {kind}: {shape}"));
        }
    }

    /// A schema in a few words; named schemas are described once, in lines of their own.
    fn shape(&mut self, schema: &'a Value) -> String {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.named(reference.rsplit('/').next().unwrap(), schema);
        }
        let null = if is_nullable(schema) { " null" } else { "" };
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some(members) = schema.get(key).and_then(Value::as_array) {
                return self.choice(members, null);
            }
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            let mut names: Vec<String> =
                choices.iter().map(|choice| choice.as_str().unwrap_or("null").to_owned()).collect();
            names.sort();
            return format!("one of {}{null}", names.join(","));
        }
        format!("{}{null}", self.plain(schema))
    }

    fn plain(&mut self, schema: &'a Value) -> String {
        let kind = match &schema["type"] {
            Value::String(kind) => kind.as_str(),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap(),
            _ => return "any".to_owned(),
        };
        match (kind, schema.get("format").and_then(Value::as_str)) {
            ("array", _) => format!("list of {}", self.shape(&schema["items"])),
            ("object", _) => self.object(schema),
            // Sizes of numbers are no matter of JSON.
            ("string", Some(format)) => format!("string {format}"),
            (kind, _) => kind.to_owned(),
        }
    }

    fn object(&mut self, schema: &'a Value) -> String {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let inner: Vec<String> =
                properties.iter().map(|(name, schema)| format!("{name}: {}", self.shape(schema))).collect();
            let inner: BTreeSet<String> = inner.into_iter().collect();
            return format!("object of {}", inner.into_iter().collect::<Vec<_>>().join(", "));
        }
        match schema.get("additionalProperties") {
            Some(values) if values.as_object().is_some_and(|values| !values.is_empty()) => {
                format!("map of {}", self.shape(values))
            }
            _ => "object".to_owned(),
        }
    }

    /// Members without null, which is told at the end.
    fn choice(&mut self, members: &'a [Value], null: &str) -> String {
        let mut shapes: Vec<String> = members.iter().map(|member| self.shape(member)).collect();
        let with_null = shapes.len();
        shapes.retain(|shape| !["null", "NullEnum"].contains(&shape.as_str()));
        shapes.sort();
        let null = if shapes.len() < with_null { " null" } else { null };
        format!("{}{null}", shapes.join(" or "))
    }

    fn named(&mut self, name: &str, reference: &'a Value) -> String {
        if self.seen.insert(name.to_owned()) {
            let schema = self.document.follow(reference);
            match schema.get("properties").and_then(Value::as_object) {
                Some(properties) => {
                    for (field, schema) in properties {
                        let shape = self.shape(schema);
                        self.lines.insert(format!("schema {name}.{field}: {shape}"));
                    }
                }
                None => {
                    let shape = self.shape(schema);
                    self.lines.insert(format!("schema {name}: {shape}"));
                }
            }
        }
        name.to_owned()
    }
}

/// `nullable` of OpenAPI 3.0, or `null` among the types of 3.1.
fn is_nullable(schema: &Value) -> bool {
    let among = schema["type"].as_array().is_some_and(|kinds| kinds.len() > 1 && kinds.contains(&"null".into()));
    among || schema["nullable"] == true
}
