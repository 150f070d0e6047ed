//! What usages, their limits and accounts look like.

use crate::{
    link::{OFFERING_USERS, OFFERINGS, RESOURCES, USAGE_LIMITS, USAGES, USERS},
    rest::{COUNT, Kind, Model, answered, field, taken},
};

pub(crate) static COMPONENT_USAGE: Model = Model {
    name: "ComponentUsage",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        answered("description", Kind::Text(4096)),
        answered("type", Kind::Text(0)),
        answered("name", Kind::Text(0)),
        answered("measured_unit", Kind::Text(0)),
        answered("usage", COUNT),
        answered("date", Kind::Time),
        answered("recurring", Kind::Bool),
        answered("resource_name", Kind::Text(0)),
        answered("resource_uuid", Kind::Uuid),
        answered("offering_name", Kind::Text(0)),
        answered("offering_uuid", Kind::Uuid),
        answered("project_name", Kind::Text(0)),
        answered("project_uuid", Kind::Text(0)),
        answered("customer_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Text(0)),
        answered("billing_period", Kind::Date),
        answered("modified_by", COUNT).nullable(),
    ],
};

pub(crate) static COMPONENT_USAGE_CREATE_REQUEST: Model = Model {
    name: "ComponentUsageCreateRequest",
    fields: &[
        taken("usages", Kind::List(&Kind::Of(&COMPONENT_USAGE_ITEM_REQUEST))).required(),
        taken("plan_period", Kind::Uuid),
        taken("resource", Kind::Uuid),
        taken("date", Kind::Time),
    ],
};

pub(crate) static COMPONENT_USAGE_ITEM_REQUEST: Model = Model {
    name: "ComponentUsageItemRequest",
    fields: &[
        taken("type", Kind::Text(0)).required(),
        taken("amount", Kind::Decimal(20, 2)).required(),
        taken("description", Kind::Text(0)),
        taken("recurring", Kind::Bool),
    ],
};

pub(crate) static COMPONENT_USER_USAGE: Model = Model {
    name: "ComponentUserUsage",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("user", Kind::Link(OFFERING_USERS)).stored("user_id"),
        answered("username", Kind::Text(100)),
        answered("component_usage", Kind::Link(USAGES)).stored("usage_id"),
        answered("usage", COUNT),
        answered("measured_unit", Kind::Text(0)),
        answered("description", Kind::Text(4096)),
        answered("created", Kind::Time),
        answered("modified", Kind::Time),
        answered("backend_id", Kind::Text(255)),
        answered("resource_name", Kind::Text(0)),
        answered("resource_uuid", Kind::Uuid),
        answered("offering_name", Kind::Text(0)),
        answered("offering_uuid", Kind::Uuid),
        answered("project_name", Kind::Text(0)),
        answered("project_uuid", Kind::Uuid),
        answered("customer_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Uuid),
        answered("component_type", Kind::Text(0)),
        answered("date", Kind::Time),
        answered("billing_period", Kind::Date),
    ],
};

pub(crate) static COMPONENT_USER_USAGE_CREATE_REQUEST: Model = Model {
    name: "ComponentUserUsageCreateRequest",
    fields: &[
        taken("usage", Kind::Decimal(20, 2)).required(),
        taken("username", Kind::Text(100)).required(),
        taken("user", Kind::Link(OFFERING_USERS)).nullable(),
        taken("date", Kind::Time),
    ],
};

pub(crate) static COMPONENT_USER_USAGE_LIMIT: Model = Model {
    name: "ComponentUserUsageLimit",
    fields: &[
        answered("url", Kind::Link(USAGE_LIMITS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("resource", Kind::Link(RESOURCES)).required().stored("resource_id"),
        field("component", Kind::Uuid).required().stored("component_id"),
        answered("component_type", Kind::Text(0)),
        field("user", Kind::Link(OFFERING_USERS)).required().stored("user_id"),
        field("limit", Kind::Decimal(20, 2)).stored("limit_value"),
    ],
};

pub(crate) static OFFERING_USER: Model = Model {
    name: "OfferingUser",
    fields: &[
        answered("url", Kind::Link(OFFERING_USERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("user", Kind::Link(USERS)).stored("user_id"),
        field("offering", Kind::Link(OFFERINGS)).stored("offering_id"),
        field("username", Kind::Text(100)).nullable(),
        field("offering_uuid", Kind::Uuid),
        answered("offering_name", Kind::Text(0)),
        field("user_uuid", Kind::Uuid),
        answered("user_username", Kind::Text(0)),
        answered("user_full_name", Kind::Text(0)),
        answered("user_email", Kind::Email(0)),
        answered("created", Kind::Time),
        answered("modified", Kind::Time),
        answered("customer_uuid", Kind::Uuid),
        answered("customer_name", Kind::Text(0)),
        answered("is_restricted", Kind::Bool),
        answered(
            "state",
            Kind::Choice(&[
                "Requested",
                "Creating",
                "Pending account linking",
                "Pending additional validation",
                "OK",
                "Requested deletion",
                "Deleting",
                "Deleted",
                "Error creating",
                "Error deleting",
            ]),
        ),
        answered("service_provider_comment", Kind::Text(0)),
        answered("service_provider_comment_url", Kind::Uri),
        answered("has_consent", Kind::Bool),
        answered("requires_reconsent", Kind::Bool),
        answered("has_compliance_checklist", Kind::Bool),
    ],
};

pub(crate) static OFFERING_USER_STATE_TRANSITION_REQUEST: Model = Model {
    name: "OfferingUserStateTransitionRequest",
    fields: &[taken("comment", Kind::Text(0)), taken("comment_url", Kind::Url(200))],
};

pub(crate) static OFFERING_USER_SERVICE_PROVIDER_COMMENT: Model = Model {
    name: "OfferingUserServiceProviderComment",
    fields: &[field("service_provider_comment", Kind::Text(0)), field("service_provider_comment_url", Kind::Url(200))],
};

pub(crate) static OFFERING_USER_UPDATE_RESTRICTION_REQUEST: Model =
    Model { name: "OfferingUserUpdateRestrictionRequest", fields: &[taken("is_restricted", Kind::Bool).required()] };
