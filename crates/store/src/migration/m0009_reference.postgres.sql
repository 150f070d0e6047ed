-- What stands in orders without being theirs: names, descriptions, prices. `epoch` changes with every change of it, in
-- the same transaction, so that whoever keeps a copy can tell from one number whether it is still true.
CREATE TABLE reference_epoch (
    id SMALLINT PRIMARY KEY,
    epoch BIGINT NOT NULL
);
INSERT INTO reference_epoch VALUES (1, 1);

-- Deferred, and behind the row of `event_head`, as the counts are: nobody waits for one while holding the other.
CREATE FUNCTION reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM event_head FOR UPDATE;
    UPDATE reference_epoch SET epoch = epoch + 1;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER categories_shown AFTER UPDATE OF title, icon ON categories
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.title, OLD.icon) IS DISTINCT FROM (NEW.title, NEW.icon))
EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER customers_shown AFTER UPDATE OF name, slug ON customers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.name, OLD.slug) IS DISTINCT FROM (NEW.name, NEW.slug))
EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER projects_shown AFTER UPDATE OF name, description, slug ON projects
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.name, OLD.description, OLD.slug) IS DISTINCT FROM (NEW.name, NEW.description, NEW.slug))
EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER users_shown AFTER UPDATE OF username, full_name, civil_number ON users
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.username, OLD.full_name, OLD.civil_number) IS DISTINCT FROM (NEW.username, NEW.full_name, NEW.civil_number))
EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER offerings_shown
AFTER UPDATE OF parent_id, category_id, name, description, image, thumbnail, offering_type, shared, billable,
    plugin_options ON offerings
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.parent_id, OLD.category_id, OLD.name, OLD.description, OLD.image, OLD.thumbnail, OLD.offering_type,
       OLD.shared, OLD.billable, OLD.plugin_options)
      IS DISTINCT FROM (NEW.parent_id, NEW.category_id, NEW.name, NEW.description, NEW.image, NEW.thumbnail,
                        NEW.offering_type, NEW.shared, NEW.billable, NEW.plugin_options))
EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER plans_shown AFTER UPDATE OF offering_id, name, description, unit, unit_price ON plans
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.offering_id, OLD.name, OLD.description, OLD.unit, OLD.unit_price)
      IS DISTINCT FROM (NEW.offering_id, NEW.name, NEW.description, NEW.unit, NEW.unit_price))
EXECUTE FUNCTION reference_changed();

-- What a plan costs is the sum of these: one more or one less changes it too.
CREATE CONSTRAINT TRIGGER plan_components_shown AFTER INSERT OR DELETE OR UPDATE ON plan_components
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reference_changed();

CREATE CONSTRAINT TRIGGER components_shown AFTER UPDATE OF kind, billing_type, is_prepaid, factor ON components
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.kind, OLD.billing_type, OLD.is_prepaid, OLD.factor)
      IS DISTINCT FROM (NEW.kind, NEW.billing_type, NEW.is_prepaid, NEW.factor))
EXECUTE FUNCTION reference_changed();

-- What somebody changed last: a replica that has it is new enough for them.
CREATE INDEX events_actor ON events (actor_id, seq);
