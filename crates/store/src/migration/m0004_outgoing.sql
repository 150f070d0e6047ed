-- What leaves the process: agents and their queues, hooks, deliveries with every attempt, mail. Words in braces are
-- explained in sql.rs beside this file.

-- The log holds what happens to other objects too: then there is no order, and what says whom it concerns may be less.
CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    order_id {uuid},
    version BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor_id {uuid},
    at {time} NOT NULL,
    from_state SMALLINT,
    to_state SMALLINT,
    project_id {uuid},
    customer_id {uuid},
    provider_id {uuid},
    changes {json} NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    hash {blob} NOT NULL
);
INSERT INTO events (seq, order_id, version, action, actor_id, at, from_state, to_state, project_id, customer_id,
    provider_id, changes, hash)
SELECT seq, order_id, version, action, actor_id, at, from_state, to_state, project_id, customer_id, provider_id, changes,
    hash
FROM order_events;
DROP TABLE order_events;
CREATE INDEX events_order ON events (order_id, seq);
CREATE INDEX events_project ON events (project_id, seq);
CREATE INDEX events_customer ON events (customer_id, seq);
CREATE INDEX events_provider ON events (provider_id, seq);

-- How far a reader of the log that keeps no queue of its own has come.
CREATE TABLE cursors (
    name TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);

CREATE TABLE agent_identities (
    id {uuid} PRIMARY KEY,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    version TEXT,
    dependencies {json} NOT NULL,
    config_file_path TEXT,
    config_file_content TEXT,
    last_restarted {time} NOT NULL,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (offering_id, name)
);

CREATE TABLE agent_services (
    id {uuid} PRIMARY KEY,
    identity_id {uuid} NOT NULL REFERENCES agent_identities (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    mode TEXT,
    state TEXT NOT NULL,
    statistics {json} NOT NULL,
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (identity_id, name)
);

CREATE TABLE agent_processors (
    id {uuid} PRIMARY KEY,
    service_id {uuid} NOT NULL REFERENCES agent_services (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    backend_type TEXT NOT NULL,
    backend_version TEXT,
    last_run {time},
    created {time} NOT NULL,
    modified {time} NOT NULL,
    UNIQUE (service_id, name)
);

CREATE TABLE event_subscriptions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    identity_id {uuid} REFERENCES agent_identities (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    observable_objects {json} NOT NULL,
    source_ip TEXT,
    created {time} NOT NULL,
    modified {time} NOT NULL
);
CREATE INDEX event_subscriptions_user ON event_subscriptions (user_id);

-- A place in the log for one consumer. `seq` is the last event that the consumer has got.
CREATE TABLE event_queues (
    id {uuid} PRIMARY KEY,
    name {key} NOT NULL UNIQUE,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    offering_id {uuid} NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
    identity_id {uuid} REFERENCES agent_identities (id) ON DELETE CASCADE,
    subscription_id {uuid} REFERENCES event_subscriptions (id) ON DELETE CASCADE,
    object_types {json} NOT NULL,
    seq BIGINT NOT NULL,
    created {time} NOT NULL,
    modified {time} NOT NULL
);

-- Whoever wants to be told: a web hook or mail in Waldur's form, or a signed web hook (Standard Webhooks).
-- No secret is stored: it is derived from the service's key, this row's id and `secret_version`.
CREATE TABLE hooks (
    id {uuid} PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    destination TEXT NOT NULL,
    content_type TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    event_types {json} NOT NULL,
    event_groups {json} NOT NULL,
    secret_version BIGINT NOT NULL,
    rotated {time},
    failing_since {time},
    disabled_reason TEXT NOT NULL,
    last_published {time},
    created {time} NOT NULL,
    modified {time} NOT NULL
);
CREATE INDEX hooks_user ON hooks (user_id);
CREATE INDEX hooks_active ON hooks (is_active);

-- Every message that leaves, at least once. Messages of one lane (one receiver and one order) leave in the order of
-- their numbers: only the first that is pending is `ready`. Old messages that no version could send are not kept.
DROP TABLE outbox;
CREATE TABLE deliveries (
    number {serial},
    id {uuid} NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    lane {key} NOT NULL,
    target {key} NOT NULL,
    order_id {uuid},
    hook_id {uuid} REFERENCES hooks (id) ON DELETE CASCADE,
    event_seq BIGINT,
    payload {json} NOT NULL,
    state TEXT NOT NULL,
    ready BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    created {time} NOT NULL,
    due {time} NOT NULL,
    finished {time}
);
CREATE INDEX deliveries_due ON deliveries (due, number) WHERE ready;
CREATE INDEX deliveries_lane ON deliveries (lane, number) WHERE state = 'pending';
CREATE INDEX deliveries_order ON deliveries (order_id, number);
CREATE INDEX deliveries_hook ON deliveries (hook_id, number);
CREATE INDEX deliveries_state ON deliveries (state, number);
CREATE INDEX deliveries_finished ON deliveries (finished);

CREATE TABLE delivery_attempts (
    id {uuid} PRIMARY KEY,
    delivery_id {uuid} NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    at {time} NOT NULL,
    milliseconds BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    response TEXT
);
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id, at);

-- How somebody wants their mail: each as it comes, gathered once a day, or none.
CREATE TABLE mail_preferences (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    modified {time} NOT NULL
);

CREATE TABLE digest_entries (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    payload {json} NOT NULL,
    created {time} NOT NULL
);
CREATE INDEX digest_entries_user ON digest_entries (user_id, created);

-- A link in a mail that lets its reader decide once. What stands in it is derived from the service's key and the id.
CREATE TABLE decision_links (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    order_id {uuid} NOT NULL,
    version BIGINT NOT NULL,
    expires {time} NOT NULL,
    used {time},
    created {time} NOT NULL
);
CREATE INDEX decision_links_expires ON decision_links (expires);

CREATE INDEX resources_end_date ON resources (end_date) WHERE end_date IS NOT NULL;
CREATE INDEX projects_end_date ON projects (end_date) WHERE end_date IS NOT NULL;

CREATE INDEX jobs_subject ON jobs (subject);
