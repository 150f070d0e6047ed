-- The triggers that keep the counts of the tables that `m0007_counts.sql` makes; from here on orders and resources wait
-- for the end of the migration, so that none is counted twice or not at all.
--
-- Deferred: they run when the transaction commits, which holds the row of `event_head` by then or takes it here. So
-- nobody waits for a count while holding another, and writers stay as they were before there were counts.
LOCK TABLE resources, orders IN SHARE ROW EXCLUSIVE MODE;

CREATE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM event_head FOR UPDATE;
    INSERT INTO order_counts (kind, scope, owner, provider_id, state, total)
    SELECT kind, scope, owner, provider_id, state, SUM(n)
    FROM (
        SELECT 1 AS kind, NEW.provider_id AS scope, NEW.provider_id AS owner, NEW.provider_id, NEW.state, 1 AS n
        WHERE TG_OP <> 'DELETE'
        UNION ALL SELECT 2, NEW.customer_id, NEW.customer_id, NEW.provider_id, NEW.state, 1 WHERE TG_OP <> 'DELETE'
        UNION ALL SELECT 3, NEW.project_id, NEW.customer_id, NEW.provider_id, NEW.state, 1 WHERE TG_OP <> 'DELETE'
        UNION ALL SELECT 4, NEW.offering_id, NEW.provider_id, NEW.provider_id, NEW.state, 1 WHERE TG_OP <> 'DELETE'
        UNION ALL SELECT 1, OLD.provider_id, OLD.provider_id, OLD.provider_id, OLD.state, -1 WHERE TG_OP <> 'INSERT'
        UNION ALL SELECT 2, OLD.customer_id, OLD.customer_id, OLD.provider_id, OLD.state, -1 WHERE TG_OP <> 'INSERT'
        UNION ALL SELECT 3, OLD.project_id, OLD.customer_id, OLD.provider_id, OLD.state, -1 WHERE TG_OP <> 'INSERT'
        UNION ALL SELECT 4, OLD.offering_id, OLD.provider_id, OLD.provider_id, OLD.state, -1 WHERE TG_OP <> 'INSERT'
    ) AS changed
    GROUP BY kind, scope, owner, provider_id, state HAVING SUM(n) <> 0
    ORDER BY kind, scope, owner, provider_id, state
    ON CONFLICT (kind, scope, owner, provider_id, state)
    DO UPDATE SET total = order_counts.total + excluded.total;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER orders_counted AFTER INSERT OR DELETE ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_orders();

CREATE CONSTRAINT TRIGGER orders_counted_changed
AFTER UPDATE OF state, project_id, customer_id, provider_id, offering_id ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.state, OLD.project_id, OLD.customer_id, OLD.provider_id, OLD.offering_id)
      IS DISTINCT FROM (NEW.state, NEW.project_id, NEW.customer_id, NEW.provider_id, NEW.offering_id))
EXECUTE FUNCTION count_orders();

CREATE FUNCTION count_resources() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM event_head FOR UPDATE;
    IF TG_OP <> 'INSERT' AND OLD.plan_id IS NOT NULL THEN
        UPDATE resource_counts SET total = total - 1 WHERE plan_id = OLD.plan_id AND state = OLD.state;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.plan_id IS NOT NULL THEN
        INSERT INTO resource_counts (plan_id, state, total) VALUES (NEW.plan_id, NEW.state, 1)
        ON CONFLICT (plan_id, state) DO UPDATE SET total = resource_counts.total + 1;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER resources_counted AFTER INSERT OR DELETE ON resources
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_resources();

CREATE CONSTRAINT TRIGGER resources_counted_changed AFTER UPDATE OF plan_id, state ON resources
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.plan_id, OLD.state) IS DISTINCT FROM (NEW.plan_id, NEW.state))
EXECUTE FUNCTION count_resources();
