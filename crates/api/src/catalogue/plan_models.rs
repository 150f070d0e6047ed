//! What plans, terms of service and consents look like.

use crate::{
    link::OFFERINGS,
    rest::{COUNT, I32_MAX, Kind, Model, answered, field, taken},
};

pub(crate) static PROVIDER_PLAN_DETAILS: Model = Model {
    name: "ProviderPlanDetails",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        field("name", Kind::Text(150)).required(),
        field("description", Kind::Text(0)),
        field("article_code", Kind::Text(30)),
        field("max_amount", Kind::Int(1, 32767)).nullable(),
        field("archived", Kind::Bool),
        answered("is_active", Kind::Bool),
        field("unit_price", Kind::Decimal(22, 10)),
        field("unit", Kind::Choice(&["month", "quarter", "half_month", "day", "hour", "quantity"])).filled(),
        answered("init_price", Kind::Float),
        answered("switch_price", Kind::Float),
        field("backend_id", Kind::Text(255)),
        answered("organization_groups", Kind::List(&Kind::Object)),
        answered("components", Kind::List(&Kind::Object)),
        field("offering", Kind::Link(OFFERINGS)).required().stored("offering_id"),
        answered("prices", Kind::Map(&Kind::Float)),
        answered("future_prices", Kind::Map(&Kind::MaybeFloat)),
        answered("quotas", Kind::Map(&Kind::Float)),
        answered("resources_count", COUNT),
        answered("plan_type", Kind::Text(0)),
        answered("minimal_price", Kind::Float),
    ],
};

pub(crate) static BASE_PUBLIC_PLAN: Model = Model {
    name: "BasePublicPlan",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("name", Kind::Text(150)),
        answered("description", Kind::Text(0)),
        answered("article_code", Kind::Text(30)),
        answered("max_amount", Kind::Int(1, 32767)).nullable(),
        answered("archived", Kind::Bool),
        answered("is_active", Kind::Bool),
        answered("unit_price", Kind::Decimal(22, 10)),
        answered("unit", Kind::Choice(&["month", "quarter", "half_month", "day", "hour", "quantity"])),
        answered("init_price", Kind::Float),
        answered("switch_price", Kind::Float),
        answered("backend_id", Kind::Text(255)),
        answered("organization_groups", Kind::List(&Kind::Object)),
        answered("components", Kind::List(&Kind::Object)),
        answered("prices", Kind::Map(&Kind::Float)),
        answered("future_prices", Kind::Map(&Kind::MaybeFloat)),
        answered("quotas", Kind::Map(&Kind::Float)),
        answered("resources_count", COUNT),
        answered("plan_type", Kind::Text(0)),
        answered("minimal_price", Kind::Float),
    ],
};

pub(crate) static PRICES_UPDATE_REQUEST: Model =
    Model { name: "PricesUpdateRequest", fields: &[taken("prices", Kind::Map(&Kind::Decimal(22, 10))).required()] };

pub(crate) static QUOTAS_UPDATE_REQUEST: Model =
    Model { name: "QuotasUpdateRequest", fields: &[taken("quotas", Kind::Map(&Kind::Int(0, i64::MAX))).required()] };

pub(crate) static DISCOUNTS_UPDATE_REQUEST: Model = Model {
    name: "DiscountsUpdateRequest",
    fields: &[taken("discounts", Kind::Map(&Kind::Of(&DISCOUNT_CONFIG_REQUEST))).required()],
};

pub(crate) static DISCOUNT_CONFIG_REQUEST: Model = Model {
    name: "DiscountConfigRequest",
    fields: &[
        taken("discount_threshold", Kind::Int(1, i64::MAX)).nullable(),
        taken("discount_rate", Kind::Int(0, 100)).nullable(),
    ],
};

pub(crate) static OFFERING_TERMS_OF_SERVICE: Model = Model {
    name: "OfferingTermsOfService",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        answered("offering_name", Kind::Text(0)),
        field("terms_of_service", Kind::Text(0)).stored("text"),
        field("terms_of_service_link", Kind::Url(200)).stored("link"),
        answered("version", Kind::Text(50)),
        field("is_active", Kind::Bool),
        answered("requires_reconsent", Kind::Bool),
        field("grace_period_days", Kind::Int(0, I32_MAX)),
        answered("user_consent", Kind::Of(&USER_CONSENT_INFO)).nullable(),
        answered("has_user_consent", Kind::Bool),
        answered("created", Kind::Time),
        answered("modified", Kind::Time),
    ],
};

pub(crate) static OFFERING_TERMS_OF_SERVICE_CREATE: Model = Model {
    name: "OfferingTermsOfServiceCreate",
    fields: &[
        field("offering", Kind::Link(OFFERINGS)).required().stored("offering_id"),
        field("terms_of_service", Kind::Text(0)).stored("text"),
        field("terms_of_service_link", Kind::Url(200)).stored("link"),
        field("version", Kind::Text(50)),
        field("is_active", Kind::Bool),
        field("requires_reconsent", Kind::Bool),
        field("grace_period_days", Kind::Int(0, I32_MAX)),
    ],
};

pub(crate) static USER_CONSENT_INFO: Model = Model {
    name: "UserConsentInfo",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("version", Kind::Text(0)),
        answered("agreement_date", Kind::Time).stored("agreed"),
        answered("is_revoked", Kind::Bool),
    ],
};

pub(crate) static USER_OFFERING_CONSENT: Model = Model {
    name: "UserOfferingConsent",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("user_uuid", Kind::Uuid).stored("user_id"),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        answered("agreement_date", Kind::Time).stored("agreed"),
        field("version", Kind::Text(50)),
        answered("revocation_date", Kind::Time).nullable().stored("revoked"),
        answered("created", Kind::Time).stored("agreed"),
        answered("user_username", Kind::Text(0)),
        answered("user_full_name", Kind::Text(0)),
        answered("user_email", Kind::Email(0)),
        answered("offering_name", Kind::Text(0)),
        answered("offering_slug", Kind::Text(0)),
        answered("offering_url", Kind::Uri),
        answered("modified", Kind::Time),
        answered("has_consent", Kind::Bool),
        answered("requires_reconsent", Kind::Bool),
        answered("collected_attributes", Kind::List(&Kind::Text(0))),
    ],
};

pub(crate) static USER_OFFERING_CONSENT_CREATE: Model = Model {
    name: "UserOfferingConsentCreate",
    fields: &[field("offering", Kind::Uuid).required().stored("offering_id")],
};
