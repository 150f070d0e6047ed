//! The shapes of answers and bodies, with the names that they have in the OpenAPI document.

mod enums;
mod offering;
mod offering_parts;
mod order;
mod partition;
mod plan;
mod request;
mod text;
mod version;

pub(crate) use enums::SCHEMAS as ENUM_SCHEMAS;
pub(crate) use offering::PublicOfferingDetails;
pub(crate) use offering_parts::OfferingComponent;
pub(crate) use order::{OrderDetails, OrderOptions};
pub(crate) use plan::BasePublicPlan;
pub(crate) use request::{
    OrderAttachment, OrderAttachmentRequest, OrderAttachmentRequestForm, OrderAttachmentRequestMultipart,
    OrderBackendIDRequest, OrderCreateRequest, OrderSetStateErredRequest, OrderUUID, ResourceSwitchPlanRequest,
    ResourceTerminateRequest, ResourceUpdateLimitsRequest, Status,
};
pub(crate) use version::Version;
