//! What organisations, projects, people and roles look like.

use crate::{
    link::{CUSTOMERS, GROUPS, PROJECTS},
    rest::{COUNT, I32_MAX, Kind, Model, answered, field, taken},
};

/// The codes of fields of science and technology of the OECD, 2007.
#[rustfmt::skip]
pub(crate) const FIELDS_OF_SCIENCE: &[&str] = &[
    "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7",
    "2.8", "2.9", "2.10", "2.11", "2.12", "3.1", "3.2", "3.3", "3.4", "3.5", "4.1", "4.2", "4.3", "4.4",
    "4.5", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.1", "6.2", "6.3", "6.4",
    "6.5",
];

pub(crate) static CUSTOMER: Model = Model {
    name: "Customer",
    fields: &[
        answered("url", Kind::Link(CUSTOMERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        answered("organization_groups", Kind::List(&Kind::Of(&ORGANIZATION_GROUP))),
        answered("display_name", Kind::Text(0)),
        field("backend_id", Kind::Text(255)),
        field("image", Kind::File).nullable(),
        field("blocked", Kind::Bool),
        field("archived", Kind::Bool),
        field("display_billing_info_in_projects", Kind::Bool),
        field("default_tax_percent", Kind::Decimal(5, 2)),
        field("accounting_start_date", Kind::Time),
        answered("projects_count", COUNT),
        answered("users_count", COUNT),
        field("sponsor_number", Kind::Int(0, I32_MAX)).nullable(),
        answered("country_name", Kind::Text(0)),
        field("max_service_accounts", Kind::Int(0, 32767)).nullable(),
        field("project_metadata_checklist", Kind::Uuid).nullable(),
        field("grace_period_days", Kind::Int(0, I32_MAX)).nullable(),
        field("name", Kind::Text(150)).required(),
        field("slug", Kind::Slug),
        field("native_name", Kind::Text(160)),
        field("abbreviation", Kind::Text(12)),
        field("description", Kind::Text(4096)),
        field("contact_details", Kind::Text(500)),
        field("agreement_number", Kind::Text(160)),
        field("email", Kind::Email(75)),
        field("phone_number", Kind::Text(255)),
        field("access_subnets", Kind::Text(0)),
        field("registration_code", Kind::Text(160)),
        field("homepage", Kind::Url(255)),
        field("domain", Kind::Text(255)),
        field("vat_code", Kind::Text(20)),
        field("postal", Kind::Text(20)),
        field("address", Kind::Text(300)),
        field("bank_name", Kind::Text(150)),
        field("latitude", Kind::Float).nullable(),
        field("longitude", Kind::Float).nullable(),
        field("bank_account", Kind::Text(50)),
        field("country", Kind::Country),
        field("notification_emails", Kind::Text(640)),
        answered("payment_profiles", Kind::List(&Kind::Object)),
        answered("customer_credit", Kind::Float).nullable(),
        answered("customer_unallocated_credit", Kind::Float).nullable(),
        answered("is_service_provider", Kind::Bool),
        answered("service_provider", Kind::Uri).nullable(),
        answered("service_provider_uuid", Kind::Uuid).nullable(),
        answered("call_managing_organization_uuid", Kind::Text(0)).nullable(),
        answered("billing_price_estimate", Kind::Of(&NESTED_PRICE_ESTIMATE)),
    ],
};

pub(crate) static ORGANIZATION_GROUP: Model = Model {
    name: "OrganizationGroup",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("url", Kind::Link(GROUPS)).stored("id"),
        field("name", Kind::Text(150)).required(),
        answered("parent_uuid", Kind::Uuid).stored("parent_id"),
        answered("parent_name", Kind::Text(0)),
        field("parent", Kind::Link(GROUPS)).nullable().stored("parent_id"),
        answered("customers_count", COUNT),
    ],
};

pub(crate) static PROJECT: Model = Model {
    name: "Project",
    fields: &[
        answered("url", Kind::Link(PROJECTS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("name", Kind::Text(500)).required(),
        field("slug", Kind::Slug),
        field("customer", Kind::Link(CUSTOMERS)).required().stored("customer_id"),
        answered("customer_uuid", Kind::Uuid).stored("customer_id"),
        answered("customer_name", Kind::Text(0)),
        answered("customer_slug", Kind::Text(0)),
        answered("customer_native_name", Kind::Text(0)),
        answered("customer_abbreviation", Kind::Text(0)),
        field("description", Kind::Text(0)),
        answered("customer_display_billing_info_in_projects", Kind::Bool),
        answered("created", Kind::Time),
        field("type", Kind::Uri).nullable(),
        answered("type_name", Kind::Text(0)).nullable(),
        answered("type_uuid", Kind::Uuid).nullable(),
        field("backend_id", Kind::Text(255)),
        field("start_date", Kind::Date).nullable(),
        field("end_date", Kind::Date).nullable(),
        answered("end_date_requested_by", Kind::Uri).nullable(),
        field("oecd_fos_2007_code", Kind::Choice(FIELDS_OF_SCIENCE)).nullable(),
        answered("oecd_fos_2007_label", Kind::Text(0)),
        field("is_industry", Kind::Bool),
        field("image", Kind::File).nullable(),
        answered("resources_count", COUNT),
        answered("max_service_accounts", Kind::Int(0, 32767)).nullable(),
        field("kind", Kind::Choice(&["default", "course", "public"])).filled(),
        answered("is_removed", Kind::Bool),
        answered("termination_metadata", Kind::Json).nullable(),
        field("staff_notes", Kind::Text(0)),
        field("grace_period_days", Kind::Int(0, I32_MAX)).nullable(),
        answered("project_credit", Kind::Float).nullable(),
        answered("marketplace_resource_count", Kind::Map(&COUNT)),
        answered("billing_price_estimate", Kind::Of(&NESTED_PRICE_ESTIMATE)),
    ],
};

pub(crate) static NESTED_PRICE_ESTIMATE: Model = Model {
    name: "NestedPriceEstimate",
    fields: &[
        answered("total", Kind::Decimal(22, 10)),
        answered("current", Kind::Decimal(22, 10)),
        answered("tax", Kind::Decimal(22, 10)),
        answered("tax_current", Kind::Decimal(22, 10)),
    ],
};

pub(crate) static ORGANIZATION_GROUPS_REQUEST: Model = Model {
    name: "OrganizationGroupsRequest",
    fields: &[taken("organization_groups", Kind::List(&Kind::Link(GROUPS)))],
};

pub(crate) static MOVE_PROJECT_REQUEST: Model = Model {
    name: "MoveProjectRequest",
    fields: &[
        taken("customer", Kind::Link(CUSTOMERS)).required().stored("customer_id"),
        taken("preserve_permissions", Kind::Bool).required(),
    ],
};

pub(crate) static PROJECT_RECOVERY_REQUEST: Model = Model {
    name: "ProjectRecoveryRequest",
    fields: &[
        taken("restore_team_members", Kind::Bool),
        taken("send_invitations_to_previous_members", Kind::Bool),
        taken("end_date", Kind::Date).nullable(),
    ],
};

pub(crate) static COUNTRY: Model =
    Model { name: "Country", fields: &[answered("label", Kind::Text(0)), answered("value", Kind::Text(0))] };
