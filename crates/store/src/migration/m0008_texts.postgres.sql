-- What orders are found by, in small letters: their slug, their name as it was ordered, and that of their resource. Kept
-- by triggers, so that no way of writing can forget it. The extension belongs to PostgreSQL, and any owner of a database
-- may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE VIEW order_texts_due AS
SELECT o.id AS order_id, o.resource_id,
       -- Slugs are of collation "C", which knows only the letters of ASCII.
       lower((o.slug || E'\x1f' || coalesce(o.attributes ->> 'name', '') || E'\x1f' || r.name) COLLATE "default") AS text
FROM orders o JOIN resources r ON r.id = o.resource_id;

CREATE TABLE order_texts (
    order_id UUID PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    text TEXT NOT NULL
);

LOCK TABLE resources, orders IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO order_texts (order_id, text) SELECT order_id, text FROM order_texts_due;
CREATE INDEX order_texts_search ON order_texts USING gin (text gin_trgm_ops);

-- The share lock keeps a new name of the resource from coming between its being read and written.
CREATE FUNCTION find_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM resources WHERE id = NEW.resource_id FOR SHARE;
    INSERT INTO order_texts (order_id, text) SELECT order_id, text FROM order_texts_due WHERE order_id = NEW.id
    ON CONFLICT (order_id) DO UPDATE SET text = excluded.text;
    RETURN NULL;
END $$;

CREATE TRIGGER orders_found AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION find_order();

CREATE TRIGGER orders_found_changed AFTER UPDATE OF slug, attributes, resource_id ON orders FOR EACH ROW
WHEN ((OLD.slug, OLD.attributes, OLD.resource_id) IS DISTINCT FROM (NEW.slug, NEW.attributes, NEW.resource_id))
EXECUTE FUNCTION find_order();

CREATE FUNCTION find_orders_of_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE order_texts SET text = due.text FROM order_texts_due AS due
    WHERE due.order_id = order_texts.order_id AND due.resource_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER resources_found_changed AFTER UPDATE OF name ON resources FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION find_orders_of_resource();
