//! Operations and models in the OpenAPI document.

use utoipa::openapi::{
    Content, HttpMethod, ObjectBuilder, OneOfBuilder, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder, Schema,
    SchemaFormat, SecurityRequirement,
    path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::{AdditionalProperties, ArrayBuilder, SchemaType, Type},
};

use super::{
    model::{Field, Kind, Model},
    op::{Gives, Op, ParamKind, QueryParam},
};
use crate::routes::Access;

/// Adds the operations and what they take and give.
pub(crate) fn describe(document: &mut OpenApi, ops: &[Op]) {
    for op in ops {
        if let Some((model, partial)) = op.takes {
            requests(document, model, partial);
        }
        if let Gives::One(model) | Gives::Many(model) = op.gives.1 {
            answers(document, model);
        }
        let item = PathItem::new(method(op), operation(op));
        match document.paths.paths.get_mut(&op.path) {
            Some(known) => known.merge_operations(item),
            None => drop(document.paths.paths.insert(op.path.clone(), item)),
        }
    }
}

fn method(op: &Op) -> HttpMethod {
    match op.method.as_str() {
        "HEAD" => HttpMethod::Head,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(op: &Op) -> utoipa::openapi::path::Operation {
    let mut builder = OperationBuilder::new()
        .operation_id(Some(op.id.clone()))
        .tag(op.tag)
        .summary(Some(op.summary.clone()))
        .response(op.gives.0.to_string(), response(op.gives.1));
    for name in placeholders(&op.path) {
        let uuid = string(Some("uuid"));
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
        builder = builder.parameter(parameter.schema(Some(uuid)).build());
    }
    for param in &op.query {
        builder = builder.parameter(parameter(*param));
    }
    if let Some((model, partial)) = op.takes {
        let content = Content::new(Some(reference(&request_name(model, partial))));
        builder = builder.request_body(Some(RequestBodyBuilder::new().content("application/json", content).build()));
    }
    if op.access == Access::Anybody {
        let all = ["tokenAuth", "waldurOIDCAuth"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        builder = builder.securities(Some(all.into_iter().chain([SecurityRequirement::default()])));
    }
    builder.build()
}

fn placeholders(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

fn response(gives: Gives) -> utoipa::openapi::Response {
    let builder = ResponseBuilder::new();
    let schema = match gives {
        Gives::Stream => return builder.content("text/event-stream", Content::new(Some(string(None)))).build(),
        Gives::Nothing => return builder.build(),
        Gives::One(model) => reference(model.name),
        Gives::Many(model) => array(reference(model.name)),
        Gives::Json => RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(SchemaType::AnyValue).build())),
    };
    builder.content("application/json", Content::new(Some(schema))).build()
}

fn parameter(param: QueryParam) -> Parameter {
    let schema = match param.kind {
        ParamKind::Text => string(None),
        ParamKind::Texts => array(string(None)),
        ParamKind::Uuid => string(Some("uuid")),
        ParamKind::Uuids => array(string(Some("uuid"))),
        ParamKind::Bool => plain(Type::Boolean),
        ParamKind::Number => plain(Type::Integer),
        ParamKind::Moment => string(Some("date-time")),
        ParamKind::Day => string(Some("date")),
        ParamKind::Names(names) => array(choice(names)),
    };
    let builder = ParameterBuilder::new().name(param.name).parameter_in(ParameterIn::Query);
    builder.required(Required::False).schema(Some(schema)).build()
}

fn requests(document: &mut OpenApi, model: &Model, partial: bool) {
    let name = request_name(model, partial);
    let mut builder = ObjectBuilder::new();
    for field in model.taken() {
        nested_requests(document, field.kind);
        builder = builder.property(field.name, value(field.kind, field, true));
        if field.required && !partial {
            builder = builder.required(field.name);
        }
    }
    add(document, name, builder);
}

fn nested_requests(document: &mut OpenApi, kind: Kind) {
    match kind {
        Kind::Of(model) => requests(document, model, false),
        Kind::List(inner) | Kind::Map(inner) => nested_requests(document, *inner),
        _ => {}
    }
}

fn answers(document: &mut OpenApi, model: &Model) {
    if known(document, model.name) {
        return;
    }
    let mut builder = ObjectBuilder::new();
    for field in model.fields.iter().filter(|field| field.shown) {
        builder = builder.property(field.name, value(field.kind, field, false));
    }
    add(document, model.name.to_owned(), builder);
    for field in model.fields.iter().filter(|field| field.shown) {
        nested_answers(document, field.kind);
    }
}

fn nested_answers(document: &mut OpenApi, kind: Kind) {
    match kind {
        Kind::Of(model) => answers(document, model),
        Kind::List(inner) | Kind::Map(inner) => nested_answers(document, *inner),
        _ => {}
    }
}

fn known(document: &OpenApi, name: &str) -> bool {
    document.components.as_ref().is_some_and(|components| components.schemas.contains_key(name))
}

fn add(document: &mut OpenApi, name: String, builder: ObjectBuilder) {
    let components = document.components.get_or_insert_default();
    components.schemas.entry(name).or_insert_with(|| RefOr::T(Schema::Object(builder.build())));
}

fn request_name(model: &Model, partial: bool) -> String {
    let start = if partial { "Patched" } else { "" };
    let base = model.name.strip_suffix("Request").unwrap_or(model.name);
    format!("{start}{base}Request")
}

fn value(kind: Kind, field: &Field, taken: bool) -> RefOr<Schema> {
    let mut object = match schema(kind, taken) {
        RefOr::T(Schema::Object(object)) => object,
        RefOr::T(Schema::Array(mut array)) if field.nullable => {
            array.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
            return RefOr::T(Schema::Array(array));
        }
        RefOr::Ref(reference) if field.nullable => {
            return OneOfBuilder::new().item(reference).item(plain(Type::Null)).into();
        }
        other => return other,
    };
    if field.nullable
        && let SchemaType::Type(kind) = &object.schema_type
    {
        object.schema_type = SchemaType::from_iter([kind.clone(), Type::Null]);
        if let Some(names) = &mut object.enum_values {
            names.push(serde_json::Value::Null);
        }
    }
    if !taken && !field.taken {
        object.read_only = Some(true);
    }
    RefOr::T(Schema::Object(object))
}

fn schema(kind: Kind, taken: bool) -> RefOr<Schema> {
    match kind {
        Kind::Text(max) => text(max, None),
        Kind::Password => text(128, None),
        Kind::Choice(choices) => choice(choices),
        Kind::Email(max) => text(max, Some("email")),
        Kind::Slug => text(50, None),
        Kind::Country => text(2, None),
        Kind::Url(max) => text(max, Some("uri")),
        Kind::Uuid => string(Some("uuid")),
        Kind::Link(_) | Kind::Uri => string(Some("uri")),
        Kind::File if taken => string(Some("binary")),
        Kind::File => string(Some("uri")),
        Kind::Time => string(Some("date-time")),
        Kind::Date => string(Some("date")),
        Kind::Bool => plain(Type::Boolean),
        Kind::Int(min, max) => {
            let builder = ObjectBuilder::new().schema_type(Type::Integer);
            builder.minimum(Some(min)).maximum(Some(max)).into()
        }
        Kind::Float => number(Type::Number.into()),
        Kind::MaybeFloat => number(SchemaType::from_iter([Type::Number, Type::Null])),
        Kind::Decimal(..) => text(0, Some("decimal")),
        Kind::Json => RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(SchemaType::AnyValue).build())),
        Kind::Object => plain(Type::Object),
        Kind::Map(inner) => {
            let values = AdditionalProperties::RefOr(schema(*inner, taken));
            ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(values)).into()
        }
        Kind::List(inner) => array(schema(*inner, taken)),
        Kind::Of(model) if taken => reference(&request_name(model, false)),
        Kind::Of(model) => reference(model.name),
    }
}

fn number(kind: SchemaType) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(kind).format(custom(Some("double"))).into()
}

fn reference(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

fn array(items: RefOr<Schema>) -> RefOr<Schema> {
    RefOr::T(Schema::Array(ArrayBuilder::new().items(items).build()))
}

fn plain(kind: Type) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(kind).into()
}

fn string(format: Option<&str>) -> RefOr<Schema> {
    text(0, format)
}

fn text(max: usize, format: Option<&str>) -> RefOr<Schema> {
    let builder = ObjectBuilder::new().schema_type(Type::String).format(custom(format));
    builder.max_length((max > 0).then_some(max)).into()
}

fn custom(format: Option<&str>) -> Option<SchemaFormat> {
    format.map(|name| SchemaFormat::Custom(name.to_owned()))
}

fn choice(names: &[&str]) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.iter().copied())).into()
}
