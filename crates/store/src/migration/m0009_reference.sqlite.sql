-- What stands in orders without being theirs: names, descriptions, prices. `epoch` changes with every change of it, in
-- the same transaction, so that whoever keeps a copy can tell from one number whether it is still true.
CREATE TABLE reference_epoch (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL
);
INSERT INTO reference_epoch VALUES (1, 1);

CREATE TRIGGER categories_shown AFTER UPDATE OF title, icon ON categories
WHEN (OLD.title, OLD.icon) IS NOT (NEW.title, NEW.icon)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

CREATE TRIGGER customers_shown AFTER UPDATE OF name, slug ON customers
WHEN (OLD.name, OLD.slug) IS NOT (NEW.name, NEW.slug)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

CREATE TRIGGER projects_shown AFTER UPDATE OF name, description, slug ON projects
WHEN (OLD.name, OLD.description, OLD.slug) IS NOT (NEW.name, NEW.description, NEW.slug)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

CREATE TRIGGER users_shown AFTER UPDATE OF username, full_name, civil_number ON users
WHEN (OLD.username, OLD.full_name, OLD.civil_number) IS NOT (NEW.username, NEW.full_name, NEW.civil_number)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

CREATE TRIGGER offerings_shown
AFTER UPDATE OF parent_id, category_id, name, description, image, thumbnail, offering_type, shared, billable,
    plugin_options ON offerings
WHEN (OLD.parent_id, OLD.category_id, OLD.name, OLD.description, OLD.image, OLD.thumbnail, OLD.offering_type,
      OLD.shared, OLD.billable, OLD.plugin_options)
     IS NOT (NEW.parent_id, NEW.category_id, NEW.name, NEW.description, NEW.image, NEW.thumbnail, NEW.offering_type,
             NEW.shared, NEW.billable, NEW.plugin_options)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

CREATE TRIGGER plans_shown AFTER UPDATE OF offering_id, name, description, unit, unit_price ON plans
WHEN (OLD.offering_id, OLD.name, OLD.description, OLD.unit, OLD.unit_price)
     IS NOT (NEW.offering_id, NEW.name, NEW.description, NEW.unit, NEW.unit_price)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

-- What a plan costs is the sum of these: one more or one less changes it too.
CREATE TRIGGER plan_components_new AFTER INSERT ON plan_components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plan_components_gone AFTER DELETE ON plan_components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plan_components_shown AFTER UPDATE ON plan_components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER components_shown AFTER UPDATE OF kind, billing_type, is_prepaid, factor ON components
WHEN (OLD.kind, OLD.billing_type, OLD.is_prepaid, OLD.factor)
     IS NOT (NEW.kind, NEW.billing_type, NEW.is_prepaid, NEW.factor)
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

-- What somebody changed last: a replica that has it is new enough for them.
CREATE INDEX events_actor ON events (actor_id, seq);
