//! The OpenAPI document, put together from the handlers.

use std::sync::OnceLock;

use bytes::Bytes;
use utoipa::{
    OpenApi,
    openapi::{
        OpenApi as Document, SecurityRequirement,
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
    let either = ["tokenAuth", "waldurOIDCAuth"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    document.security = Some(either.into());
}

/// The document as pretty JSON, made once.
pub(crate) fn document() -> Bytes {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    DOCUMENT.get_or_init(|| router::openapi().into()).clone()
}
