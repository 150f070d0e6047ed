//! Rows with everything at its default, to be completed by struct update.

use mercat_domain::{
    id::{CategoryId, ComponentId, CustomerId, OfferingId, PlanId, ProjectId},
    money::Money,
    offering::{BillingType, OfferingState, PlanUnit},
    slug::slugify,
    time::Timestamp,
};
use mercat_store::entity::{category, component, customer, offering, plan, plan_component, project, user};
use serde_json::json;

use crate::ids;

/// Seconds that a token lives without use, unless its user has another life time (spec 3.3).
const TOKEN_LIFETIME: i64 = 3600;

/// An active user with no rights.
#[must_use]
pub fn user(now: Timestamp, username: &str, first_name: &str, last_name: &str) -> user::Model {
    user::Model {
        id: ids::new(now),
        username: username.to_owned(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        full_name: format!("{first_name} {last_name}").trim().to_owned(),
        email: String::new(),
        civil_number: None,
        is_staff: false,
        is_support: false,
        is_active: true,
        notifications_enabled: true,
        password_hash: None,
        token_lifetime: Some(TOKEN_LIFETIME),
        created: now,
        modified: now,
        slug: slugify(username),
        native_name: String::new(),
        job_title: String::new(),
        phone_number: String::new(),
        organization: String::new(),
        description: String::new(),
        preferred_language: String::new(),
        birth_date: None,
        agreement_date: None,
        registration_method: "default".to_owned(),
        image: None,
        requested_email: None,
    }
}

/// An organisation.
#[must_use]
pub fn customer(now: Timestamp, name: &str) -> customer::Model {
    customer::Model {
        id: ids::new(now),
        name: name.to_owned(),
        slug: slugify(name),
        blocked: false,
        archived: false,
        created: now,
        abbreviation: String::new(),
        native_name: String::new(),
        description: String::new(),
        contact_details: String::new(),
        agreement_number: String::new(),
        email: String::new(),
        phone_number: String::new(),
        access_subnets: String::new(),
        registration_code: String::new(),
        homepage: String::new(),
        domain: String::new(),
        vat_code: String::new(),
        postal: String::new(),
        address: String::new(),
        bank_name: String::new(),
        bank_account: String::new(),
        country: String::new(),
        notification_emails: String::new(),
        backend_id: String::new(),
        sponsor_number: None,
        max_service_accounts: None,
        grace_period_days: None,
        project_metadata_checklist: None,
        display_billing_info_in_projects: true,
        default_tax_percent: "0.00".to_owned(),
        accounting_start_date: Some(now),
        latitude: None,
        longitude: None,
        image: None,
    }
}

/// A project that has begun and has no end.
#[must_use]
pub fn project(now: Timestamp, customer: CustomerId, name: &str) -> project::Model {
    project::Model {
        id: ids::new::<ProjectId>(now),
        customer_id: customer,
        name: name.to_owned(),
        slug: slugify(name),
        description: String::new(),
        start_date: None,
        end_date: None,
        is_removed: false,
        created: now,
        backend_id: String::new(),
        staff_notes: String::new(),
        oecd_fos_2007_code: None,
        is_industry: false,
        kind: "default".to_owned(),
        grace_period_days: None,
        image: None,
        end_date_requested_by: None,
        termination_metadata: None,
        modified: None,
    }
}

/// A category.
#[must_use]
pub fn category(now: Timestamp, title: &str) -> category::Model {
    category::Model {
        id: ids::new(now),
        title: title.to_owned(),
        description: String::new(),
        icon: None,
        default_vm_category: false,
        default_volume_category: false,
        default_tenant_category: false,
        group_id: None,
    }
}

/// An active, shared, billable offering without components and plans.
#[must_use]
pub fn offering(
    now: Timestamp,
    provider: CustomerId,
    category: CategoryId,
    offering_type: &str,
    name: &str,
) -> offering::Model {
    offering::Model {
        id: ids::new(now),
        created: now,
        modified: now,
        name: name.to_owned(),
        slug: slugify(name),
        description: String::new(),
        full_description: String::new(),
        vendor_details: String::new(),
        getting_started: String::new(),
        integration_guide: String::new(),
        privacy_policy_link: String::new(),
        access_url: String::new(),
        paused_reason: String::new(),
        datacite_doi: String::new(),
        citation_count: -1,
        backend_id: String::new(),
        country: String::new(),
        latitude: None,
        longitude: None,
        customer_id: provider,
        project_id: None,
        category_id: category,
        parent_id: None,
        offering_type: offering_type.to_owned(),
        state: OfferingState::Active,
        shared: true,
        billable: true,
        attributes: json!({}),
        options: json!({}),
        resource_options: json!({}),
        plugin_options: json!({}),
        secret_options: json!({}),
        backend_metadata: json!({}),
        scope: None,
        thumbnail: None,
        image: None,
        compliance_checklist: None,
        google_calendar_is_public: None,
        google_calendar_link: None,
        service_attributes: json!({}),
        backend_id_rules: json!({}),
    }
}

/// A component without bounds.
#[must_use]
pub fn component(
    now: Timestamp,
    offering: OfferingId,
    kind: &str,
    name: &str,
    unit: &str,
    billing_type: BillingType,
) -> component::Model {
    component::Model {
        id: ids::new(now),
        offering_id: offering,
        kind: kind.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        billing_type,
        measured_unit: unit.to_owned(),
        unit_factor: 1,
        limit_period: None,
        limit_amount: None,
        article_code: String::new(),
        max_value: None,
        min_value: None,
        max_available_limit: None,
        is_boolean: false,
        default_limit: None,
        factor: None,
        is_builtin: false,
        is_prepaid: false,
        overage_component: None,
        min_prepaid_duration: None,
        max_prepaid_duration: None,
    }
}

/// A monthly plan that costs nothing yet.
#[must_use]
pub fn plan(now: Timestamp, offering: OfferingId, name: &str) -> plan::Model {
    plan::Model {
        id: ids::new(now),
        offering_id: offering,
        name: name.to_owned(),
        description: String::new(),
        article_code: String::new(),
        backend_id: String::new(),
        unit: PlanUnit::Month,
        unit_price: Money::ZERO,
        max_amount: None,
        archived: false,
        created: now,
    }
}

/// A component's price in a plan.
#[must_use]
pub fn plan_component(
    now: Timestamp,
    plan: PlanId,
    component: ComponentId,
    amount: i64,
    price: Money,
) -> plan_component::Model {
    plan_component::Model {
        id: ids::new(now),
        plan_id: plan,
        component_id: component,
        amount,
        price,
        future_price: None,
        discount_threshold: None,
        discount_rate: None,
    }
}
