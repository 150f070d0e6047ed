//! An organisation.

use mercat_domain::{
    id::{CustomerId, MediaId},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerId,
    pub name: String,
    pub slug: String,
    pub blocked: bool,
    pub archived: bool,
    pub created: Timestamp,
    pub abbreviation: String,
    pub native_name: String,
    pub description: String,
    pub contact_details: String,
    pub agreement_number: String,
    pub email: String,
    pub phone_number: String,
    pub access_subnets: String,
    pub registration_code: String,
    pub homepage: String,
    pub domain: String,
    pub vat_code: String,
    pub postal: String,
    pub address: String,
    pub bank_name: String,
    pub bank_account: String,
    pub country: String,
    pub notification_emails: String,
    pub backend_id: String,
    pub sponsor_number: Option<i64>,
    pub max_service_accounts: Option<i64>,
    pub grace_period_days: Option<i64>,
    pub project_metadata_checklist: Option<Uuid>,
    pub display_billing_info_in_projects: bool,
    pub default_tax_percent: String,
    pub accounting_start_date: Option<Timestamp>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub image: Option<MediaId>,
}

super::plain_entity!();
super::keyed_entity!();
