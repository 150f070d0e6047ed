//! Answers against the schemas of an OpenAPI document: the part of JSON Schema that the contract uses.

use std::{fmt, sync::LazyLock};

use chrono::{DateTime, NaiveDate};
use http::{Method, StatusCode};
use serde_json::{Map, Value};

/// Where answers deliberately differ from the contract's schemas.
const ACCEPTED: &str = include_str!("../../../api/tests/data/answer-differences.txt");

static CONTRACT: LazyLock<Option<Document>> = LazyLock::new(|| Document::read("marketplace-orders"));
static COMPANIONS: LazyLock<Option<Document>> = LazyLock::new(|| Document::read("companions"));

/// An OpenAPI document.
#[derive(Debug, Clone)]
pub struct Document(pub Value);

/// A value that is not what its schema says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The path from the answer's object, with dots, through lists.
    pub path: String,
    /// The rule that is broken.
    pub rule: &'static str,
    /// The value.
    pub value: String,
}

/// A schema and the document that its references lead into.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    document: &'a Document,
    schema: &'a Value,
}

impl Document {
    fn read(name: &str) -> Option<Self> {
        let path = super::shared()?.join(format!("contract/{name}.openapi.yaml"));
        let text = std::fs::read_to_string(path).unwrap();
        Some(Self(serde_yaml_ng::from_str(&text).unwrap()))
    }

    /// The contract of everything around the orders, where the folder with it is there.
    #[must_use]
    pub fn companions() -> Option<&'static Self> {
        COMPANIONS.as_ref()
    }

    /// The path of the document that a request's path fits; one without placeholders goes first.
    #[must_use]
    pub fn template(&self, path: &str) -> Option<&str> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let wanted: Vec<&str> = template.split('/').collect();
            let same = |(wanted, part): (&&str, &&str)| wanted.starts_with('{') || wanted == part;
            wanted.len() == parts.len() && wanted.iter().zip(&parts).all(same)
        };
        let paths = self.0["paths"].as_object()?.keys();
        paths.filter(fits).min_by_key(|template| template.matches('{').count()).map(String::as_str)
    }

    /// The contract, where the folder with it is there.
    #[must_use]
    pub fn contract() -> Option<&'static Self> {
        CONTRACT.as_ref()
    }

    /// The schema of an answer.
    #[must_use]
    pub fn answer(&self, path: &str, method: &Method, status: StatusCode) -> Option<Schema<'_>> {
        let operation = &self.0["paths"][path][method.as_str().to_ascii_lowercase()];
        let content = &operation["responses"][status.as_str()]["content"];
        let schema = content.get("application/json")?.get("schema")?;
        Some(Schema { document: self, schema })
    }

    /// The schema that a reference leads to; other schemas are themselves.
    #[must_use]
    pub fn follow<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema };
        let pointer = reference.trim_start_matches('#');
        self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }
}

impl Violation {
    /// Whether the difference is listed with its reason.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        let wanted = format!("{} {}", self.path, self.rule);
        ACCEPTED.lines().filter_map(|line| line.split_once(" | ")).any(|(what, _)| what == wanted)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.path, self.rule, self.value)
    }
}

impl<'a> Schema<'a> {
    /// What of a value is not as the schema says; paths begin with `name`.
    #[must_use]
    pub fn violations(self, name: &str, value: &Value) -> Vec<Violation> {
        let mut found = Vec::new();
        self.walk(name, value, &mut found);
        found
    }

    /// The name of the schema of an object, or of a list's items.
    #[must_use]
    pub fn name(self) -> &'a str {
        let schema = self.schema.get("items").unwrap_or(self.schema);
        let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
        reference.rsplit('/').next().unwrap_or_default()
    }

    /// The fields of the schema, or of a list's items, that an object lacks.
    #[must_use]
    pub fn missing(self, object: &Value) -> Vec<Violation> {
        let schema = self.document.follow(self.schema.get("items").unwrap_or(self.schema));
        let known = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let missing = known.filter(|(name, schema)| {
            object.get(name.as_str()).is_none() && schema.get("writeOnly") != Some(&Value::Bool(true))
        });
        let tell = |name: &String| Violation {
            path: format!("{}.{name}", self.name()),
            rule: "missing",
            value: String::new(),
        };
        missing.map(|(name, _)| tell(name)).collect()
    }

    const fn at(self, schema: &'a Value) -> Self {
        Self { schema, ..self }
    }

    fn walk(self, path: &str, value: &Value, found: &mut Vec<Violation>) {
        let schema = self.document.follow(self.schema);
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        let mut tell = |rule| found.push(Violation { path: path.to_owned(), rule, value: value.to_string() });
        if schema.get("type").and_then(Value::as_str).is_some_and(|kind| !has_type(kind, value)) {
            return tell(if value.is_null() { "null" } else { "type" });
        }
        if schema.get("enum").and_then(Value::as_array).is_some_and(|choices| !choices.contains(value)) {
            return tell("enum");
        }
        if schema.get("format").and_then(Value::as_str).is_some_and(|format| !has_format(format, value)) {
            tell("format");
        }
        let list = |key| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let fits = |one: &Value| self.at_owned(one, value);
        if schema.get("oneOf").is_some() && !list("oneOf").any(fits) {
            tell("oneOf");
        }
        list("allOf").for_each(|part| self.at(part).walk(path, value, found));
        self.inside(schema, path, value, found);
    }

    fn at_owned(self, schema: &Value, value: &Value) -> bool {
        Schema { document: self.document, schema }.violations("", value).is_empty()
    }

    /// The entries of an object or a list.
    fn inside(self, schema: &'a Value, path: &str, value: &Value, found: &mut Vec<Violation>) {
        match value {
            Value::Object(entries) => self.object(schema, path, entries, found),
            Value::Array(items) => {
                if let Some(schema) = schema.get("items") {
                    items.iter().for_each(|item| self.at(schema).walk(path, item, found));
                }
            }
            _ => {}
        }
    }

    fn object(self, schema: &'a Value, path: &str, entries: &Map<String, Value>, found: &mut Vec<Violation>) {
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| !entries.contains_key(*name)) {
            found.push(Violation { path: format!("{path}.{name}"), rule: "required", value: String::new() });
        }
        for (name, value) in entries {
            let known = schema.get("properties").and_then(|properties| properties.get(name));
            let others = schema.get("additionalProperties").filter(|others| others.is_object());
            match (known, others) {
                (Some(schema), _) => self.at(schema).walk(&format!("{path}.{name}"), value, found),
                (None, Some(schema)) => self.at(schema).walk(&format!("{path}.*"), value, found),
                (None, None) => {}
            }
        }
    }
}

fn has_type(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("a schema of unknown type {other}"),
    }
}

/// Formats of texts; a UUID may come as 32 digits too, which is how Waldur writes it.
fn has_format(format: &str, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return true };
    match format {
        "uuid" => uuid::Uuid::try_parse(text).is_ok(),
        "uri" => text.parse::<http::Uri>().is_ok_and(|uri| uri.scheme().is_some()),
        "date" => NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        "date-time" => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_refuse_what_is_wrong() {
        let document = Document(json!({"components": {"schemas": {
            "Side": {"enum": ["left", "right"]},
            "None": {"enum": [null]},
        }}}));
        let side = json!({"$ref": "#/components/schemas/Side"});
        let cases = [
            (json!({"type": "string"}), json!("x"), json!(1), "type"),
            (json!({"type": "integer"}), json!(1), json!(1.5), "type"),
            (json!({"type": "string", "nullable": true}), json!(null), json!(false), "type"),
            (json!({"type": "string"}), json!(""), json!(null), "null"),
            (
                json!({"type": "string", "format": "uuid"}),
                json!("a1b2c3d4e5f67890abcdef1234567890"),
                json!("a1"),
                "format",
            ),
            (
                json!({"type": "string", "format": "date-time"}),
                json!("2025-05-19T12:00:00Z"),
                json!("2025-05-19"),
                "format",
            ),
            (side.clone(), json!("left"), json!("up"), "enum"),
            (json!({"allOf": [side]}), json!("right"), json!("up"), "enum"),
            (json!({"oneOf": [side, {"$ref": "#/components/schemas/None"}]}), json!(null), json!("up"), "oneOf"),
            (json!({"type": "array", "items": side}), json!(["left"]), json!(["left", "up"]), "enum"),
            (json!({"type": "object", "properties": {"a": side}}), json!({"b": 1}), json!({"a": 1}), "enum"),
            (json!({"type": "object", "required": ["a"]}), json!({"a": 1}), json!({}), "required"),
            (json!({"additionalProperties": {"type": "integer"}}), json!({"a": 1}), json!({"a": "1"}), "type"),
            (json!({}), json!(null), json!(null), ""),
        ];
        for (schema, good, bad, rule) in &cases {
            let rules = |value| {
                let found = Schema { document: &document, schema }.violations("", value);
                found.into_iter().map(|violation| violation.rule).collect::<Vec<_>>()
            };
            assert_eq!(rules(good), [""; 0], "{schema} {good}");
            assert_eq!(rules(bad).join(" "), *rule, "{schema} {bad}");
        }
    }
}
