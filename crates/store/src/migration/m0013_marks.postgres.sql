-- Marks in the list of all orders by cost (kind 1) and by the consumer's review (kind 2): from one mark to the next lie
-- `total` orders, so that a page far behind the first is found by sums over marks. Values are text that sorts as they
-- do; '~' stands for none, which comes last. Two marks of each kind are always there, the first and the first of those
-- without a value; the others are made by dividing what has grown long.
LOCK TABLE resources, orders IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE order_marks (
    kind SMALLINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    id UUID NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (kind, value, created, id)
);

CREATE FUNCTION cost_as_text(cost NUMERIC) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT COALESCE(to_char(cost + 1000000000000, 'FM0000000000000.0000000000'), '~')
$$;

CREATE FUNCTION time_as_text(at TIMESTAMPTZ) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT COALESCE(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '~')
$$;

INSERT INTO order_marks
SELECT kind, value, '0001-01-01 00:00:00+00', '00000000-0000-0000-0000-000000000000', total
FROM (SELECT COUNT(*) AS orders, COUNT(cost) AS costs, COUNT(consumer_reviewed_at) AS reviews FROM orders) AS n,
LATERAL (VALUES (1, '0', costs), (1, '~', orders - costs), (2, '0001-01-01', reviews), (2, '~', orders - reviews))
    AS mark (kind, value, total);

CREATE FUNCTION move_mark(of_kind INTEGER, at_value TEXT, at_created TIMESTAMPTZ, at_id UUID, moved INTEGER)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE order_marks SET total = total + moved WHERE (kind, value, created, id) = (
        SELECT kind, value, created, id FROM order_marks
        WHERE kind = of_kind AND (value, created, id) <= (at_value COLLATE "C", at_created, at_id)
        ORDER BY value DESC, created DESC, id DESC LIMIT 1
    );
END $$;

-- Deferred, and behind the row of `event_head`, as the other counts are.
CREATE FUNCTION mark_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM event_head FOR UPDATE;
    IF TG_OP <> 'INSERT' THEN
        PERFORM move_mark(1, cost_as_text(OLD.cost), OLD.created, OLD.id, -1);
        PERFORM move_mark(2, time_as_text(OLD.consumer_reviewed_at), OLD.created, OLD.id, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM move_mark(1, cost_as_text(NEW.cost), NEW.created, NEW.id, 1);
        PERFORM move_mark(2, time_as_text(NEW.consumer_reviewed_at), NEW.created, NEW.id, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER orders_marked AFTER INSERT OR DELETE ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mark_orders();

CREATE CONSTRAINT TRIGGER orders_marked_changed AFTER UPDATE OF cost, consumer_reviewed_at, created ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.cost, OLD.consumer_reviewed_at, OLD.created)
      IS DISTINCT FROM (NEW.cost, NEW.consumer_reviewed_at, NEW.created))
EXECUTE FUNCTION mark_orders();
