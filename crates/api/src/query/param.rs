//! The query parameters in the OpenAPI document, from the tables that read them.

use utoipa::{
    IntoParams,
    openapi::{
        KnownFormat, ObjectBuilder, RefOr, Required, Schema, SchemaFormat,
        path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
        schema::{ArrayBuilder, Type},
    },
};

use super::{
    SORT_KEYS,
    filter::{FILTERS, Filter, Kind},
};
use crate::wire::OrderDetails;

/// Parameters of the order list.
pub(crate) struct ListParams;

/// Parameters of the count of orders: those of the list without `field`.
pub(crate) struct CountParams;

/// Parameters of a single order.
pub(crate) struct RetrieveParams;

impl IntoParams for ListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = counted();
        all.push(field());
        sorted(all)
    }
}

impl IntoParams for CountParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        sorted(counted())
    }
}

impl IntoParams for RetrieveParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![field()]
    }
}

fn sorted(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    parameters
}

fn counted() -> Vec<Parameter> {
    let page = [
        ("page", "Which page, counted from 1, or `last`."),
        ("page_size", "Orders on a page: 10 unless told, 300 at most."),
    ];
    let pages = page.map(|(name, text)| parameter(name, text, ObjectBuilder::new().schema_type(Type::Integer)));
    FILTERS.iter().map(described).chain(pages).chain([ordering()]).collect()
}

fn described(filter: &Filter) -> Parameter {
    let (name, text) = (filter.name, filter.description);
    match filter.kind {
        Kind::Uuid(_) => parameter(name, text, string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))),
        Kind::Moment(_) => {
            parameter(name, text, string().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))))
        }
        Kind::Text(_) | Kind::Link(..) => parameter(name, text, string()),
        Kind::Approvable(..) => parameter(name, text, ObjectBuilder::new().schema_type(Type::Boolean)),
        Kind::List(_) => list(name, text, string(), false),
        Kind::Repeated(_) => list(name, text, string(), true),
        Kind::Names(names, _) => list(name, text, string().enum_values(Some(names.iter().copied())), true),
    }
}

fn ordering() -> Parameter {
    let both = SORT_KEYS.iter().flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]);
    list("o", "Ordering", string().enum_values(Some(both)), false)
}

fn field() -> Parameter {
    let mut names = OrderDetails::FIELDS.to_vec();
    names.push("accepting_terms_of_service");
    names.sort_unstable();
    list("field", "The fields to answer with", string().enum_values(Some(names)), true)
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn parameter(name: &str, text: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    plain(name, text, schema).build()
}

fn list(name: &str, text: &str, items: ObjectBuilder, repeated: bool) -> Parameter {
    let array = ArrayBuilder::new().items(RefOr::<Schema>::from(items));
    plain(name, text, array).style(Some(ParameterStyle::Form)).explode(Some(repeated)).build()
}

fn plain(name: &str, text: &str, schema: impl Into<RefOr<Schema>>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(schema))
}

/// The `{uuid}` of a path.
pub(crate) struct UuidPath;

impl IntoParams for UuidPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let uuid = string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
        vec![
            ParameterBuilder::new()
                .name("uuid")
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(RefOr::<Schema>::from(uuid)))
                .build(),
        ]
    }
}
