//! Bodies and small answers in the OpenAPI document. Bodies are read field by field (`body`), so that every mistake is
//! told in the framework's words; these types only describe them.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{enums, text::Hex};
use crate::link::Link;

/// Declares types that exist for the document alone.
macro_rules! documented {
    ($($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "describes a body; nothing is ever put into it")]
        pub(crate) struct $name { $($(#[$meta])* $field: $type,)* }
    )+};
}

documented! {
    /// A new order.
    OrderCreateRequest {
        #[schema(format = "uri")]
        offering: String,
        #[schema(format = "uri")]
        project: String,
        #[schema(format = "uri", nullable = false)]
        plan: Option<String>,
        /// What the offering asks for: its options, and `name`, `description` and `end_date` of the resource.
        #[schema(nullable = false)]
        attributes: Option<GenericOrderAttributes>,
        #[schema(nullable = false)]
        limits: Option<HashMap<String, i64>>,
        #[schema(nullable = false)]
        accepting_terms_of_service: Option<bool>,
        #[schema(format = "uri", max_length = 200)]
        callback_url: Option<String>,
        #[schema(max_length = 255)]
        request_comment: Option<String>,
        #[schema(value_type = Option<enums::RequestTypes>, nullable = false)]
        r#type: Option<String>,
        /// The day before which the order is not executed.
        #[schema(format = Date)]
        start_date: Option<String>,
        /// A short name for addresses; made by the service unless staff chooses one.
        #[schema(max_length = 50, pattern = "^[-a-zA-Z0-9_]+$", nullable = false)]
        slug: Option<String>,
    }

    /// What every offering type understands; others are free.
    GenericOrderAttributes {
        /// The name that the new resource gets, 150 characters at most.
        #[schema(max_length = 150, nullable = false)]
        name: Option<String>,
        /// Words about the new resource, for people.
        #[schema(nullable = false)]
        description: Option<String>,
        #[serde(flatten)]
        others: HashMap<String, Value>,
    }

    /// Why an order failed.
    OrderSetStateErredRequest {
        #[schema(nullable = false)]
        error_message: Option<String>,
        #[schema(nullable = false)]
        error_traceback: Option<String>,
    }

    /// The order's id in the provider's system.
    OrderBackendIDRequest {
        #[schema(min_length = 1, max_length = 255)]
        backend_id: String,
    }

    /// No file can be sent as JSON; null takes the attachment away.
    OrderAttachmentRequest {
        #[schema(format = Binary)]
        attachment: Option<String>,
    }

    /// No file can be sent as a plain form.
    OrderAttachmentRequestForm {
        #[schema(format = Binary)]
        attachment: Option<String>,
    }

    /// The file, at best a PDF.
    OrderAttachmentRequestMultipart {
        #[schema(format = Binary)]
        attachment: Option<String>,
    }

    /// What the provider should know about the end of a resource.
    ResourceTerminateRequest {
        /// What the provider should know about the end.
        #[schema(nullable = false)]
        attributes: Option<Value>,
    }

    /// Another plan.
    ResourceSwitchPlanRequest {
        #[schema(format = "uri")]
        plan: String,
    }

    /// Other limits.
    ResourceUpdateLimitsRequest {
        limits: HashMap<String, u64>,
        #[schema(max_length = 255)]
        request_comment: Option<String>,
    }
}

/// Where the attachment is.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderAttachment<'a> {
    #[schema(value_type = Option<String>, format = "uri")]
    pub attachment: Option<Link<'a>>,
}

/// The order that a change of a resource made; under two names, because clients differ.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderUUID {
    /// The order that was made.
    #[schema(value_type = String, format = Uuid)]
    pub order_uuid: Hex,
    #[schema(value_type = String, format = Uuid)]
    pub uuid: Hex,
}

/// What became of a request.
#[derive(Serialize, ToSchema)]
pub(crate) struct Status {
    pub status: &'static str,
}
