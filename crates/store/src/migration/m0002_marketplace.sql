-- What the marketplace around the orders stores. Words in braces are explained in sql.rs beside this file.

CREATE TABLE category_groups (
    id {uuid} PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    icon {uuid} REFERENCES media (id)
);

ALTER TABLE users ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN native_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN job_title TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN phone_number TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN organization TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN preferred_language TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN birth_date {date};
ALTER TABLE users ADD COLUMN agreement_date {time};
ALTER TABLE users ADD COLUMN registration_method TEXT NOT NULL DEFAULT 'default';
ALTER TABLE users ADD COLUMN image {uuid} REFERENCES media (id);
ALTER TABLE users ADD COLUMN requested_email TEXT;

ALTER TABLE customers ADD COLUMN abbreviation TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN native_name TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN contact_details TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN agreement_number TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN phone_number TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN access_subnets TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN registration_code TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN homepage TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN vat_code TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN postal TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN bank_name TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN bank_account TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN notification_emails TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN backend_id TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN sponsor_number BIGINT;
ALTER TABLE customers ADD COLUMN max_service_accounts BIGINT;
ALTER TABLE customers ADD COLUMN grace_period_days BIGINT;
ALTER TABLE customers ADD COLUMN project_metadata_checklist {uuid};
ALTER TABLE customers ADD COLUMN display_billing_info_in_projects BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE customers ADD COLUMN default_tax_percent TEXT NOT NULL DEFAULT '0.00';
ALTER TABLE customers ADD COLUMN accounting_start_date {time};
ALTER TABLE customers ADD COLUMN latitude DOUBLE PRECISION;
ALTER TABLE customers ADD COLUMN longitude DOUBLE PRECISION;
ALTER TABLE customers ADD COLUMN image {uuid} REFERENCES media (id);

ALTER TABLE projects ADD COLUMN backend_id TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN staff_notes TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN oecd_fos_2007_code TEXT;
ALTER TABLE projects ADD COLUMN is_industry BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE projects ADD COLUMN kind TEXT NOT NULL DEFAULT 'default';
ALTER TABLE projects ADD COLUMN grace_period_days BIGINT;
ALTER TABLE projects ADD COLUMN image {uuid} REFERENCES media (id);
ALTER TABLE projects ADD COLUMN end_date_requested_by {uuid} REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE projects ADD COLUMN termination_metadata {json};
ALTER TABLE projects ADD COLUMN modified {time};

ALTER TABLE roles ADD COLUMN translations {json} NOT NULL DEFAULT '{}';

ALTER TABLE categories ADD COLUMN default_vm_category BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN default_volume_category BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN default_tenant_category BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE categories ADD COLUMN group_id {uuid} REFERENCES category_groups (id) ON DELETE SET NULL;

ALTER TABLE offerings ADD COLUMN service_attributes {json} NOT NULL DEFAULT '{}';
ALTER TABLE offerings ADD COLUMN backend_id_rules {json} NOT NULL DEFAULT '{}';

ALTER TABLE offering_terms ADD COLUMN requires_reconsent BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE offering_terms ADD COLUMN grace_period_days BIGINT NOT NULL DEFAULT 60;
ALTER TABLE offering_terms ADD COLUMN modified {time};

ALTER TABLE terms_consents ADD COLUMN modified {time};

ALTER TABLE resources ADD COLUMN backend_metadata {json} NOT NULL DEFAULT '{}';
ALTER TABLE resources ADD COLUMN report {json} NOT NULL DEFAULT '[]';
ALTER TABLE resources ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE resources ADD COLUMN downscaled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE resources ADD COLUMN restrict_member_access BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE resources ADD COLUMN last_sync {time};
ALTER TABLE resources ADD COLUMN error_message TEXT NOT NULL DEFAULT '';
ALTER TABLE resources ADD COLUMN error_traceback TEXT NOT NULL DEFAULT '';
ALTER TABLE resources ADD COLUMN effective_id TEXT NOT NULL DEFAULT '';
ALTER TABLE resources ADD COLUMN parent_id {uuid} REFERENCES resources (id);

CREATE TABLE service_providers (
    id {uuid} PRIMARY KEY,
    customer_id {uuid} NOT NULL REFERENCES customers (id),
    description TEXT NOT NULL DEFAULT '',
    enable_notifications BOOLEAN NOT NULL DEFAULT TRUE,
    image {uuid} REFERENCES media (id),
    api_secret_hash {blob},
    created {time} NOT NULL,
    UNIQUE (customer_id)
);

CREATE TABLE resource_endpoints (
    id {uuid} PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT ''
);
CREATE INDEX resource_endpoints_resource ON resource_endpoints (resource_id);

CREATE TABLE plan_periods (
    id {uuid} PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    plan_id {uuid} NOT NULL REFERENCES plans (id),
    start {time} NOT NULL,
    "end" {time}
);
CREATE INDEX plan_periods_resource ON plan_periods (resource_id);

CREATE TABLE component_usages (
    id {uuid} PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    component_id {uuid} NOT NULL REFERENCES components (id) ON DELETE CASCADE,
    plan_period_id {uuid} REFERENCES plan_periods (id) ON DELETE SET NULL,
    usage {money} NOT NULL,
    date {time} NOT NULL,
    billing_period {date} NOT NULL,
    recurring BOOLEAN NOT NULL DEFAULT FALSE,
    description TEXT NOT NULL DEFAULT '',
    modified_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (resource_id, component_id, billing_period)
);

CREATE TABLE offering_users (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    username TEXT,
    state TEXT NOT NULL,
    is_restricted BOOLEAN NOT NULL DEFAULT FALSE,
    service_provider_comment TEXT NOT NULL DEFAULT '',
    service_provider_comment_url TEXT NOT NULL DEFAULT '',
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (offering_id, user_id)
);
CREATE INDEX offering_users_user ON offering_users (user_id);

CREATE TABLE component_user_usages (
    id {uuid} PRIMARY KEY,
    usage_id {uuid} NOT NULL REFERENCES component_usages (id) ON DELETE CASCADE,
    user_id {uuid} REFERENCES offering_users (id) ON DELETE SET NULL,
    username TEXT NOT NULL DEFAULT '',
    usage {money} NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    backend_id TEXT NOT NULL DEFAULT '',
    date {time} NOT NULL,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (usage_id, username)
);
CREATE INDEX component_user_usages_user ON component_user_usages (user_id);

CREATE TABLE usage_limits (
    id {uuid} PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    component_id {uuid} NOT NULL REFERENCES components (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES offering_users (id) ON DELETE CASCADE,
    limit_value {money} NOT NULL,
    created {time} NOT NULL,
    UNIQUE (resource_id, component_id, user_id)
);
CREATE INDEX usage_limits_user ON usage_limits (user_id);

-- What an Update brings besides plan and limits: written by the service only, never from what somebody sent with an
-- order.
ALTER TABLE orders ADD COLUMN new_options {json};
ALTER TABLE orders ADD COLUMN new_end_date {date};

-- One open order a resource: pending-consumer, executing, pending-provider.
CREATE UNIQUE INDEX orders_open ON orders (resource_id) WHERE state IN (1, 2, 7);

-- Whoever offered something before there were providers as rows of their own is one.
INSERT INTO service_providers (id, customer_id, created)
SELECT id, id, created FROM customers WHERE id IN (SELECT customer_id FROM offerings);
