-- Who sees which resources is an index, as with orders; and what lists of the marketplace are usually asked for.
CREATE INDEX resources_customer ON resources (customer_id, created);
CREATE INDEX resources_provider ON resources (provider_id, created);
CREATE INDEX resources_created ON resources (created, id);
CREATE INDEX resources_backend ON resources (backend_id);
CREATE INDEX resources_parent ON resources (parent_id);
CREATE INDEX terms_consents_user ON terms_consents (user_id);
CREATE INDEX user_roles_role ON user_roles (role_id, is_active);
CREATE INDEX component_usages_component ON component_usages (component_id);
CREATE INDEX component_usages_period ON component_usages (plan_period_id);
CREATE INDEX plan_components_next ON plan_components (plan_id) WHERE future_price IS NOT NULL;
