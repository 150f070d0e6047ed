//! The caller as `/api/users/me/` shows them.

use mercat_app::{auth::Identity, entity::user::Model};
use mercat_domain::permission::Grant;
use serde::Serialize;
use utoipa::ToSchema;

use super::text::{Hex, Moment};
use crate::{
    link::{Link, To},
    origin::Origin,
};

/// A role that the caller holds.
#[derive(Serialize, ToSchema)]
pub(crate) struct Permission<'a> {
    #[schema(value_type = String, format = Uuid)]
    user_uuid: Hex,
    user_name: &'a str,
    role_name: &'a str,
    scope_type: &'static str,
    #[schema(value_type = String, format = Uuid)]
    scope_uuid: Hex,
}

/// A person or robot.
#[derive(Serialize, ToSchema)]
pub(crate) struct User<'a> {
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    username: &'a str,
    slug: &'a str,
    full_name: &'a str,
    native_name: &'static str,
    job_title: &'static str,
    #[schema(format = Email)]
    email: &'a str,
    phone_number: &'static str,
    organization: &'static str,
    civil_number: Option<&'a str>,
    description: &'static str,
    is_staff: bool,
    is_active: bool,
    is_support: bool,
    token_lifetime: Option<i64>,
    registration_method: &'static str,
    #[schema(value_type = String, format = DateTime)]
    date_joined: Moment,
    /// Since when the user has accepted the terms of the site.
    #[schema(value_type = String, format = DateTime)]
    agreement_date: Moment,
    notifications_enabled: bool,
    preferred_language: &'static str,
    permissions: Vec<Permission<'a>>,
    requested_email: Option<&'a str>,
    affiliations: [&'static str; 0],
    first_name: &'a str,
    last_name: &'a str,
    birth_date: Option<&'a str>,
    identity_provider_name: &'static str,
    identity_provider_label: &'static str,
    identity_provider_management_url: &'static str,
    identity_provider_fields: [&'static str; 0],
    image: Option<&'a str>,
    identity_source: &'static str,
    has_active_session: bool,
    ip_address: Option<&'a str>,
}

impl<'a> User<'a> {
    /// The names of the fields, in order.
    #[rustfmt::skip]
    pub const FIELDS: &'static [&'static str] = &[
        "url", "uuid", "username", "slug", "full_name", "native_name", "job_title", "email", "phone_number",
        "organization", "civil_number", "description", "is_staff", "is_active", "is_support", "token_lifetime",
        "registration_method", "date_joined", "agreement_date", "notifications_enabled", "preferred_language",
        "permissions", "requested_email", "affiliations", "first_name", "last_name", "birth_date",
        "identity_provider_name", "identity_provider_label", "identity_provider_management_url",
        "identity_provider_fields", "image", "identity_source", "has_active_session", "ip_address",
    ];

    /// Shows the caller. What is not kept here is empty; the agreement counts as given with the account, because a
    /// null there sends the portal to its form for new people. The token is not shown: only its hash is kept.
    #[rustfmt::skip]
    pub fn new(identity: &'a Identity, origin: &'a Origin) -> Self {
        let row: &Model = &identity.user;
        Self {
            url: Link(origin, To::User(row.id)),
            uuid: row.id.into(),
            username: &row.username,
            slug: &row.username,
            full_name: &row.full_name,
            native_name: "",
            job_title: "",
            email: &row.email,
            phone_number: "",
            organization: "",
            civil_number: row.civil_number.as_deref(),
            description: "",
            is_staff: row.is_staff,
            is_active: row.is_active,
            is_support: row.is_support,
            token_lifetime: row.token_lifetime,
            registration_method: "default",
            date_joined: Moment(row.created),
            agreement_date: Moment(row.created),
            notifications_enabled: row.notifications_enabled,
            preferred_language: "en",
            permissions: identity.actor.grants.iter().map(|grant| permission(row, grant)).collect(),
            requested_email: None,
            affiliations: [],
            first_name: &row.first_name,
            last_name: &row.last_name,
            birth_date: None,
            identity_provider_name: "",
            identity_provider_label: "",
            identity_provider_management_url: "",
            identity_provider_fields: [],
            image: None,
            identity_source: "",
            has_active_session: true,
            ip_address: None,
        }
    }
}

fn permission<'a>(user: &'a Model, grant: &'a Grant) -> Permission<'a> {
    Permission {
        user_uuid: user.id.into(),
        user_name: &user.username,
        role_name: &grant.role,
        scope_type: grant.scope.kind().as_str(),
        scope_uuid: Hex(grant.scope.id()),
    }
}

/// What runs here.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    /// The version of Waldur whose interface is spoken.
    pub version: &'static str,
    /// Latest available version
    pub latest_version: &'static str,
}
