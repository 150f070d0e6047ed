-- Searches that somebody kept: for themselves, or for everybody in an organisation.
CREATE TABLE saved_views (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    is_start BOOLEAN NOT NULL,
    customer_id {uuid} REFERENCES customers (id) ON DELETE CASCADE,
    created {time} NOT NULL,
    UNIQUE (user_id, name)
);
CREATE INDEX saved_views_customer ON saved_views (customer_id) WHERE customer_id IS NOT NULL;
