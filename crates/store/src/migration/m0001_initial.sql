-- Words in braces are column types that differ between the databases; see sql.rs beside this file.

CREATE TABLE users (
    id {uuid} PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    civil_number TEXT,
    is_staff BOOLEAN NOT NULL,
    is_support BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    notifications_enabled BOOLEAN NOT NULL,
    password_hash TEXT,
    token_lifetime BIGINT,
    created {time} NOT NULL,
    modified {time} NOT NULL
);

CREATE TABLE tokens (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash {blob} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    lifetime BIGINT,
    created {time} NOT NULL,
    last_used {time} NOT NULL
);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE roles (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_system BOOLEAN NOT NULL,
    permissions {json} NOT NULL
);

CREATE TABLE user_roles (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id {uuid} NOT NULL REFERENCES roles (id),
    scope_kind TEXT NOT NULL,
    scope_id {uuid} NOT NULL,
    created {time} NOT NULL,
    created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    expires {time},
    is_active BOOLEAN NOT NULL
);
CREATE INDEX user_roles_user ON user_roles (user_id, is_active);
CREATE INDEX user_roles_scope ON user_roles (scope_id, is_active);

CREATE TABLE organization_groups (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id {uuid} REFERENCES organization_groups (id)
);

CREATE TABLE customers (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    blocked BOOLEAN NOT NULL,
    archived BOOLEAN NOT NULL,
    created {time} NOT NULL
);

CREATE TABLE customer_groups (
    customer_id {uuid} NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES organization_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (customer_id, group_id)
);
CREATE INDEX customer_groups_group ON customer_groups (group_id);

CREATE TABLE projects (
    id {uuid} PRIMARY KEY,
    customer_id {uuid} NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    description TEXT NOT NULL,
    start_date {date},
    end_date {date},
    is_removed BOOLEAN NOT NULL,
    created {time} NOT NULL
);
CREATE INDEX projects_customer ON projects (customer_id);

CREATE TABLE media (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 {blob} NOT NULL,
    order_id {uuid},
    created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    created {time} NOT NULL
);

CREATE TABLE categories (
    id {uuid} PRIMARY KEY,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    icon {uuid} REFERENCES media (id)
);

CREATE TABLE offerings (
    id {uuid} PRIMARY KEY,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    description TEXT NOT NULL,
    full_description TEXT NOT NULL,
    vendor_details TEXT NOT NULL,
    getting_started TEXT NOT NULL,
    integration_guide TEXT NOT NULL,
    privacy_policy_link TEXT NOT NULL,
    access_url TEXT NOT NULL,
    paused_reason TEXT NOT NULL,
    datacite_doi TEXT NOT NULL,
    citation_count BIGINT NOT NULL,
    backend_id TEXT NOT NULL,
    country TEXT NOT NULL,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    customer_id {uuid} NOT NULL REFERENCES customers (id),
    project_id {uuid} REFERENCES projects (id),
    category_id {uuid} NOT NULL REFERENCES categories (id),
    parent_id {uuid} REFERENCES offerings (id),
    offering_type TEXT NOT NULL,
    state TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    billable BOOLEAN NOT NULL,
    attributes {json} NOT NULL,
    options {json} NOT NULL,
    resource_options {json} NOT NULL,
    plugin_options {json} NOT NULL,
    secret_options {json} NOT NULL,
    backend_metadata {json} NOT NULL,
    scope {json},
    thumbnail {uuid} REFERENCES media (id),
    image {uuid} REFERENCES media (id),
    compliance_checklist {uuid},
    google_calendar_is_public BOOLEAN,
    google_calendar_link TEXT
);
CREATE INDEX offerings_customer ON offerings (customer_id);
CREATE INDEX offerings_category ON offerings (category_id);
CREATE INDEX offerings_parent ON offerings (parent_id);
CREATE INDEX offerings_slug ON offerings (slug);

CREATE TABLE offering_groups (
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES organization_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (offering_id, group_id)
);

CREATE TABLE offering_endpoints (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT NOT NULL
);
CREATE INDEX offering_endpoints_offering ON offering_endpoints (offering_id);

CREATE TABLE offering_partitions (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    partition_name TEXT NOT NULL,
    cpu_bind BIGINT,
    def_cpu_per_gpu BIGINT,
    max_cpus_per_node BIGINT,
    max_cpus_per_socket BIGINT,
    def_mem_per_cpu BIGINT,
    def_mem_per_gpu BIGINT,
    def_mem_per_node BIGINT,
    max_mem_per_cpu BIGINT,
    max_mem_per_node BIGINT,
    default_time BIGINT,
    max_time BIGINT,
    grace_time BIGINT,
    max_nodes BIGINT,
    min_nodes BIGINT,
    priority_tier BIGINT,
    exclusive_topo BOOLEAN NOT NULL,
    exclusive_user BOOLEAN NOT NULL,
    req_resv BOOLEAN NOT NULL,
    qos TEXT NOT NULL
);
CREATE INDEX offering_partitions_offering ON offering_partitions (offering_id);

CREATE TABLE software_catalogs (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    description TEXT NOT NULL
);

CREATE TABLE offering_catalogs (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    catalog_id {uuid} NOT NULL REFERENCES software_catalogs (id),
    partition_id {uuid} REFERENCES offering_partitions (id) ON DELETE SET NULL,
    enabled_cpu_family {json} NOT NULL,
    enabled_cpu_microarchitectures {json} NOT NULL,
    package_count BIGINT NOT NULL
);
CREATE INDEX offering_catalogs_offering ON offering_catalogs (offering_id);

CREATE TABLE offering_roles (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL
);
CREATE INDEX offering_roles_offering ON offering_roles (offering_id);

CREATE TABLE offering_screenshots (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    image {uuid} NOT NULL REFERENCES media (id),
    thumbnail {uuid} REFERENCES media (id),
    created {time} NOT NULL
);
CREATE INDEX offering_screenshots_offering ON offering_screenshots (offering_id);

CREATE TABLE offering_files (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    file {uuid} NOT NULL REFERENCES media (id),
    created {time} NOT NULL
);
CREATE INDEX offering_files_offering ON offering_files (offering_id);

CREATE TABLE offering_quotas (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    used BIGINT NOT NULL,
    max_value BIGINT NOT NULL
);
CREATE INDEX offering_quotas_offering ON offering_quotas (offering_id);

CREATE TABLE campaigns (
    id {uuid} PRIMARY KEY,
    provider_id {uuid} NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    start_date {date} NOT NULL,
    end_date {date} NOT NULL,
    discount_type TEXT NOT NULL,
    discount BIGINT NOT NULL,
    stock BIGINT,
    months BIGINT NOT NULL
);

CREATE TABLE campaign_offerings (
    campaign_id {uuid} NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    PRIMARY KEY (campaign_id, offering_id)
);
CREATE INDEX campaign_offerings_offering ON campaign_offerings (offering_id);

CREATE TABLE offering_terms (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    link TEXT NOT NULL,
    version TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created {time} NOT NULL
);
CREATE INDEX offering_terms_offering ON offering_terms (offering_id);

CREATE TABLE terms_consents (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    agreed {time} NOT NULL,
    revoked {time}
);
CREATE INDEX terms_consents_offering ON terms_consents (offering_id, user_id);

CREATE TABLE components (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    billing_type TEXT NOT NULL,
    measured_unit TEXT NOT NULL,
    unit_factor BIGINT NOT NULL,
    limit_period TEXT,
    limit_amount BIGINT,
    article_code TEXT NOT NULL,
    max_value BIGINT,
    min_value BIGINT,
    max_available_limit BIGINT,
    is_boolean BOOLEAN NOT NULL,
    default_limit BIGINT,
    factor BIGINT,
    is_builtin BOOLEAN NOT NULL,
    is_prepaid BOOLEAN NOT NULL,
    overage_component {uuid},
    min_prepaid_duration BIGINT,
    max_prepaid_duration BIGINT,
    UNIQUE (offering_id, kind)
);

CREATE TABLE plans (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    article_code TEXT NOT NULL,
    backend_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_price {money} NOT NULL,
    max_amount BIGINT,
    archived BOOLEAN NOT NULL,
    created {time} NOT NULL
);
CREATE INDEX plans_offering ON plans (offering_id);

CREATE TABLE plan_groups (
    plan_id {uuid} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES organization_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (plan_id, group_id)
);

CREATE TABLE plan_components (
    id {uuid} PRIMARY KEY,
    plan_id {uuid} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    component_id {uuid} NOT NULL REFERENCES components (id) ON DELETE CASCADE,
    amount BIGINT NOT NULL,
    price {money} NOT NULL,
    future_price {money},
    discount_threshold BIGINT,
    discount_rate BIGINT,
    UNIQUE (plan_id, component_id)
);

CREATE TABLE resources (
    id {uuid} PRIMARY KEY,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    slug TEXT NOT NULL,
    state TEXT NOT NULL,
    offering_id {uuid} NOT NULL REFERENCES offerings (id),
    project_id {uuid} NOT NULL REFERENCES projects (id),
    customer_id {uuid} NOT NULL REFERENCES customers (id),
    provider_id {uuid} NOT NULL REFERENCES customers (id),
    plan_id {uuid} REFERENCES plans (id),
    limits {json} NOT NULL,
    attributes {json} NOT NULL,
    options {json} NOT NULL,
    cost {money},
    end_date {date},
    end_date_requested_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    backend_id TEXT NOT NULL,
    backend_kind TEXT,
    backend_uuid {uuid}
);
CREATE INDEX resources_offering ON resources (offering_id, state);
CREATE INDEX resources_project ON resources (project_id, state);
CREATE INDEX resources_plan ON resources (plan_id, state);

CREATE TABLE component_quotas (
    id {uuid} PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    component_id {uuid} NOT NULL REFERENCES components (id) ON DELETE CASCADE,
    max_value BIGINT NOT NULL,
    used {money} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (resource_id, component_id)
);
CREATE INDEX component_quotas_component ON component_quotas (component_id, modified);

-- Owner ids (project, customer, provider) stand in the row, so that visibility is an index and not a join.
CREATE TABLE orders (
    id {uuid} PRIMARY KEY,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    version BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    order_type SMALLINT NOT NULL,
    slug {key} NOT NULL UNIQUE,
    offering_id {uuid} NOT NULL REFERENCES offerings (id),
    project_id {uuid} NOT NULL REFERENCES projects (id),
    customer_id {uuid} NOT NULL REFERENCES customers (id),
    provider_id {uuid} NOT NULL REFERENCES customers (id),
    resource_id {uuid} NOT NULL REFERENCES resources (id),
    plan_id {uuid} REFERENCES plans (id),
    old_plan_id {uuid} REFERENCES plans (id),
    attributes {json} NOT NULL,
    limits {json} NOT NULL,
    cost {money},
    created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    consumer_reviewed_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    consumer_reviewed_at {time},
    provider_reviewed_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    provider_reviewed_at {time},
    callback_url TEXT,
    request_comment TEXT,
    attachment {uuid} REFERENCES media (id),
    start_date {date},
    completed_at {time},
    termination_comment TEXT,
    backend_id TEXT NOT NULL,
    output TEXT NOT NULL,
    error_message TEXT NOT NULL,
    error_traceback TEXT NOT NULL
);
CREATE INDEX orders_created ON orders (created, id);
CREATE INDEX orders_state ON orders (state, created, id);
CREATE INDEX orders_project ON orders (project_id, created, id);
CREATE INDEX orders_customer ON orders (customer_id, created, id);
CREATE INDEX orders_provider ON orders (provider_id, created, id);
CREATE INDEX orders_offering ON orders (offering_id, state, created, id);
CREATE INDEX orders_resource ON orders (resource_id, state);

CREATE TABLE issues (
    id {uuid} PRIMARY KEY,
    order_id {uuid} NOT NULL UNIQUE REFERENCES orders (id) ON DELETE CASCADE,
    key TEXT NOT NULL UNIQUE,
    created {time} NOT NULL
);

-- The last number given to an order slug with a prefix: counting slugs would read every order of a customer.
CREATE TABLE slug_counters (
    prefix {key} PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Append-only. `seq` has no gaps and follows the order of commits: it is drawn from `event_head` under its row lock.
CREATE TABLE order_events (
    seq BIGINT PRIMARY KEY,
    order_id {uuid} NOT NULL,
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor_id {uuid},
    at {time} NOT NULL,
    from_state SMALLINT,
    to_state SMALLINT,
    project_id {uuid} NOT NULL,
    customer_id {uuid} NOT NULL,
    provider_id {uuid} NOT NULL,
    changes {json} NOT NULL,
    hash {blob} NOT NULL
);
CREATE INDEX order_events_order ON order_events (order_id, seq);

CREATE TABLE event_head (
    id SMALLINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash {blob} NOT NULL
);

-- What has to leave the process, at least once and in order per order.
CREATE TABLE outbox (
    id {serial},
    kind TEXT NOT NULL,
    order_id {uuid} NOT NULL,
    payload {json} NOT NULL,
    created {time} NOT NULL,
    due {time} NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    delivered {time}
);
CREATE INDEX outbox_due ON outbox (delivered, due);
CREATE INDEX outbox_order ON outbox (order_id, id);

-- What the service itself has to do later, once: the row goes in the transaction that does it.
CREATE TABLE jobs (
    id {uuid} PRIMARY KEY,
    kind TEXT NOT NULL,
    subject {uuid} NOT NULL,
    created {time} NOT NULL,
    due {time} NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (due, id);

CREATE TABLE idempotency_keys (
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    request_hash {blob} NOT NULL,
    status SMALLINT NOT NULL,
    headers {json} NOT NULL,
    body {blob} NOT NULL,
    created {time} NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created);

INSERT INTO event_head (id, seq, hash) VALUES (1, 0, {empty});
