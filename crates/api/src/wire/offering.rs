//! An offering as the viewers of an order see it (spec 13.1).

use std::collections::HashMap;

use mercat_app::orders::{OfferingDetails, OfferingView};
use mercat_domain::offering::{BillingType, OfferingState};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    enums,
    offering_parts::{
        NestedCampaign, NestedEndpoint, NestedOfferingFile, NestedRole, NestedScreenshot, NestedSoftwareCatalog,
        OfferingComponent, Quota,
    },
    partition::NestedPartition,
    plan::{BasePublicPlan, OrganizationGroup},
    text::{Hex, Moment, Object},
};
use crate::{
    link::{Link, To},
    origin::Origin,
};

/// An offering with its parts.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicOfferingDetails<'a> {
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(value_type = String, format = DateTime)]
    created: Moment,
    #[schema(max_length = 150)]
    name: &'a str,
    /// A short name for addresses; made by the service unless staff chooses one.
    #[schema(max_length = 50, pattern = "^[-a-zA-Z0-9_]+$")]
    slug: &'a str,
    #[schema(max_length = 4096)]
    description: &'a str,
    full_description: &'a str,
    #[schema(format = "uri", max_length = 200)]
    privacy_policy_link: &'a str,
    /// Where users reach the service.
    #[schema(format = "uri", max_length = 200)]
    access_url: &'a str,
    endpoints: Vec<NestedEndpoint<'a>>,
    software_catalogs: Vec<NestedSoftwareCatalog<'a>>,
    partitions: Vec<NestedPartition<'a>>,
    roles: Vec<NestedRole<'a>>,
    #[schema(value_type = Option<String>, format = "uri")]
    customer: Option<Link<'a>>,
    #[schema(value_type = Option<String>, format = Uuid)]
    customer_uuid: Option<Hex>,
    customer_name: Option<&'a str>,
    #[schema(value_type = Option<String>, format = "uri")]
    project: Option<Link<'a>>,
    #[schema(value_type = Option<String>, format = Uuid)]
    project_uuid: Option<Hex>,
    project_name: Option<&'a str>,
    #[schema(value_type = String, format = "uri")]
    category: Link<'a>,
    #[schema(value_type = String, format = Uuid)]
    category_uuid: Hex,
    category_title: &'a str,
    #[schema(value_type = HashMap<String, Value>)]
    attributes: Object<'a>,
    #[schema(value_type = OfferingOptions)]
    options: Object<'a>,
    #[schema(value_type = OfferingOptions)]
    resource_options: Object<'a>,
    components: Vec<OfferingComponent<'a>>,
    #[schema(value_type = HashMap<String, Value>)]
    plugin_options: Object<'a>,
    #[schema(value_type = enums::OfferingState)]
    state: OfferingState,
    vendor_details: &'a str,
    getting_started: &'a str,
    integration_guide: &'a str,
    #[schema(value_type = Option<String>, format = "uri")]
    thumbnail: Option<Link<'a>>,
    order_count: u64,
    plans: Vec<BasePublicPlan<'a>>,
    screenshots: Vec<NestedScreenshot<'a>>,
    #[schema(max_length = 100)]
    r#type: &'a str,
    /// Whether every organisation may order it.
    shared: bool,
    /// Whether it is paid for.
    billable: bool,
    scope: Option<&'a str>,
    #[schema(value_type = Option<String>, format = Uuid)]
    scope_uuid: Option<&'a str>,
    scope_name: Option<&'a str>,
    scope_state: Option<&'a str>,
    scope_error_message: Option<&'a str>,
    files: Vec<NestedOfferingFile<'a>>,
    quotas: Vec<Quota<'a>>,
    paused_reason: &'a str,
    #[schema(max_length = 255)]
    datacite_doi: &'a str,
    /// How often the DOI was cited; -1 when unknown.
    citation_count: i64,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Two letters of ISO 3166-1, or nothing.
    country: &'a str,
    #[schema(max_length = 255)]
    backend_id: &'a str,
    organization_groups: Vec<OrganizationGroup<'a>>,
    #[schema(value_type = Option<String>, format = "uri")]
    image: Option<Link<'a>>,
    total_customers: Option<i64>,
    total_cost: Option<i64>,
    total_cost_estimated: Option<i64>,
    parent_description: Option<&'a str>,
    #[schema(value_type = Option<String>, format = Uuid)]
    parent_uuid: Option<Hex>,
    parent_name: Option<&'a str>,
    #[schema(value_type = Value)]
    backend_metadata: Object<'a>,
    has_compliance_requirements: bool,
    /// `limit_only`, `usage_only` or `mixed`.
    billing_type_classification: &'static str,
    #[schema(value_type = Option<String>, format = "uri")]
    compliance_checklist: Option<Link<'a>>,
    user_has_consent: bool,
    google_calendar_is_public: Option<bool>,
    /// Calendar of a booking offering.
    google_calendar_link: Option<&'a str>,
    promotion_campaigns: Vec<NestedCampaign<'a>>,
}

/// The schema of an order form; an empty object where there is none.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferingOptions {
    #[schema(required = false)]
    order: Vec<String>,
    #[schema(required = false)]
    options: HashMap<String, Value>,
}

impl<'a> PublicOfferingDetails<'a> {
    /// The names of the fields, in order.
    #[rustfmt::skip]
    pub const FIELDS: &'static [&'static str] = &[
        "url", "uuid", "created", "name", "slug", "description", "full_description", "privacy_policy_link",
        "access_url", "endpoints", "software_catalogs", "partitions", "roles", "customer", "customer_uuid",
        "customer_name", "project", "project_uuid", "project_name", "category", "category_uuid", "category_title",
        "attributes", "options", "resource_options", "components", "plugin_options", "state", "vendor_details",
        "getting_started", "integration_guide", "thumbnail", "order_count", "plans", "screenshots", "type", "shared",
        "billable", "scope", "scope_uuid", "scope_name", "scope_state", "scope_error_message", "files", "quotas",
        "paused_reason", "datacite_doi", "citation_count", "latitude", "longitude", "country", "backend_id",
        "organization_groups", "image", "total_customers", "total_cost", "total_cost_estimated", "parent_description",
        "parent_uuid", "parent_name", "backend_metadata", "has_compliance_requirements",
        "billing_type_classification", "compliance_checklist", "user_has_consent", "google_calendar_is_public",
        "google_calendar_link", "promotion_campaigns",
    ];

    /// Shows an offering. Components, plans and plugin options are its parent's when it has one.
    #[rustfmt::skip]
    pub fn new(view: &'a OfferingView, origin: &'a Origin) -> Self {
        let details = &view.details;
        let (row, parent, project) = (&details.offering, details.parent.as_ref(), details.project.as_ref());
        let link = |to| Link(origin, to);
        let media = |id: Option<_>| id.map(|id| Link(origin, To::Media(id)));
        let scope = |key: &str| row.scope.as_ref()?.get(key)?.as_str();
        Self {
            url: link(To::Offering(row.id)),
            uuid: row.id.into(),
            created: Moment(row.created),
            name: &row.name,
            slug: &row.slug,
            description: &row.description,
            full_description: &row.full_description,
            privacy_policy_link: &row.privacy_policy_link,
            access_url: &row.access_url,
            endpoints: details.endpoints.iter().map(Into::into).collect(),
            software_catalogs: details.catalogs.iter().map(Into::into).collect(),
            partitions: details.partitions.iter().map(Into::into).collect(),
            roles: details.roles.iter().map(|role| NestedRole::new(role, origin)).collect(),
            customer: Some(link(To::Customer(details.provider.id))),
            customer_uuid: Some(details.provider.id.into()),
            customer_name: Some(&details.provider.name),
            project: project.map(|project| link(To::Project(project.id))),
            project_uuid: project.map(|project| project.id.into()),
            project_name: project.map(|project| project.name.as_str()),
            category: link(To::Category(row.category_id)),
            category_uuid: row.category_id.into(),
            category_title: &details.category_title,
            attributes: Object::whole(&row.attributes),
            options: Object::whole(&row.options),
            resource_options: Object::whole(&row.resource_options),
            components: details.components.iter().map(Into::into).collect(),
            plugin_options: Object::whole(parent.map_or(&row.plugin_options, |parent| &parent.plugin_options)),
            state: row.state,
            vendor_details: &row.vendor_details,
            getting_started: &row.getting_started,
            integration_guide: &row.integration_guide,
            thumbnail: media(row.thumbnail),
            order_count: details.order_count,
            plans: details.plans.iter().map(|plan| BasePublicPlan::new(plan, origin)).collect(),
            screenshots: details.screenshots.iter().map(|shot| NestedScreenshot::new(shot, origin)).collect(),
            r#type: &row.offering_type,
            shared: row.shared,
            billable: row.billable,
            scope: scope("url"),
            scope_uuid: scope("uuid"),
            scope_name: scope("name"),
            scope_state: scope("state"),
            scope_error_message: scope("error_message"),
            files: details.files.iter().map(|file| NestedOfferingFile::new(file, origin)).collect(),
            quotas: details.quotas.iter().map(Into::into).collect(),
            paused_reason: &row.paused_reason,
            datacite_doi: &row.datacite_doi,
            citation_count: row.citation_count,
            latitude: row.latitude,
            longitude: row.longitude,
            country: &row.country,
            backend_id: &row.backend_id,
            organization_groups: details.groups.iter().map(|group| OrganizationGroup::new(group, origin)).collect(),
            image: media(row.image),
            total_customers: None,
            total_cost: None,
            total_cost_estimated: None,
            parent_description: parent.map(|parent| parent.description.as_str()),
            parent_uuid: parent.map(|parent| parent.id.into()),
            parent_name: parent.map(|parent| parent.name.as_str()),
            backend_metadata: Object::whole(&row.backend_metadata),
            has_compliance_requirements: row.compliance_checklist.is_some(),
            billing_type_classification: classification(details),
            compliance_checklist: row.compliance_checklist.map(|id| link(To::Checklist(id))),
            user_has_consent: view.has_consent,
            google_calendar_is_public: row.google_calendar_is_public,
            google_calendar_link: row.google_calendar_link.as_deref(),
            promotion_campaigns: details.campaigns.iter().map(|row| NestedCampaign::new(row, origin)).collect(),
        }
    }
}

/// How an offering is charged, when all its components are charged alike.
fn classification(details: &OfferingDetails) -> &'static str {
    let all = |kind| !details.components.is_empty() && details.components.iter().all(|c| c.billing_type == kind);
    if all(BillingType::Limit) {
        "limit_only"
    } else if all(BillingType::Usage) {
        "usage_only"
    } else {
        "mixed"
    }
}
