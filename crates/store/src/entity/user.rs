//! A person or robot.

use chrono::NaiveDate;
use mercat_domain::{
    id::{MediaId, UserId},
    permission::called,
    time::Timestamp,
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub full_name: String,
    pub email: String,
    pub civil_number: Option<String>,
    pub is_staff: bool,
    pub is_support: bool,
    pub is_active: bool,
    pub notifications_enabled: bool,
    pub password_hash: Option<String>,
    pub token_lifetime: Option<i64>,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub slug: String,
    pub native_name: String,
    pub job_title: String,
    pub phone_number: String,
    pub organization: String,
    pub description: String,
    pub preferred_language: String,
    pub birth_date: Option<NaiveDate>,
    pub agreement_date: Option<Timestamp>,
    pub registration_method: String,
    pub image: Option<MediaId>,
    pub requested_email: Option<String>,
}

impl Model {
    /// What the person is called.
    #[must_use]
    pub fn name(&self) -> &str {
        called(&self.full_name, &self.username)
    }
}

super::plain_entity!();
super::keyed_entity!();
