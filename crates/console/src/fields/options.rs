//! The options that an offering declares, as fields, and what was filled in as attributes of an order.

use mercat_domain::offering::declared_options;
use serde_json::{Map, Number, Value};

use super::{Field, Input, Wrong};
use crate::{form::Form, text};

/// Before the names of options in the form.
pub(crate) const PREFIX: &str = "option-";

/// An option of a schema.
struct Declared<'a> {
    name: &'a str,
    schema: &'a Value,
}

/// The options in the order of the form.
fn declared(schema: &Value) -> Vec<Declared<'_>> {
    let Some(options) = declared_options(schema) else { return Vec::new() };
    let listed = schema.get("order").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut all: Vec<Declared<'_>> = Vec::new();
    for name in listed.chain(options.keys().map(String::as_str)) {
        if let Some((name, schema)) = options.get_key_value(name).filter(|_| all.iter().all(|known| known.name != name))
        {
            all.push(Declared { name, schema });
        }
    }
    all
}

impl Declared<'_> {
    fn text(&self, key: &str) -> String {
        self.schema.get(key).map(plain).unwrap_or_default()
    }

    fn choices(&self) -> Vec<String> {
        let choices = self.schema.get("choices").and_then(Value::as_array).into_iter().flatten();
        choices.map(|choice| plain(choice.get("value").unwrap_or(choice))).collect()
    }

    fn input(&self) -> Input {
        match self.text("type").as_str() {
            "boolean" => Input::Tick,
            "integer" | "money" | "component_multiplier" => Input::Number,
            "date" => Input::Date,
            "time" => Input::Time,
            "select_string" => {
                Input::Choice(self.choices().into_iter().map(|choice| (choice.clone(), text::name(&choice))).collect())
            }
            "select_string_multi" => Input::Choices(self.choices()),
            "string" | "select_openstack_tenant" | "select_openstack_instance" => Input::Text,
            _ => Input::Lines,
        }
    }

    fn is_list(&self) -> bool {
        self.text("type").starts_with("select_multiple_openstack_")
    }

    fn is_object(&self) -> bool {
        let kind = self.text("type");
        kind == "conditional_cascade" || kind.ends_with("_k8s_config")
    }

    fn hint(&self) -> String {
        let bound = |key: &str, words: &str| match self.text(key) {
            bound if bound.is_empty() => String::new(),
            bound => format!("{words} {bound}. "),
        };
        let shape = match (self.is_list(), self.is_object()) {
            (true, _) => "One a line.",
            (_, true) => "As JSON: {\"name\": \"value\"}.",
            _ => "",
        };
        let help = text::name(&self.text("help_text"));
        format!("{}{}{help} {shape}", bound("min", "At least"), bound("max", "At most")).trim().to_owned()
    }
}

/// A value as one types it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The fields of a schema. `known` says what stands in them, and `wrong` what is wrong with them.
pub(crate) fn fields(schema: &Value, known: &Map<String, Value>, wrong: &mut Wrong) -> Vec<Field> {
    let field = |option: Declared<'_>| {
        let name = option.name;
        let label = Some(option.text("label")).filter(|label| !label.is_empty()).unwrap_or_else(|| name.to_owned());
        let value = known.get(name).or_else(|| option.schema.get("default"));
        let lines = value.and_then(Value::as_array).map(|items| items.iter().map(plain).collect::<Vec<_>>());
        let mut messages = wrong.take(name);
        messages.extend(wrong.take(&format!("attributes.{name}")));
        Field {
            is_required: option.schema.get("required") == Some(&Value::Bool(true)),
            value: lines.as_ref().map_or_else(|| value.map(plain).unwrap_or_default(), |lines| lines.join("\n")),
            chosen: lines.unwrap_or_default(),
            ..Field::new(format!("{PREFIX}{name}"), text::name(&label), option.input())
                .hint(option.hint())
                .wrong(messages)
        }
    };
    declared(schema).into_iter().map(field).collect()
}

/// What was filled in, as the API takes it; what was left empty is not there.
pub(crate) fn read(schema: &Value, form: &Form<'_>, attributes: &mut Map<String, Value>) {
    for option in declared(schema) {
        let name = format!("{PREFIX}{}", option.name);
        let typed = form.text(&name).trim();
        let value = match option.input() {
            Input::Tick => Some(Value::Bool(!typed.is_empty())),
            Input::Choices(_) => {
                let chosen: Vec<Value> = form.all(&name).into_iter().map(Value::from).collect();
                (!chosen.is_empty()).then_some(Value::Array(chosen))
            }
            _ if typed.is_empty() => None,
            // What is no number or no JSON goes on as it is: the rules say what is wrong with it.
            Input::Number => {
                Some(typed.parse::<i64>().map_or_else(|_| Value::from(typed), |n| Value::Number(Number::from(n))))
            }
            _ if option.is_list() => Some(typed.lines().map(|line| Value::from(line.trim())).collect()),
            _ if option.is_object() => Some(serde_json::from_str(typed).unwrap_or_else(|_| Value::from(typed))),
            _ => Some(Value::from(typed)),
        };
        attributes.extend(value.map(|value| (option.name.to_owned(), value)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_filled_in_comes_back_as_the_api_takes_it() {
        let schema = json!({
            "order": ["size", "os"],
            "options": {
                "os": {"type": "select_string", "label": "System", "choices": ["debian", "rocky"]},
                "size": {"type": "integer", "label": "Size", "min": 1, "required": true},
                "backup": {"type": "boolean", "label": "Backup"},
                "extras": {"type": "select_string_multi", "label": "Extras", "choices": ["a", "b"]},
                "note": {"type": "text", "label": "Note"},
            },
        });
        let form = "option-size=7&option-os=rocky&option-extras=a&option-extras=b&option-note=+&option-other=1";
        let mut attributes = Map::new();
        read(&schema, &Form::of(form.as_bytes()), &mut attributes);
        assert_eq!(
            Value::Object(attributes.clone()),
            json!({"size": 7, "os": "rocky", "backup": false, "extras": ["a", "b"]})
        );
        let shown = fields(&schema, &attributes, &mut Wrong::about("size", "Too big."));
        let shown: Vec<_> =
            shown.iter().map(|field| (field.name.as_str(), field.value.as_str(), field.wrong.len())).collect();
        assert_eq!(shown[..2], [("option-size", "7", 1), ("option-os", "rocky", 0)]);
        let mut attributes = Map::new();
        read(&schema, &Form::of(b"option-size=seven"), &mut attributes);
        assert_eq!(attributes["size"], json!("seven"), "the rules say what is wrong");
    }
}
