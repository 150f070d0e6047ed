//! What offerings look like to their providers, and what they take.

use crate::{
    link::{CATEGORIES, CUSTOMERS, PROJECTS},
    rest::{COUNT, I32_MAX, Kind, Model, answered, field, taken},
};

pub(crate) static PROVIDER_OFFERING_DETAILS: Model = Model {
    name: "ProviderOfferingDetails",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid),
        answered("created", Kind::Time),
        answered("name", Kind::Text(150)),
        answered("slug", Kind::Slug),
        answered("description", Kind::Text(4096)),
        answered("full_description", Kind::Text(0)),
        answered("privacy_policy_link", Kind::Url(200)),
        answered("access_url", Kind::Url(200)),
        answered("endpoints", Kind::List(&Kind::Object)),
        answered("software_catalogs", Kind::List(&Kind::Object)),
        answered("partitions", Kind::List(&Kind::Object)),
        answered("roles", Kind::List(&Kind::Object)),
        answered("customer", Kind::Link(CUSTOMERS)).nullable(),
        answered("customer_uuid", Kind::Uuid).nullable(),
        answered("customer_name", Kind::Text(0)).nullable(),
        answered("project", Kind::Link(PROJECTS)).nullable(),
        answered("project_uuid", Kind::Uuid).nullable(),
        answered("project_name", Kind::Text(0)).nullable(),
        answered("category", Kind::Link(CATEGORIES)),
        answered("category_uuid", Kind::Uuid),
        answered("category_title", Kind::Text(0)),
        answered("attributes", Kind::Object),
        answered("options", Kind::Object),
        answered("resource_options", Kind::Object),
        answered("components", Kind::List(&Kind::Object)),
        answered("plugin_options", Kind::Object),
        answered("secret_options", Kind::Object),
        answered("service_attributes", Kind::Object),
        answered("state", Kind::Choice(&["Draft", "Active", "Paused", "Archived", "Unavailable"])),
        answered("vendor_details", Kind::Text(0)),
        answered("getting_started", Kind::Text(0)),
        answered("integration_guide", Kind::Text(0)),
        answered("thumbnail", Kind::File).nullable(),
        answered("order_count", COUNT),
        answered("plans", Kind::List(&Kind::Object)),
        answered("screenshots", Kind::List(&Kind::Object)),
        answered("type", Kind::Text(100)),
        answered("shared", Kind::Bool),
        answered("billable", Kind::Bool),
        answered("scope", Kind::Text(0)),
        answered("scope_uuid", Kind::Uuid).nullable(),
        answered("scope_name", Kind::Uuid).nullable(),
        answered(
            "scope_state",
            Kind::Choice(&[
                "CREATION_SCHEDULED",
                "CREATING",
                "UPDATE_SCHEDULED",
                "UPDATING",
                "DELETION_SCHEDULED",
                "DELETING",
                "OK",
                "ERRED",
            ]),
        )
        .nullable(),
        answered("scope_error_message", Kind::Text(0)).nullable(),
        answered("files", Kind::List(&Kind::Object)),
        answered("quotas", Kind::List(&Kind::Object)),
        answered("paused_reason", Kind::Text(0)),
        answered("datacite_doi", Kind::Text(255)),
        answered("citation_count", COUNT),
        answered("latitude", Kind::Float).nullable(),
        answered("longitude", Kind::Float).nullable(),
        answered("country", Kind::Country),
        answered("backend_id", Kind::Text(255)),
        answered("organization_groups", Kind::List(&Kind::Object)),
        answered("image", Kind::File).nullable(),
        answered("total_customers", COUNT).nullable(),
        answered("total_cost", COUNT).nullable(),
        answered("total_cost_estimated", COUNT).nullable(),
        answered("parent_description", Kind::Text(0)).nullable(),
        answered("parent_uuid", Kind::Uuid).nullable(),
        answered("parent_name", Kind::Text(0)).nullable(),
        answered("backend_metadata", Kind::Object),
        answered("has_compliance_requirements", Kind::Bool),
        answered("billing_type_classification", Kind::Text(0)),
        answered("compliance_checklist", Kind::Uri).nullable(),
        answered("integration_status", Kind::List(&Kind::Object)).nullable(),
        answered("google_calendar_is_public", Kind::Bool).nullable(),
        answered("google_calendar_link", Kind::Text(0)).nullable(),
    ],
};

pub(crate) static PUBLIC_OFFERING_DETAILS: Model = Model {
    name: "PublicOfferingDetails",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid),
        answered("created", Kind::Time),
        answered("name", Kind::Text(150)),
        answered("slug", Kind::Slug),
        answered("description", Kind::Text(4096)),
        answered("full_description", Kind::Text(0)),
        answered("privacy_policy_link", Kind::Url(200)),
        answered("access_url", Kind::Url(200)),
        answered("endpoints", Kind::List(&Kind::Object)),
        answered("software_catalogs", Kind::List(&Kind::Object)),
        answered("partitions", Kind::List(&Kind::Object)),
        answered("roles", Kind::List(&Kind::Object)),
        answered("customer", Kind::Link(CUSTOMERS)).nullable(),
        answered("customer_uuid", Kind::Uuid).nullable(),
        answered("customer_name", Kind::Text(0)).nullable(),
        answered("project", Kind::Link(PROJECTS)).nullable(),
        answered("project_uuid", Kind::Uuid).nullable(),
        answered("project_name", Kind::Text(0)).nullable(),
        answered("category", Kind::Link(CATEGORIES)),
        answered("category_uuid", Kind::Uuid),
        answered("category_title", Kind::Text(0)),
        answered("attributes", Kind::Object),
        answered("options", Kind::Object),
        answered("resource_options", Kind::Object),
        answered("components", Kind::List(&Kind::Object)),
        answered("plugin_options", Kind::Object),
        answered("state", Kind::Choice(&["Draft", "Active", "Paused", "Archived", "Unavailable"])),
        answered("vendor_details", Kind::Text(0)),
        answered("getting_started", Kind::Text(0)),
        answered("integration_guide", Kind::Text(0)),
        answered("thumbnail", Kind::File).nullable(),
        answered("order_count", COUNT),
        answered("plans", Kind::List(&Kind::Object)),
        answered("screenshots", Kind::List(&Kind::Object)),
        answered("type", Kind::Text(100)),
        answered("shared", Kind::Bool),
        answered("billable", Kind::Bool),
        answered("scope", Kind::Text(0)),
        answered("scope_uuid", Kind::Uuid).nullable(),
        answered("scope_name", Kind::Uuid).nullable(),
        answered(
            "scope_state",
            Kind::Choice(&[
                "CREATION_SCHEDULED",
                "CREATING",
                "UPDATE_SCHEDULED",
                "UPDATING",
                "DELETION_SCHEDULED",
                "DELETING",
                "OK",
                "ERRED",
            ]),
        )
        .nullable(),
        answered("scope_error_message", Kind::Text(0)).nullable(),
        answered("files", Kind::List(&Kind::Object)),
        answered("quotas", Kind::List(&Kind::Object)),
        answered("paused_reason", Kind::Text(0)),
        answered("datacite_doi", Kind::Text(255)),
        answered("citation_count", COUNT),
        answered("latitude", Kind::Float).nullable(),
        answered("longitude", Kind::Float).nullable(),
        answered("country", Kind::Country),
        answered("backend_id", Kind::Text(255)),
        answered("organization_groups", Kind::List(&Kind::Object)),
        answered("image", Kind::File).nullable(),
        answered("total_customers", COUNT).nullable(),
        answered("total_cost", COUNT).nullable(),
        answered("total_cost_estimated", COUNT).nullable(),
        answered("parent_description", Kind::Text(0)).nullable(),
        answered("parent_uuid", Kind::Uuid).nullable(),
        answered("parent_name", Kind::Text(0)).nullable(),
        answered("backend_metadata", Kind::Object),
        answered("has_compliance_requirements", Kind::Bool),
        answered("billing_type_classification", Kind::Text(0)),
        answered("compliance_checklist", Kind::Uri).nullable(),
        answered("user_has_consent", Kind::Bool),
        answered("google_calendar_is_public", Kind::Bool).nullable(),
        answered("google_calendar_link", Kind::Text(0)).nullable(),
        answered("promotion_campaigns", Kind::List(&Kind::Object)),
    ],
};

pub(crate) static OFFERING_CREATE_REQUEST: Model = Model {
    name: "OfferingCreateRequest",
    fields: &[
        taken("name", Kind::Text(150)).required(),
        taken("slug", Kind::Slug),
        taken("description", Kind::Text(0)),
        taken("full_description", Kind::Text(0)),
        taken("privacy_policy_link", Kind::Url(200)),
        taken("access_url", Kind::Url(200)),
        taken("customer", Kind::Link(CUSTOMERS)).nullable().stored("customer_id"),
        taken("category", Kind::Link(CATEGORIES)).required().stored("category_id"),
        taken("attributes", Kind::Object),
        taken("options", Kind::Object),
        taken("resource_options", Kind::Object),
        taken("components", Kind::List(&Kind::Of(&OFFERING_COMPONENT_REQUEST))),
        taken("vendor_details", Kind::Text(0)),
        taken("getting_started", Kind::Text(0)),
        taken("integration_guide", Kind::Text(0)),
        taken("thumbnail", Kind::File).nullable(),
        taken("plans", Kind::List(&Kind::Of(&BASE_PROVIDER_PLAN_REQUEST))),
        taken("type", Kind::Text(100)).required().stored("offering_type"),
        taken("shared", Kind::Bool),
        taken("billable", Kind::Bool),
        taken("datacite_doi", Kind::Text(255)),
        taken("latitude", Kind::Float).nullable(),
        taken("longitude", Kind::Float).nullable(),
        taken("country", Kind::Country),
        taken("backend_id", Kind::Text(255)),
        taken("image", Kind::File).nullable(),
        taken("backend_metadata", Kind::Object),
        taken("compliance_checklist", Kind::Uri).nullable(),
        taken("limits", Kind::Map(&Kind::Of(&OFFERING_COMPONENT_LIMIT_REQUEST))),
    ],
};

pub(crate) static OFFERING_COMPONENT_REQUEST: Model = Model {
    name: "OfferingComponentRequest",
    fields: &[
        taken("billing_type", Kind::Choice(&["fixed", "usage", "limit", "one", "few"])).required(),
        taken("type", Kind::Text(50)).required().stored("kind"),
        taken("name", Kind::Text(150)).required(),
        taken("description", Kind::Text(4096)),
        taken("measured_unit", Kind::Text(30)),
        taken("unit_factor", Kind::Int(-I32_MAX - 1, I32_MAX)),
        taken("limit_period", Kind::Choice(&["month", "quarterly", "annual", "total"])).nullable(),
        taken("limit_amount", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("article_code", Kind::Text(30)),
        taken("max_value", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("min_value", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("max_available_limit", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("is_boolean", Kind::Bool),
        taken("default_limit", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("is_prepaid", Kind::Bool),
        taken("overage_component", Kind::Uuid).nullable(),
        taken("min_prepaid_duration", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("max_prepaid_duration", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
    ],
};

pub(crate) static UPDATE_OFFERING_COMPONENT_REQUEST: Model = Model {
    name: "UpdateOfferingComponentRequest",
    fields: &[
        taken("uuid", Kind::Uuid).required(),
        taken("billing_type", Kind::Choice(&["fixed", "usage", "limit", "one", "few"])).required(),
        taken("type", Kind::Text(50)).required().stored("kind"),
        taken("name", Kind::Text(150)).required(),
        taken("description", Kind::Text(4096)),
        taken("measured_unit", Kind::Text(30)),
        taken("unit_factor", Kind::Int(-I32_MAX - 1, I32_MAX)),
        taken("limit_period", Kind::Choice(&["month", "quarterly", "annual", "total"])).nullable(),
        taken("limit_amount", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("article_code", Kind::Text(30)),
        taken("max_value", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("min_value", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("max_available_limit", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("is_boolean", Kind::Bool),
        taken("default_limit", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("is_prepaid", Kind::Bool),
        taken("overage_component", Kind::Uuid).nullable(),
        taken("min_prepaid_duration", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
        taken("max_prepaid_duration", Kind::Int(-I32_MAX - 1, I32_MAX)).nullable(),
    ],
};

pub(crate) static REMOVE_OFFERING_COMPONENT_REQUEST: Model =
    Model { name: "RemoveOfferingComponentRequest", fields: &[taken("uuid", Kind::Uuid).required()] };

pub(crate) static OFFERING_COMPONENT_LIMIT_REQUEST: Model = Model {
    name: "OfferingComponentLimitRequest",
    fields: &[
        taken("min", Kind::Int(0, i64::MAX)).required(),
        taken("max", Kind::Int(0, i64::MAX)).required(),
        taken("max_available_limit", Kind::Int(0, i64::MAX)).required(),
    ],
};

pub(crate) static BASE_PROVIDER_PLAN_REQUEST: Model = Model {
    name: "BaseProviderPlanRequest",
    fields: &[
        taken("name", Kind::Text(150)).required(),
        taken("description", Kind::Text(0)),
        taken("article_code", Kind::Text(30)),
        taken("max_amount", Kind::Int(1, 32767)).nullable(),
        taken("archived", Kind::Bool),
        taken("unit_price", Kind::Decimal(22, 10)),
        taken("unit", Kind::Choice(&["month", "quarter", "half_month", "day", "hour", "quantity"])).filled(),
        taken("backend_id", Kind::Text(255)),
    ],
};

pub(crate) static DETAIL_STATE: Model =
    Model { name: "DetailState", fields: &[answered("detail", Kind::Text(0)), answered("state", Kind::Text(0))] };

pub(crate) static OFFERING_DESCRIPTION_UPDATE_REQUEST: Model = Model {
    name: "OfferingDescriptionUpdateRequest",
    fields: &[taken("category", Kind::Link(CATEGORIES)).required().stored("category_id")],
};

pub(crate) static OFFERING_OVERVIEW_UPDATE_REQUEST: Model = Model {
    name: "OfferingOverviewUpdateRequest",
    fields: &[
        taken("name", Kind::Text(150)).required(),
        taken("description", Kind::Text(0)),
        taken("full_description", Kind::Text(0)),
        taken("privacy_policy_link", Kind::Url(200)),
        taken("access_url", Kind::Url(200)),
        taken("getting_started", Kind::Text(0)),
        taken("integration_guide", Kind::Text(0)),
        taken("slug", Kind::Slug),
    ],
};

pub(crate) static OFFERING_INTEGRATION_UPDATE_REQUEST: Model = Model {
    name: "OfferingIntegrationUpdateRequest",
    fields: &[
        taken("secret_options", Kind::Object),
        taken("plugin_options", Kind::Object),
        taken("service_attributes", Kind::Object),
        taken("backend_id", Kind::Text(255)),
    ],
};

pub(crate) static OFFERING_LOCATION_UPDATE_REQUEST: Model = Model {
    name: "OfferingLocationUpdateRequest",
    fields: &[taken("latitude", Kind::Float).required(), taken("longitude", Kind::Float).required()],
};

pub(crate) static OFFERING_OPTIONS_UPDATE_REQUEST: Model =
    Model { name: "OfferingOptionsUpdateRequest", fields: &[taken("options", Kind::Object).required()] };

pub(crate) static OFFERING_RESOURCE_OPTIONS_UPDATE_REQUEST: Model = Model {
    name: "OfferingResourceOptionsUpdateRequest",
    fields: &[taken("resource_options", Kind::Object).required()],
};

pub(crate) static OFFERING_PAUSE_REQUEST: Model =
    Model { name: "OfferingPauseRequest", fields: &[taken("paused_reason", Kind::Text(0))] };

pub(crate) static NESTED_ENDPOINT_REQUEST: Model = Model {
    name: "NestedEndpointRequest",
    fields: &[taken("name", Kind::Text(150)).required(), taken("url", Kind::Text(0)).required()],
};

pub(crate) static ENDPOINT_UUID: Model =
    Model { name: "EndpointUUID", fields: &[field("uuid", Kind::Uuid).required()] };

pub(crate) static MOVE_OFFERING_REQUEST: Model = Model {
    name: "MoveOfferingRequest",
    fields: &[
        taken("customer", Kind::Link(CUSTOMERS)).required().stored("customer_id"),
        taken("preserve_permissions", Kind::Bool).required(),
    ],
};

pub(crate) static OFFERING_BACKEND_METADATA_REQUEST: Model =
    Model { name: "OfferingBackendMetadataRequest", fields: &[taken("backend_metadata", Kind::Object)] };

pub(crate) static CHECK_UNIQUE_BACKEND_ID_REQUEST: Model = Model {
    name: "CheckUniqueBackendIDRequest",
    fields: &[taken("backend_id", Kind::Text(255)).required(), taken("check_all_offerings", Kind::Bool)],
};

pub(crate) static CHECK_UNIQUE_BACKEND_ID_RESPONSE: Model =
    Model { name: "CheckUniqueBackendIDResponse", fields: &[answered("is_unique", Kind::Bool)] };

pub(crate) static PROVIDER_OFFERING_CUSTOMER: Model = Model {
    name: "ProviderOfferingCustomer",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("name", Kind::Text(150)),
        answered("slug", Kind::Slug),
        answered("abbreviation", Kind::Text(12)),
        answered("phone_number", Kind::Text(255)),
        answered("email", Kind::Email(75)),
    ],
};

pub(crate) static OFFERING_GROUPS: Model = Model {
    name: "OfferingGroups",
    fields: &[
        answered("customer_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Text(0)),
        answered("offerings", Kind::List(&Kind::Of(&OFFERING_REFERENCE))),
    ],
};

pub(crate) static OFFERING_REFERENCE: Model = Model {
    name: "OfferingReference",
    fields: &[answered("offering_name", Kind::Text(0)), answered("offering_uuid", Kind::Uuid)],
};

pub(crate) static PROVIDER_OFFERING: Model = Model {
    name: "ProviderOffering",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("customer_uuid", Kind::Uuid),
        answered("name", Kind::Text(150)),
        answered("slug", Kind::Slug),
        answered("category_title", Kind::Text(0)),
        answered("type", Kind::Text(100)),
        answered("state", Kind::Choice(&["Draft", "Active", "Paused", "Archived", "Unavailable"])),
        answered("resources_count", COUNT),
        answered("billing_price_estimate", Kind::Object),
        answered("components", Kind::List(&Kind::Object)),
        answered("plans", Kind::List(&Kind::Object)),
        answered("options", Kind::Json),
        answered("resource_options", Kind::Json),
        answered("secret_options", Kind::Object),
        answered("thumbnail", Kind::File).nullable(),
    ],
};

pub(crate) static OFFERING_IMAGE_REQUEST: Model =
    Model { name: "OfferingImageRequest", fields: &[taken("image", Kind::File).required()] };

pub(crate) static OFFERING_THUMBNAIL_REQUEST: Model =
    Model { name: "OfferingThumbnailRequest", fields: &[taken("thumbnail", Kind::File).required()] };
