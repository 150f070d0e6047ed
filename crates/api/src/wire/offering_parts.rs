//! The parts of an offering (spec 13.1, 13.2).

use mercat_app::{
    entity::{
        campaign, component, offering_endpoint, offering_file, offering_quota, offering_role, offering_screenshot,
    },
    orders::CatalogDetails,
};
use mercat_domain::offering::{BillingType, LimitPeriod};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    enums,
    text::{Day, Hex, Moment},
};
use crate::{
    link::{Link, To},
    origin::Origin,
};

/// An address of the service.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedEndpoint<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(max_length = 150)]
    name: &'a str,
    /// Where it is.
    url: &'a str,
}

impl<'a> From<&'a offering_endpoint::Model> for NestedEndpoint<'a> {
    fn from(row: &'a offering_endpoint::Model) -> Self {
        Self { uuid: Hex(row.id), name: &row.name, url: &row.url }
    }
}

/// A catalogue of software.
#[derive(Serialize, ToSchema)]
pub(crate) struct Catalog<'a> {
    #[schema(value_type = String)]
    uuid: Hex,
    name: &'a str,
    version: &'a str,
    description: &'a str,
}

/// The partition that a catalogue belongs to.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogPartition<'a> {
    #[schema(value_type = String)]
    uuid: Hex,
    partition_name: &'a str,
    priority_tier: Option<i64>,
    qos: &'a str,
}

/// A software catalogue as an offering has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedSoftwareCatalog<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    catalog: Catalog<'a>,
    /// CPU families that it is built for, such as `x86_64`.
    enabled_cpu_family: &'a Value,
    /// Finer kinds of CPU that it is built for, such as `zen3`.
    enabled_cpu_microarchitectures: &'a Value,
    package_count: i64,
    partition: Option<CatalogPartition<'a>>,
}

impl<'a> From<&'a CatalogDetails> for NestedSoftwareCatalog<'a> {
    fn from(details: &'a CatalogDetails) -> Self {
        let (link, catalog) = (&details.link, &details.catalog);
        Self {
            uuid: Hex(link.id),
            catalog: Catalog {
                uuid: Hex(catalog.id),
                name: &catalog.name,
                version: &catalog.version,
                description: &catalog.description,
            },
            enabled_cpu_family: &link.enabled_cpu_family,
            enabled_cpu_microarchitectures: &link.enabled_cpu_microarchitectures,
            package_count: link.package_count,
            partition: details.partition.as_ref().map(|partition| CatalogPartition {
                uuid: Hex(partition.id),
                partition_name: &partition.partition_name,
                priority_tier: partition.priority_tier,
                qos: &partition.qos,
            }),
        }
    }
}

/// A role that users can get inside the service.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedRole<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(max_length = 150)]
    name: &'a str,
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
}

impl<'a> NestedRole<'a> {
    /// Shows a role.
    pub fn new(row: &'a offering_role::Model, origin: &'a Origin) -> Self {
        Self { uuid: Hex(row.id), name: &row.name, url: Link(origin, To::OfferingRole(row.id)) }
    }
}

/// A measured unit of an offering.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferingComponent<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(value_type = enums::BillingTypeEnum)]
    billing_type: BillingType,
    /// The component's key in limits and prices.
    #[schema(max_length = 50, pattern = r"^[a-zA-Z0-9_\-\/:]+$")]
    r#type: &'a str,
    /// The component's name for people.
    #[schema(max_length = 150)]
    name: &'a str,
    #[schema(max_length = 4096)]
    description: &'a str,
    /// The unit that amounts are counted in.
    #[schema(max_length = 30)]
    measured_unit: &'a str,
    /// How many units of the service make one `measured_unit`.
    unit_factor: i64,
    #[schema(value_type = Option<enums::LimitPeriodEnum>)]
    limit_period: Option<LimitPeriod>,
    limit_amount: Option<i64>,
    #[schema(max_length = 30)]
    article_code: &'a str,
    max_value: Option<i64>,
    min_value: Option<i64>,
    max_available_limit: Option<i64>,
    is_boolean: bool,
    default_limit: Option<i64>,
    factor: Option<i64>,
    is_builtin: bool,
    is_prepaid: bool,
    #[schema(value_type = Option<String>, format = Uuid)]
    overage_component: Option<Hex>,
    min_prepaid_duration: Option<i64>,
    max_prepaid_duration: Option<i64>,
}

impl<'a> From<&'a component::Model> for OfferingComponent<'a> {
    fn from(row: &'a component::Model) -> Self {
        Self {
            uuid: row.id.into(),
            billing_type: row.billing_type,
            r#type: &row.kind,
            name: &row.name,
            description: &row.description,
            measured_unit: &row.measured_unit,
            unit_factor: row.unit_factor,
            limit_period: row.limit_period,
            limit_amount: row.limit_amount,
            article_code: &row.article_code,
            max_value: row.max_value,
            min_value: row.min_value,
            max_available_limit: row.max_available_limit,
            is_boolean: row.is_boolean,
            default_limit: row.default_limit,
            factor: row.factor,
            is_builtin: row.is_builtin,
            is_prepaid: row.is_prepaid,
            overage_component: row.overage_component.map(Hex::from),
            min_prepaid_duration: row.min_prepaid_duration,
            max_prepaid_duration: row.max_prepaid_duration,
        }
    }
}

/// A picture of the service.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedScreenshot<'a> {
    #[schema(max_length = 150)]
    name: &'a str,
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(max_length = 4096)]
    description: &'a str,
    #[schema(value_type = String, format = "uri")]
    image: Link<'a>,
    #[schema(value_type = Option<String>, format = "uri")]
    thumbnail: Option<Link<'a>>,
    #[schema(value_type = String, format = DateTime)]
    created: Moment,
}

impl<'a> NestedScreenshot<'a> {
    /// Shows a picture.
    pub fn new(row: &'a offering_screenshot::Model, origin: &'a Origin) -> Self {
        Self {
            name: &row.name,
            uuid: Hex(row.id),
            description: &row.description,
            image: Link(origin, To::Media(row.image)),
            thumbnail: row.thumbnail.map(|id| Link(origin, To::Media(id))),
            created: Moment(row.created),
        }
    }
}

/// A document about the service.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedOfferingFile<'a> {
    #[schema(max_length = 150)]
    name: &'a str,
    #[schema(value_type = String, format = DateTime)]
    created: Moment,
    #[schema(value_type = String, format = "uri")]
    file: Link<'a>,
}

impl<'a> NestedOfferingFile<'a> {
    /// Shows a document.
    pub fn new(row: &'a offering_file::Model, origin: &'a Origin) -> Self {
        Self { name: &row.name, created: Moment(row.created), file: Link(origin, To::Media(row.file)) }
    }
}

/// A quota of the service behind the offering.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quota<'a> {
    name: &'a str,
    usage: i64,
    limit: i64,
}

impl<'a> From<&'a offering_quota::Model> for Quota<'a> {
    fn from(row: &'a offering_quota::Model) -> Self {
        Self { name: &row.name, usage: row.used, limit: row.max_value }
    }
}

/// A promotion that runs today.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedCampaign<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(max_length = 150)]
    name: &'a str,
    /// First day of the promotion.
    #[schema(value_type = String, format = Date)]
    start_date: Day,
    /// Last day of the promotion.
    #[schema(value_type = String, format = Date)]
    end_date: Day,
    /// `discount` or `special_price`.
    discount_type: &'a str,
    discount: i64,
    stock: Option<i64>,
    #[schema(max_length = 4096)]
    description: &'a str,
    /// For how many months the promotion counts; 0 for as long as it runs.
    months: i64,
    #[schema(value_type = String, format = "uri")]
    service_provider: Link<'a>,
}

impl<'a> NestedCampaign<'a> {
    /// Shows a promotion.
    pub fn new(row: &'a campaign::Model, origin: &'a Origin) -> Self {
        Self {
            uuid: Hex(row.id),
            name: &row.name,
            start_date: Day(row.start_date),
            end_date: Day(row.end_date),
            discount_type: &row.discount_type,
            discount: row.discount,
            stock: row.stock,
            description: &row.description,
            months: row.months,
            service_provider: Link(origin, To::Provider(row.provider_id)),
        }
    }
}
