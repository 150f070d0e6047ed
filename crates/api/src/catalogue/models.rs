//! What categories and providers look like.

use crate::{
    link::{CATEGORIES, CATEGORY_GROUPS, CUSTOMERS, PROVIDERS},
    rest::{COUNT, Kind, Model, answered, field},
};

pub(crate) static MARKETPLACE_CATEGORY: Model = Model {
    name: "MarketplaceCategory",
    fields: &[
        answered("url", Kind::Link(CATEGORIES)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("title", Kind::Text(255)).required(),
        field("description", Kind::Text(0)),
        field("icon", Kind::File).nullable(),
        field("default_vm_category", Kind::Bool),
        field("default_volume_category", Kind::Bool),
        field("default_tenant_category", Kind::Bool),
        answered("offering_count", COUNT),
        answered("available_offerings_count", COUNT),
        answered("sections", Kind::List(&Kind::Object)),
        answered("columns", Kind::List(&Kind::Object)),
        answered("components", Kind::List(&Kind::Object)),
        answered("articles", Kind::List(&Kind::Object)),
        field("group", Kind::Link(CATEGORY_GROUPS)).nullable().stored("group_id"),
    ],
};

pub(crate) static CATEGORY_GROUP: Model = Model {
    name: "CategoryGroup",
    fields: &[
        answered("url", Kind::Link(CATEGORY_GROUPS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("title", Kind::Text(255)).required(),
        field("description", Kind::Text(0)),
        field("icon", Kind::File).nullable(),
    ],
};

pub(crate) static SERVICE_PROVIDER: Model = Model {
    name: "ServiceProvider",
    fields: &[
        answered("url", Kind::Link(PROVIDERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        field("description", Kind::Text(4096)),
        field("enable_notifications", Kind::Bool),
        field("customer", Kind::Link(CUSTOMERS)).required().stored("customer_id"),
        answered("customer_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Uuid).stored("customer_id"),
        answered("customer_image", Kind::Uri),
        answered("customer_abbreviation", Kind::Text(0)),
        answered("customer_slug", Kind::Text(0)),
        answered("customer_native_name", Kind::Text(0)),
        answered("customer_country", Kind::Text(0)),
        field("image", Kind::File).nullable(),
        answered("organization_groups", Kind::List(&Kind::Object)),
        answered("offering_count", COUNT),
    ],
};

pub(crate) static PLUGIN_OFFERING_TYPE: Model = Model {
    name: "PluginOfferingType",
    fields: &[
        answered("offering_type", Kind::Text(0)),
        answered("components", Kind::List(&Kind::Of(&PLUGIN_COMPONENT))),
        answered("available_limits", Kind::List(&Kind::Text(0))),
    ],
};

pub(crate) static PLUGIN_COMPONENT: Model = Model {
    name: "PluginComponent",
    fields: &[
        answered("type", Kind::Text(0)),
        answered("name", Kind::Text(0)),
        answered("measured_unit", Kind::Text(0)),
        answered("billing_type", Kind::Choice(&["fixed", "usage", "limit", "one", "few"])),
    ],
};

pub(crate) static SERVICE_PROVIDER_STATISTICS: Model = Model {
    name: "ServiceProviderStatistics",
    fields: &[
        answered("active_campaigns", COUNT),
        answered("current_customers", COUNT),
        answered("customers_number_change", COUNT),
        answered("active_resources", COUNT),
        answered("resources_number_change", COUNT),
        answered("active_and_paused_offerings", COUNT),
        answered("unresolved_tickets", COUNT),
        answered("pending_orders", COUNT),
        answered("erred_resources", COUNT),
    ],
};

pub(crate) static SERVICE_PROVIDER_REVENUES: Model = Model {
    name: "ServiceProviderRevenues",
    fields: &[answered("total", COUNT), answered("year", COUNT), answered("month", COUNT)],
};

pub(crate) static SERVICE_PROVIDER_API_SECRET_CODE: Model =
    Model { name: "ServiceProviderApiSecretCode", fields: &[answered("api_secret_code", Kind::Text(0))] };

pub(crate) static NAME_UUID: Model =
    Model { name: "NameUUID", fields: &[answered("name", Kind::Text(0)), answered("uuid", Kind::Uuid).stored("id")] };

pub(crate) static SSH_KEY: Model = Model {
    name: "SshKey",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("name", Kind::Text(150)),
        answered("public_key", Kind::Text(2000)),
        answered("fingerprint_md5", Kind::Text(0)),
        answered("fingerprint_sha256", Kind::Text(0)),
        answered("fingerprint_sha512", Kind::Text(0)),
        answered("user_uuid", Kind::Uuid),
        answered("is_shared", Kind::Bool),
        answered("type", Kind::Text(0)),
    ],
};

pub(crate) static MARKETPLACE_SERVICE_PROVIDER_USER: Model = Model {
    name: "MarketplaceServiceProviderUser",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("username", Kind::Text(128)),
        answered("full_name", Kind::Text(0)),
        answered("first_name", Kind::Text(100)),
        answered("last_name", Kind::Text(100)),
        answered("organization", Kind::Text(255)),
        answered("email", Kind::Email(320)),
        answered("phone_number", Kind::Text(255)),
        answered("projects_count", COUNT),
        answered("registration_method", Kind::Text(50)),
        answered("affiliations", Kind::Json),
        answered("is_active", Kind::Bool),
    ],
};

pub(crate) static MARKETPLACE_PROVIDER_CUSTOMER: Model = Model {
    name: "MarketplaceProviderCustomer",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("name", Kind::Text(150)),
        answered("slug", Kind::Slug),
        answered("abbreviation", Kind::Text(12)),
        answered("phone_number", Kind::Text(255)),
        answered("email", Kind::Email(75)),
        answered("payment_profiles", Kind::List(&Kind::Object)),
        answered("billing_price_estimate", Kind::Object),
        answered("projects_count", COUNT),
        answered("users_count", COUNT),
        answered("projects", Kind::List(&Kind::Object)),
        answered("users", Kind::List(&Kind::Object)),
    ],
};

pub(crate) static MARKETPLACE_PROVIDER_CUSTOMER_PROJECT: Model = Model {
    name: "MarketplaceProviderCustomerProject",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("name", Kind::Text(500)),
        answered("description", Kind::Text(4096)),
        answered("end_date", Kind::Date).nullable(),
        answered("resources_count", COUNT),
        answered("users_count", COUNT),
        answered("billing_price_estimate", Kind::Object),
    ],
};
