-- How many orders there are, by state: of a provider (1), of a consumer (2) and of a project (3) with each provider, and
-- of an offering (4). Kept by the database itself, so that no way of writing can forget it. `owner` is the organisation
-- that a scope belongs to. Every order stands in one cell of each kind, so sums over cells count no order twice.
CREATE TABLE order_counts (
    kind SMALLINT NOT NULL,
    scope {uuid} NOT NULL,
    owner {uuid} NOT NULL,
    provider_id {uuid} NOT NULL,
    state SMALLINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (kind, scope, owner, provider_id, state)
);

-- How many resources have a plan, by state.
CREATE TABLE resource_counts (
    plan_id {uuid} NOT NULL,
    state {key} NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (plan_id, state)
);

-- Lists are merged from ranges of these, each already in order.
CREATE INDEX orders_customer_state ON orders (customer_id, state, created, id);
CREATE INDEX orders_provider_state ON orders (provider_id, state, created, id);
CREATE INDEX orders_modified ON orders (state, modified, id);

INSERT INTO order_counts
SELECT 1, provider_id, provider_id, provider_id, state, COUNT(*) FROM orders GROUP BY provider_id, state
UNION ALL SELECT 2, customer_id, customer_id, provider_id, state, COUNT(*) FROM orders
GROUP BY customer_id, provider_id, state
UNION ALL SELECT 3, project_id, customer_id, provider_id, state, COUNT(*) FROM orders
GROUP BY project_id, customer_id, provider_id, state
UNION ALL SELECT 4, offering_id, provider_id, provider_id, state, COUNT(*) FROM orders
GROUP BY offering_id, provider_id, state;

INSERT INTO resource_counts
SELECT plan_id, state, COUNT(*) FROM resources WHERE plan_id IS NOT NULL GROUP BY plan_id, state;
