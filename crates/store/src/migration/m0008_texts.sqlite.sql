-- What orders are found by, in small letters: their slug, their name as it was ordered, and that of their resource. Kept
-- by triggers, so that no way of writing can forget it.
CREATE VIEW order_texts_due AS
SELECT o.id AS order_id, o.resource_id,
       lower(o.slug || char(31) || coalesce(o.attributes ->> 'name', '') || char(31) || r.name) AS text
FROM orders o JOIN resources r ON r.id = o.resource_id;

CREATE TABLE order_texts (
    n INTEGER PRIMARY KEY,
    order_id BLOB NOT NULL UNIQUE REFERENCES orders (id) ON DELETE CASCADE,
    text TEXT NOT NULL
);

-- Every three letters in a row, with where they stand.
CREATE VIRTUAL TABLE order_texts_search USING fts5 (text, content = 'order_texts', content_rowid = 'n', tokenize = 'trigram');

CREATE TRIGGER order_texts_new AFTER INSERT ON order_texts BEGIN
    INSERT INTO order_texts_search (rowid, text) VALUES (NEW.n, NEW.text);
END;

CREATE TRIGGER order_texts_gone AFTER DELETE ON order_texts BEGIN
    INSERT INTO order_texts_search (order_texts_search, rowid, text) VALUES ('delete', OLD.n, OLD.text);
END;

CREATE TRIGGER order_texts_changed AFTER UPDATE OF text ON order_texts WHEN OLD.text IS NOT NEW.text BEGIN
    INSERT INTO order_texts_search (order_texts_search, rowid, text) VALUES ('delete', OLD.n, OLD.text);
    INSERT INTO order_texts_search (rowid, text) VALUES (NEW.n, NEW.text);
END;

INSERT INTO order_texts (order_id, text) SELECT order_id, text FROM order_texts_due;

CREATE TRIGGER orders_found_new AFTER INSERT ON orders BEGIN
    INSERT INTO order_texts (order_id, text) SELECT order_id, text FROM order_texts_due WHERE order_id = NEW.id;
END;

CREATE TRIGGER orders_found_changed AFTER UPDATE OF slug, attributes, resource_id ON orders
WHEN (OLD.slug, OLD.attributes, OLD.resource_id) IS NOT (NEW.slug, NEW.attributes, NEW.resource_id)
BEGIN
    UPDATE order_texts SET text = (SELECT text FROM order_texts_due WHERE order_id = NEW.id) WHERE order_id = NEW.id;
END;

CREATE TRIGGER resources_found_changed AFTER UPDATE OF name ON resources WHEN OLD.name IS NOT NEW.name BEGIN
    UPDATE order_texts SET text = due.text FROM order_texts_due AS due
    WHERE due.order_id = order_texts.order_id AND due.resource_id = NEW.id;
END;
