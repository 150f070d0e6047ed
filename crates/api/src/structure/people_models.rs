//! What people and roles look like.

use crate::{
    link::USERS,
    rest::{COUNT, I32_MAX, Kind, Model, answered, field, taken},
};

pub(crate) static USER: Model = Model {
    name: "User",
    fields: &[
        answered("url", Kind::Link(USERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        field("username", Kind::Text(128)).required(),
        field("slug", Kind::Slug),
        answered("full_name", Kind::Text(200)),
        field("native_name", Kind::Text(100)),
        field("job_title", Kind::Text(120)),
        field("email", Kind::Email(0)).required(),
        field("phone_number", Kind::Text(255)),
        field("organization", Kind::Text(255)),
        answered("civil_number", Kind::Text(0)).nullable(),
        field("description", Kind::Text(4096)),
        field("is_staff", Kind::Bool),
        field("is_active", Kind::Bool),
        field("is_support", Kind::Bool),
        answered("token", Kind::Text(0)),
        field("token_lifetime", Kind::Int(60, I32_MAX)).nullable(),
        answered("token_expires_at", Kind::Time).nullable(),
        answered("registration_method", Kind::Text(0)),
        answered("date_joined", Kind::Time).stored("created"),
        answered("agreement_date", Kind::Time).nullable(),
        field("notifications_enabled", Kind::Bool),
        field("preferred_language", Kind::Text(10)),
        answered("permissions", Kind::List(&Kind::Of(&PERMISSION))),
        answered("requested_email", Kind::Text(0)).nullable(),
        answered("affiliations", Kind::Json),
        field("first_name", Kind::Text(100)),
        field("last_name", Kind::Text(100)),
        field("birth_date", Kind::Date).nullable(),
        answered("identity_provider_name", Kind::Text(0)),
        answered("identity_provider_label", Kind::Text(0)),
        answered("identity_provider_management_url", Kind::Text(0)),
        answered("identity_provider_fields", Kind::List(&Kind::Text(0))),
        field("image", Kind::File).nullable(),
        answered("identity_source", Kind::Text(0)),
        answered("has_active_session", Kind::Bool),
        answered("ip_address", Kind::Text(0)).nullable(),
        taken("agree_with_policy", Kind::Bool),
    ],
};

pub(crate) static ROLE_DETAILS: Model = Model {
    name: "RoleDetails",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        field("name", Kind::Text(150)).required(),
        field("description", Kind::Text(4096)),
        field("description_en", Kind::Text(4096)).nullable(),
        field("description_et", Kind::Text(4096)).nullable(),
        field("description_lt", Kind::Text(4096)).nullable(),
        field("description_lv", Kind::Text(4096)).nullable(),
        field("description_ru", Kind::Text(4096)).nullable(),
        field("description_it", Kind::Text(4096)).nullable(),
        field("description_de", Kind::Text(4096)).nullable(),
        field("description_da", Kind::Text(4096)).nullable(),
        field("description_sv", Kind::Text(4096)).nullable(),
        field("description_es", Kind::Text(4096)).nullable(),
        field("description_fr", Kind::Text(4096)).nullable(),
        field("description_nb", Kind::Text(4096)).nullable(),
        field("description_ar", Kind::Text(4096)).nullable(),
        field("description_cs", Kind::Text(4096)).nullable(),
        field("permissions", Kind::List(&Kind::Text(0))).required(),
        answered("is_system_role", Kind::Bool).stored("is_system"),
        field("is_active", Kind::Bool),
        answered("users_count", COUNT),
        field("content_type", Kind::Choice(&["customer", "project", "offering", "service_provider"]))
            .required()
            .stored("scope_kind"),
    ],
};

pub(crate) static PERMISSION: Model = Model {
    name: "Permission",
    fields: &[
        answered("user_uuid", Kind::Uuid).stored("user_id"),
        answered("user_name", Kind::Text(0)),
        answered("user_slug", Kind::Text(0)),
        answered("created", Kind::Time),
        answered("expiration_time", Kind::Time).nullable().stored("expires"),
        answered("created_by_full_name", Kind::Text(0)),
        answered("created_by_username", Kind::Text(0)),
        answered("role_name", Kind::Text(0)),
        answered("role_description", Kind::Text(0)),
        answered("role_uuid", Kind::Uuid).stored("role_id"),
        answered("scope_type", Kind::Text(0)).nullable().stored("scope_kind"),
        answered("scope_uuid", Kind::Uuid).stored("scope_id"),
        answered("scope_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Uuid),
        answered("customer_name", Kind::Text(0)),
    ],
};

pub(crate) static USER_ROLE_DETAILS: Model = Model {
    name: "UserRoleDetails",
    fields: &[
        answered("uuid", Kind::Uuid).stored("id"),
        answered("created", Kind::Time),
        answered("expiration_time", Kind::Time).nullable().stored("expires"),
        answered("role_name", Kind::Text(0)),
        answered("role_uuid", Kind::Uuid).stored("role_id"),
        answered("user_email", Kind::Email(0)),
        answered("user_full_name", Kind::Text(0)),
        answered("user_username", Kind::Text(0)),
        answered("user_uuid", Kind::Uuid).stored("user_id"),
        answered("user_image", Kind::Uri),
        answered("created_by_full_name", Kind::Text(0)),
        answered("created_by_uuid", Kind::Uuid).stored("created_by"),
    ],
};

pub(crate) static USER_ROLE_CREATE_REQUEST: Model = Model {
    name: "UserRoleCreateRequest",
    fields: &[
        taken("role", Kind::Text(0)).required(),
        taken("user", Kind::Uuid).required(),
        taken("expiration_time", Kind::Time).nullable(),
    ],
};

pub(crate) static USER_ROLE_EXPIRATION_TIME: Model = Model {
    name: "UserRoleExpirationTime",
    fields: &[answered("expiration_time", Kind::Time).nullable().stored("expires")],
};

pub(crate) static USER_AUTH_TOKEN: Model = Model {
    name: "UserAuthToken",
    fields: &[
        answered("created", Kind::Time),
        answered("user_first_name", Kind::Text(0)),
        answered("user_last_name", Kind::Text(0)),
        answered("user_username", Kind::Text(0)),
        answered("user_is_active", Kind::Bool),
        answered("user_token_lifetime", Kind::Int(60, I32_MAX)).nullable(),
        answered("token", Kind::Text(0)),
    ],
};

pub(crate) static PASSWORD_CHANGE_REQUEST: Model =
    Model { name: "PasswordChangeRequest", fields: &[taken("new_password", Kind::Password).required()] };

pub(crate) static CORE_AUTH_TOKEN: Model = Model { name: "CoreAuthToken", fields: &[answered("token", Kind::Text(0))] };

pub(crate) static OBTAIN_AUTH_TOKEN_REQUEST: Model = Model {
    name: "ObtainAuthTokenRequest",
    fields: &[taken("username", Kind::Text(128)).required(), taken("password", Kind::Password).required()],
};

pub(crate) static CUSTOMER_USER: Model = Model {
    name: "CustomerUser",
    fields: &[
        answered("url", Kind::Link(USERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("username", Kind::Text(128)),
        answered("full_name", Kind::Text(0)),
        answered("email", Kind::Email(320)),
        answered("role_name", Kind::Text(0)).nullable(),
        answered("projects", Kind::List(&Kind::Of(&NESTED_PROJECT_PERMISSION))),
        answered("expiration_time", Kind::Time).nullable().stored("expires"),
        answered("image", Kind::File).nullable(),
    ],
};

pub(crate) static BASIC_USER: Model = Model {
    name: "BasicUser",
    fields: &[
        answered("url", Kind::Link(USERS)).stored("id"),
        answered("uuid", Kind::Uuid).stored("id"),
        answered("username", Kind::Text(128)),
        answered("full_name", Kind::Text(0)),
        answered("native_name", Kind::Text(100)),
        answered("email", Kind::Email(320)),
        answered("image", Kind::File).nullable(),
    ],
};

pub(crate) static NESTED_PROJECT_PERMISSION: Model = Model {
    name: "NestedProjectPermission",
    fields: &[
        answered("url", Kind::Link(USERS)).stored("id"),
        answered("uuid", Kind::Text(0)).stored("id"),
        answered("name", Kind::Text(0)),
        answered("role_name", Kind::Text(0)),
        answered("expiration_time", Kind::Time).nullable().stored("expires"),
    ],
};

pub(crate) static ROLE_DESCRIPTION: Model = Model {
    name: "RoleDescription",
    fields: &[
        field("description", Kind::Text(4096)),
        field("description_en", Kind::Text(4096)).nullable(),
        field("description_et", Kind::Text(4096)).nullable(),
        field("description_lt", Kind::Text(4096)).nullable(),
        field("description_lv", Kind::Text(4096)).nullable(),
        field("description_ru", Kind::Text(4096)).nullable(),
        field("description_it", Kind::Text(4096)).nullable(),
        field("description_de", Kind::Text(4096)).nullable(),
        field("description_da", Kind::Text(4096)).nullable(),
        field("description_sv", Kind::Text(4096)).nullable(),
        field("description_es", Kind::Text(4096)).nullable(),
        field("description_fr", Kind::Text(4096)).nullable(),
        field("description_nb", Kind::Text(4096)).nullable(),
        field("description_ar", Kind::Text(4096)).nullable(),
        field("description_cs", Kind::Text(4096)).nullable(),
    ],
};
