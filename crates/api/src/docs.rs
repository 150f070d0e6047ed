//! The OpenAPI document, put together from the handlers.

use std::sync::OnceLock;

use bytes::Bytes;
use mercat_domain::order::{Action, Gate};
use serde_json::json;
use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, ObjectBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder, Schema, SecurityRequirement,
        extensions::Extensions,
        schema::{SchemaType, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{router, wire::ENUM_SCHEMAS};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mercat API",
        description = "Marketplace orders with the wire format of Waldur.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "marketplace-orders", description = "Orders of marketplace offerings"),
        (name = "marketplace-resources", description = "Orders that change a resource"),
    )
)]
struct Head;

/// The document without its paths.
pub(crate) fn head() -> Document {
    Head::openapi()
}

/// Answers that `?field=` can take any field out of, so that none is sure to be there.
const SELECTABLE: [&str; 2] = ["OrderDetails", "PublicOfferingDetails"];

/// What is said once for all paths.
pub(crate) fn complete(document: &mut Document) {
    let components = document.components.get_or_insert_default();
    let token = ApiKeyValue::with_description("Authorization", "`Token <key>`");
    components.add_security_scheme("tokenAuth", SecurityScheme::ApiKey(ApiKey::Header(token)));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("waldurOIDCAuth", SecurityScheme::Http(bearer));
    for (name, schema) in ENUM_SCHEMAS {
        components.schemas.insert((*name).to_owned(), schema());
    }
    for name in SELECTABLE {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name) {
            object.required.clear();
        }
    }
    let either = ["tokenAuth", "waldurOIDCAuth"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    document.security = Some(either.into());
    refusals(document);
    for action in Action::ALL {
        let id = format!("marketplace_orders_{action}");
        let operations = document.paths.paths.values_mut().flat_map(|item| [&mut item.post, &mut item.delete]);
        if let Some(operation) = operations.flatten().find(|found| found.operation_id.as_deref() == Some(&id)) {
            operation.extensions = permissions(*action);
        }
    }
}

/// Any operation may be refused, and all are so in the same form.
fn refusals(document: &mut Document) {
    const NAME: &str = "Refused";
    let reasons = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Object, Type::Array]));
    let told = "Why not: `{\"detail\": \"…\"}`, or by the name of each field what is wrong with it.";
    let response = ResponseBuilder::new()
        .description(told)
        .content("application/json", ContentBuilder::new().schema(Some(reasons.build())).build())
        .build();
    document.components.get_or_insert_default().responses.insert(NAME.to_owned(), response.into());
    let operations = document.paths.paths.values_mut().flat_map(|item| {
        [&mut item.get, &mut item.head, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
    });
    for operation in operations.flatten() {
        for statuses in ["4XX", "5XX"] {
            operation.responses.responses.insert(statuses.to_owned(), Ref::from_response_name(NAME).into());
        }
    }
}

/// Who may, as Waldur's document says it: from the table that decides it.
fn permissions(action: Action) -> Option<Extensions> {
    let (permission, paths) = match action.rule().gate {
        Gate::Any(permission, paths) | Gate::CreatorOr(permission, paths) => (permission, paths),
        Gate::Staff | Gate::Visible | Gate::Creator | Gate::System => return None,
    };
    let scopes: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
    let who = json!([{ "permission": permission.as_str(), "scopes": scopes }]);
    Some(Extensions::builder().add("x-permissions", who).build())
}

/// The document as pretty JSON, made once.
pub(crate) fn document() -> Bytes {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    DOCUMENT.get_or_init(|| router::openapi().into()).clone()
}
