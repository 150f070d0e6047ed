-- The triggers that keep the counts of the tables that `m0007_counts.sql` makes.
CREATE TRIGGER orders_counted_new AFTER INSERT ON orders BEGIN
    INSERT INTO order_counts (kind, scope, owner, provider_id, state, total)
    VALUES (1, NEW.provider_id, NEW.provider_id, NEW.provider_id, NEW.state, 1),
           (2, NEW.customer_id, NEW.customer_id, NEW.provider_id, NEW.state, 1),
           (3, NEW.project_id, NEW.customer_id, NEW.provider_id, NEW.state, 1),
           (4, NEW.offering_id, NEW.provider_id, NEW.provider_id, NEW.state, 1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER orders_counted_gone AFTER DELETE ON orders BEGIN
    INSERT INTO order_counts (kind, scope, owner, provider_id, state, total)
    VALUES (1, OLD.provider_id, OLD.provider_id, OLD.provider_id, OLD.state, -1),
           (2, OLD.customer_id, OLD.customer_id, OLD.provider_id, OLD.state, -1),
           (3, OLD.project_id, OLD.customer_id, OLD.provider_id, OLD.state, -1),
           (4, OLD.offering_id, OLD.provider_id, OLD.provider_id, OLD.state, -1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER orders_counted_changed
AFTER UPDATE OF state, project_id, customer_id, provider_id, offering_id ON orders
WHEN (OLD.state, OLD.project_id, OLD.customer_id, OLD.provider_id, OLD.offering_id)
     IS NOT (NEW.state, NEW.project_id, NEW.customer_id, NEW.provider_id, NEW.offering_id)
BEGIN
    INSERT INTO order_counts (kind, scope, owner, provider_id, state, total)
    VALUES (1, OLD.provider_id, OLD.provider_id, OLD.provider_id, OLD.state, -1),
           (2, OLD.customer_id, OLD.customer_id, OLD.provider_id, OLD.state, -1),
           (3, OLD.project_id, OLD.customer_id, OLD.provider_id, OLD.state, -1),
           (4, OLD.offering_id, OLD.provider_id, OLD.provider_id, OLD.state, -1),
           (1, NEW.provider_id, NEW.provider_id, NEW.provider_id, NEW.state, 1),
           (2, NEW.customer_id, NEW.customer_id, NEW.provider_id, NEW.state, 1),
           (3, NEW.project_id, NEW.customer_id, NEW.provider_id, NEW.state, 1),
           (4, NEW.offering_id, NEW.provider_id, NEW.provider_id, NEW.state, 1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER resources_counted_new AFTER INSERT ON resources WHEN NEW.plan_id IS NOT NULL BEGIN
    INSERT INTO resource_counts (plan_id, state, total) VALUES (NEW.plan_id, NEW.state, 1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER resources_counted_gone AFTER DELETE ON resources WHEN OLD.plan_id IS NOT NULL BEGIN
    UPDATE resource_counts SET total = total - 1 WHERE plan_id = OLD.plan_id AND state = OLD.state;
END;

CREATE TRIGGER resources_counted_changed AFTER UPDATE OF plan_id, state ON resources
WHEN (OLD.plan_id, OLD.state) IS NOT (NEW.plan_id, NEW.state)
BEGIN
    UPDATE resource_counts SET total = total - 1 WHERE plan_id = OLD.plan_id AND state = OLD.state;
    INSERT INTO resource_counts (plan_id, state, total)
    SELECT NEW.plan_id, NEW.state, 1 WHERE NEW.plan_id IS NOT NULL
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;
