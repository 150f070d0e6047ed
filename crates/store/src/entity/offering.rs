//! An offering of a provider.

use mercat_domain::{
    id::{CategoryId, CustomerId, MediaId, OfferingId, ProjectId},
    offering::OfferingState,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offerings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferingId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub name: String,
    pub slug: String,
    pub description: String,
    pub full_description: String,
    pub vendor_details: String,
    pub getting_started: String,
    pub integration_guide: String,
    pub privacy_policy_link: String,
    pub access_url: String,
    pub paused_reason: String,
    pub datacite_doi: String,
    pub citation_count: i64,
    pub backend_id: String,
    pub country: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub customer_id: CustomerId,
    pub project_id: Option<ProjectId>,
    pub category_id: CategoryId,
    pub parent_id: Option<OfferingId>,
    pub offering_type: String,
    pub state: OfferingState,
    pub shared: bool,
    pub billable: bool,
    pub attributes: Json,
    pub options: Json,
    pub resource_options: Json,
    pub plugin_options: Json,
    pub secret_options: Json,
    pub backend_metadata: Json,
    pub scope: Option<Json>,
    pub thumbnail: Option<MediaId>,
    pub image: Option<MediaId>,
    pub compliance_checklist: Option<Uuid>,
    pub google_calendar_is_public: Option<bool>,
    pub google_calendar_link: Option<String>,
    pub service_attributes: Json,
    pub backend_id_rules: Json,
}

super::plain_entity!();
super::keyed_entity!();
