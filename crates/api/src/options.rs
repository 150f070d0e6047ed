//! The answer to `OPTIONS`: what a route is called, reads, writes and takes (spec 3.4).

use axum::response::Response;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::{
    answer,
    error::ApiError,
    rest::{self as model, Kind, Model},
    routes::Route,
};

/// The fields that a POST takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fields {
    /// None.
    None,
    /// Those of an order as it is shown: upstream describes that shape even here, without `project`.
    Order(&'static [&'static str]),
    /// These.
    Listed(&'static [&'static str]),
    /// Those that a model takes.
    Model(&'static Model),
}

#[derive(Serialize)]
struct Metadata {
    name: &'static str,
    description: &'static str,
    renders: [&'static str; 1],
    parses: [&'static str; 3],
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<Actions>,
}

#[derive(Serialize)]
struct Actions {
    #[serde(rename = "POST")]
    post: Fields,
}

#[derive(Serialize)]
struct Field {
    #[serde(rename = "type")]
    kind: &'static str,
    required: bool,
    read_only: bool,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<Choice>>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    display_name: &'static str,
}

/// Fields that are no plain read-only `field`: type, required, writable, longest text.
#[rustfmt::skip]
const SPECIAL: &[(&str, &str, bool, bool, Option<u16>)] = &[
    ("offering", "field", true, true, None),
    ("offering_image", "image upload", false, false, None),
    ("offering_thumbnail", "image upload", false, false, None),
    ("category_icon", "image upload", false, false, None),
    ("plan", "field", false, true, None),
    ("attributes", "field", false, true, None),
    ("limits", "nested object", false, true, None),
    ("uuid", "string", false, false, None),
    ("created", "datetime", false, false, None),
    ("modified", "datetime", false, false, None),
    ("completed_at", "datetime", false, false, None),
    ("cost", "decimal", false, false, None),
    ("new_cost_estimate", "decimal", false, false, None),
    ("output", "string", false, false, None),
    ("error_message", "string", false, false, None),
    ("error_traceback", "string", false, false, None),
    ("accepting_terms_of_service", "boolean", false, true, None),
    ("callback_url", "url", false, true, Some(200)),
    ("request_comment", "string", false, true, Some(255)),
    ("attachment", "file upload", false, true, None),
    ("type", "choice", false, true, None),
    ("start_date", "date", false, true, None),
    ("slug", "slug", false, true, Some(50)),
    ("backend_id", "string", false, true, Some(255)),
];

/// What `OPTIONS` answers on a route.
pub(crate) fn metadata(route: &Route) -> Result<Response, ApiError> {
    answer::read(&Metadata {
        name: route.name,
        description: "",
        renders: ["application/json"],
        parses: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        actions: route.fields.map(|post| Actions { post }),
    })
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::None => {}
            Self::Order(names) => {
                for name in names.iter().chain(&["accepting_terms_of_service"]) {
                    map.serialize_entry(name, &field(name, false))?;
                }
            }
            Self::Listed(names) => {
                for name in *names {
                    map.serialize_entry(name, &field(name, true))?;
                }
            }
            Self::Model(model) => {
                for taken in model.taken() {
                    map.serialize_entry(taken.name, &of_model(taken))?;
                }
            }
        }
        map.end()
    }
}

fn field(name: &str, is_input: bool) -> Field {
    let special = SPECIAL.iter().find(|(special, ..)| *special == name);
    let (_, kind, required, writable, max_length) = *special.unwrap_or(&("", "field", false, false, None));
    let types = mercat_domain::order::OrderType::ALL.iter().map(|kind| kind.as_str());
    Field {
        kind,
        required,
        read_only: !(is_input || writable),
        label: label(name),
        max_length,
        choices: (kind == "choice").then(|| types.map(|name| Choice { value: name, display_name: name }).collect()),
    }
}

fn of_model(taken: &model::Field) -> Field {
    let (kind, max_length) = match taken.kind {
        Kind::Text(max) => ("string", max),
        Kind::Password => ("string", 128),
        Kind::Email(max) => ("email", max),
        Kind::Url(max) => ("url", max),
        Kind::Slug => ("slug", 50),
        Kind::Choice(_) | Kind::Country => ("choice", 0),
        Kind::Bool => ("boolean", 0),
        Kind::Int(..) => ("integer", 0),
        Kind::Float | Kind::MaybeFloat => ("float", 0),
        Kind::Decimal(..) => ("decimal", 0),
        Kind::Date => ("date", 0),
        Kind::Time => ("datetime", 0),
        Kind::File => ("file upload", 0),
        Kind::Map(_) | Kind::Of(_) => ("nested object", 0),
        Kind::List(_) => ("list", 0),
        Kind::Uuid => ("string", 0),
        Kind::Link(_) | Kind::Uri | Kind::Json | Kind::Object => ("field", 0),
    };
    let choices = match taken.kind {
        Kind::Choice(names) => Some(names.iter().map(|name| Choice { value: name, display_name: name }).collect()),
        _ => None,
    };
    Field {
        kind,
        required: taken.required,
        read_only: false,
        label: label(taken.name),
        max_length: u16::try_from(max_length).ok().filter(|max| *max > 0),
        choices,
    }
}

/// `plan_unit` is labelled `Plan unit`.
fn label(name: &str) -> String {
    let mut label = name.replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{routes::ROUTES, wire::OrderDetails};

    #[test]
    fn fields_look_like_the_recorded_ones() {
        let fields = serde_json::to_value(Fields::Order(OrderDetails::FIELDS)).unwrap();
        let cases = [
            ("offering", json!({"type": "field", "required": true, "read_only": false, "label": "Offering"})),
            ("plan_unit", json!({"type": "field", "required": false, "read_only": true, "label": "Plan unit"})),
            (
                "callback_url",
                json!({"type": "url", "required": false, "read_only": false, "label": "Callback url",
                "max_length": 200}),
            ),
            ("created", json!({"type": "datetime", "required": false, "read_only": true, "label": "Created"})),
        ];
        for (name, expected) in cases {
            assert_eq!(fields[name], expected, "{name}");
        }
        assert_eq!(fields["type"]["choices"][0], json!({"value": "Create", "display_name": "Create"}));
        assert_eq!(fields.get("project"), None::<&Value>);
    }

    #[test]
    fn only_routes_that_take_a_post_have_actions() {
        for route in ROUTES {
            let posts = route.works.contains(&axum::http::Method::POST);
            assert_eq!(route.fields.is_some(), posts, "{}", route.path);
        }
    }
}
