//! What resources look like, and what is set on them.

use crate::{
    link::{OFFERINGS, PROJECTS, USERS},
    rest::{COUNT, Kind, Model, answered, field, taken},
};

pub(crate) static RESOURCE: Model = Model {
    name: "Resource",
    fields: &[
        answered("offering", Kind::Link(OFFERINGS)).stored("offering_id"),
        answered("offering_name", Kind::Text(0)),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        answered("offering_description", Kind::Text(0)),
        answered("offering_image", Kind::Uri),
        answered("offering_thumbnail", Kind::Uri),
        answered("offering_type", Kind::Text(0)),
        answered("offering_shared", Kind::Bool),
        answered("offering_billable", Kind::Bool),
        answered("offering_plugin_options", Kind::Json),
        answered("provider_name", Kind::Text(0)),
        answered("provider_uuid", Kind::Uuid).stored("provider_id"),
        answered("provider_slug", Kind::Text(0)),
        answered("category_title", Kind::Text(0)),
        answered("category_uuid", Kind::Uuid),
        answered("category_icon", Kind::Uri),
        answered("plan", Kind::Uri),
        answered("plan_unit", Kind::Choice(&["month", "quarter", "half_month", "day", "hour", "quantity"])).nullable(),
        answered("plan_name", Kind::Text(0)).nullable(),
        answered("plan_uuid", Kind::Uuid).nullable().stored("plan_id"),
        answered("plan_description", Kind::Text(0)).nullable(),
        answered("attributes", Kind::Object),
        answered("limits", Kind::Map(&COUNT)),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        answered("modified", Kind::Time),
        answered("url", Kind::Uri),
        answered("scope", Kind::Text(0)),
        field("description", Kind::Text(4096)),
        answered("state", Kind::Choice(&["Creating", "OK", "Erred", "Updating", "Terminating", "Terminated"])),
        answered("resource_uuid", Kind::Uuid).nullable().stored("backend_uuid"),
        answered("backend_id", Kind::Text(0)),
        answered("effective_id", Kind::Text(0)),
        answered("resource_type", Kind::Text(0)).nullable().stored("backend_kind"),
        answered("project", Kind::Link(PROJECTS)).stored("project_id"),
        answered("project_uuid", Kind::Uuid).stored("project_id"),
        answered("project_name", Kind::Text(0)),
        answered("project_description", Kind::Text(0)),
        answered("project_end_date", Kind::Date).nullable(),
        answered("project_end_date_requested_by", Kind::Uri),
        answered("customer_uuid", Kind::Uuid).stored("customer_id"),
        answered("customer_name", Kind::Text(0)),
        answered("offering_slug", Kind::Text(0)),
        answered("parent_offering_uuid", Kind::Uuid),
        answered("parent_offering_name", Kind::Text(0)),
        answered("parent_offering_slug", Kind::Text(0)),
        answered("parent_uuid", Kind::Uuid).stored("parent_id"),
        answered("parent_name", Kind::Text(0)),
        answered("backend_metadata", Kind::Object),
        answered("is_usage_based", Kind::Bool),
        answered("is_limit_based", Kind::Bool),
        field("name", Kind::Text(150)).required(),
        answered("slug", Kind::Slug),
        answered("current_usages", Kind::Map(&COUNT)),
        answered("can_terminate", Kind::Bool),
        answered("report", Kind::List(&Kind::Object)),
        field("end_date", Kind::Date).nullable(),
        answered("end_date_requested_by", Kind::Link(USERS)).nullable(),
        answered("username", Kind::Text(0)).nullable(),
        answered("limit_usage", Kind::Map(&Kind::Float)),
        answered("downscaled", Kind::Bool),
        answered("restrict_member_access", Kind::Bool),
        answered("paused", Kind::Bool),
        answered("endpoints", Kind::List(&Kind::Object)),
        answered("error_message", Kind::Text(0)),
        answered("error_traceback", Kind::Text(0)),
        answered("options", Kind::Json).nullable(),
        answered("available_actions", Kind::List(&Kind::Text(0))),
        answered("last_sync", Kind::Time),
        answered("order_in_progress", Kind::Object).nullable(),
        answered("creation_order", Kind::Object).nullable(),
        answered("service_settings_uuid", Kind::Uuid),
        answered("project_slug", Kind::Text(0)),
        answered("customer_slug", Kind::Text(0)),
        answered("user_requires_reconsent", Kind::Bool),
        answered("renewal_date", Kind::Map(&Kind::Date)).nullable(),
        answered("offering_state", Kind::Choice(&["Draft", "Active", "Paused", "Archived", "Unavailable"])),
        answered("offering_components", Kind::List(&Kind::Object)),
    ],
};

pub(crate) static RESOURCE_BACKEND_ID_REQUEST: Model =
    Model { name: "ResourceBackendIDRequest", fields: &[taken("backend_id", Kind::Text(255))] };

pub(crate) static RESOURCE_BACKEND_METADATA_REQUEST: Model =
    Model { name: "ResourceBackendMetadataRequest", fields: &[taken("backend_metadata", Kind::Object)] };

pub(crate) static RESOURCE_SET_LIMITS_REQUEST: Model = Model {
    name: "ResourceSetLimitsRequest",
    fields: &[taken("limits", Kind::Map(&Kind::Int(0, i64::MAX))).required()],
};

pub(crate) static RESOURCE_SET_STATE_ERRED_REQUEST: Model = Model {
    name: "ResourceSetStateErredRequest",
    fields: &[taken("error_message", Kind::Text(0)), taken("error_traceback", Kind::Text(0))],
};

pub(crate) static RESOURCE_REPORT_REQUEST: Model = Model {
    name: "ResourceReportRequest",
    fields: &[taken("report", Kind::List(&Kind::Of(&REPORT_SECTION_REQUEST))).required()],
};

pub(crate) static REPORT_SECTION_REQUEST: Model = Model {
    name: "ReportSectionRequest",
    fields: &[taken("header", Kind::Text(0)).required(), taken("body", Kind::Text(0)).required()],
};

pub(crate) static RESOURCE_END_DATE_BY_PROVIDER_REQUEST: Model =
    Model { name: "ResourceEndDateByProviderRequest", fields: &[taken("end_date", Kind::Date).nullable()] };

pub(crate) static RESOURCE_PAUSED_REQUEST: Model =
    Model { name: "ResourcePausedRequest", fields: &[taken("paused", Kind::Bool)] };

pub(crate) static RESOURCE_DOWNSCALED_REQUEST: Model =
    Model { name: "ResourceDownscaledRequest", fields: &[taken("downscaled", Kind::Bool)] };

pub(crate) static RESOURCE_RESTRICT_MEMBER_ACCESS_REQUEST: Model =
    Model { name: "ResourceRestrictMemberAccessRequest", fields: &[taken("restrict_member_access", Kind::Bool)] };

pub(crate) static RESOURCE_SLUG_REQUEST: Model =
    Model { name: "ResourceSlugRequest", fields: &[taken("slug", Kind::Slug).required()] };

pub(crate) static RESOURCE_OPTIONS_REQUEST: Model =
    Model { name: "ResourceOptionsRequest", fields: &[taken("options", Kind::Json).nullable()] };

pub(crate) static RESOURCE_RENEW_REQUEST: Model = Model {
    name: "ResourceRenewRequest",
    fields: &[
        taken("extension_months", Kind::Int(1, 60)).required(),
        taken("limits", Kind::Map(&Kind::Int(0, i64::MAX))),
        taken("request_comment", Kind::Text(255)),
        taken("attachment", Kind::File),
    ],
};

pub(crate) static RESOURCE_SUGGEST_NAME_REQUEST: Model = Model {
    name: "ResourceSuggestNameRequest",
    fields: &[taken("project", Kind::Uuid).required(), taken("offering", Kind::Uuid).required()],
};

pub(crate) static MOVE_RESOURCE_REQUEST: Model =
    Model { name: "MoveResourceRequest", fields: &[taken("project", Kind::Of(&PROJECT_HYPERLINK_REQUEST)).required()] };

pub(crate) static PROJECT_HYPERLINK_REQUEST: Model =
    Model { name: "ProjectHyperlinkRequest", fields: &[taken("url", Kind::Link(PROJECTS)).required()] };

pub(crate) static RESOURCE_RESPONSE_STATUS: Model =
    Model { name: "ResourceResponseStatus", fields: &[answered("status", Kind::Text(0))] };

pub(crate) static RESOURCE_PLAN_PERIOD: Model = Model {
    name: "ResourcePlanPeriod",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("plan_name", Kind::Text(0)),
        answered("plan_uuid", Kind::Uuid),
        answered("start", Kind::Time).nullable(),
        answered("end", Kind::Time).nullable(),
        answered("components", Kind::List(&Kind::Of(&BASE_COMPONENT_USAGE))),
    ],
};

pub(crate) static BASE_COMPONENT_USAGE: Model = Model {
    name: "BaseComponentUsage",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        answered("description", Kind::Text(4096)),
        answered("type", Kind::Text(0)),
        answered("name", Kind::Text(0)),
        answered("measured_unit", Kind::Text(0)),
        answered("usage", Kind::Decimal(20, 2)),
        answered("date", Kind::Time),
        answered("recurring", Kind::Bool),
    ],
};

pub(crate) static PROJECT_USER: Model = Model {
    name: "ProjectUser",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("username", Kind::Text(128)),
        answered("full_name", Kind::Text(0)),
        answered("email", Kind::Email(320)),
        answered("role", Kind::Text(0)),
        answered("expiration_time", Kind::Time).nullable(),
        answered("offering_user_username", Kind::Text(0)).nullable(),
        answered(
            "offering_user_state",
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
        )
        .nullable(),
    ],
};

pub(crate) static ORDER_UUID: Model = Model { name: "OrderUUID", fields: &[answered("order_uuid", Kind::Uuid)] };

pub(crate) static RESOURCE_ENDPOINTS_REQUEST: Model = Model {
    name: "ResourceEndpointsRequest",
    fields: &[taken("endpoints", Kind::List(&Kind::Of(&RESOURCE_ENDPOINT_REQUEST))).required()],
};

pub(crate) static RESOURCE_ENDPOINT_REQUEST: Model = Model {
    name: "ResourceEndpointRequest",
    fields: &[taken("name", Kind::Text(150)).required(), taken("url", Kind::Text(255)).required()],
};
