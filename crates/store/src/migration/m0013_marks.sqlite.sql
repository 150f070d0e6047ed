-- Marks in the list of all orders by cost (kind 1) and by the consumer's review (kind 2): from one mark to the next lie
-- `total` orders, so that a page far behind the first is found by sums over marks. Values are text that sorts as they
-- do; '~' stands for none, which comes last. Two marks of each kind are always there, the first and the first of those
-- without a value; the others are made by dividing what has grown long.
CREATE TABLE order_marks (
    kind INTEGER NOT NULL,
    value TEXT NOT NULL,
    created TEXT NOT NULL,
    id BLOB NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (kind, value, created, id)
) WITHOUT ROWID;

INSERT INTO order_marks
SELECT 1, '0', '0001-01-01T00:00:00+00:00', zeroblob(16), COUNT(cost) FROM orders
UNION ALL SELECT 1, '~', '0001-01-01T00:00:00+00:00', zeroblob(16), COUNT(*) - COUNT(cost) FROM orders
UNION ALL SELECT 2, '0001-01-01', '0001-01-01T00:00:00+00:00', zeroblob(16), COUNT(consumer_reviewed_at) FROM orders
UNION ALL SELECT 2, '~', '0001-01-01T00:00:00+00:00', zeroblob(16), COUNT(*) - COUNT(consumer_reviewed_at) FROM orders;

-- Who writes into it moves the count of the mark before that place.
CREATE VIEW order_moves AS SELECT kind, value, created, id, total AS moved FROM order_marks;

CREATE TRIGGER order_moves_marked INSTEAD OF INSERT ON order_moves BEGIN
    UPDATE order_marks SET total = total + NEW.moved WHERE (kind, value, created, id) = (
        SELECT kind, value, created, id FROM order_marks
        WHERE kind = NEW.kind AND (value, created, id) <= (NEW.value, NEW.created, NEW.id)
        ORDER BY value DESC, created DESC, id DESC LIMIT 1
    );
END;

CREATE TRIGGER orders_marked_new AFTER INSERT ON orders BEGIN
    INSERT INTO order_moves (kind, value, created, id, moved)
    SELECT 1, COALESCE({cost_order}, '~'), NEW.created, NEW.id, 1 FROM (SELECT NEW.cost AS cost)
    UNION ALL SELECT 2, COALESCE(NEW.consumer_reviewed_at, '~'), NEW.created, NEW.id, 1;
END;

CREATE TRIGGER orders_marked_gone AFTER DELETE ON orders BEGIN
    INSERT INTO order_moves (kind, value, created, id, moved)
    SELECT 1, COALESCE({cost_order}, '~'), OLD.created, OLD.id, -1 FROM (SELECT OLD.cost AS cost)
    UNION ALL SELECT 2, COALESCE(OLD.consumer_reviewed_at, '~'), OLD.created, OLD.id, -1;
END;

CREATE TRIGGER orders_marked_changed AFTER UPDATE OF cost, consumer_reviewed_at, created ON orders
WHEN (OLD.cost, OLD.consumer_reviewed_at, OLD.created) IS NOT (NEW.cost, NEW.consumer_reviewed_at, NEW.created)
BEGIN
    INSERT INTO order_moves (kind, value, created, id, moved)
    SELECT 1, COALESCE({cost_order}, '~'), OLD.created, OLD.id, -1 FROM (SELECT OLD.cost AS cost)
    UNION ALL SELECT 1, COALESCE({cost_order}, '~'), NEW.created, NEW.id, 1 FROM (SELECT NEW.cost AS cost)
    UNION ALL SELECT 2, COALESCE(OLD.consumer_reviewed_at, '~'), OLD.created, OLD.id, -1
    UNION ALL SELECT 2, COALESCE(NEW.consumer_reviewed_at, '~'), NEW.created, NEW.id, 1;
END;
