-- An offering with all its parts is kept too (see m0009_reference): every change of them counts. The triggers from there
-- stay; some changes count twice, which hurts nobody.

-- Whatever is written to a row, even if it is what was there.
CREATE TRIGGER offerings_kept AFTER UPDATE ON offerings
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER software_catalogs_kept AFTER UPDATE ON software_catalogs
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER organization_groups_kept AFTER UPDATE ON organization_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER campaigns_kept AFTER UPDATE ON campaigns
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;

-- And a row more or less.
CREATE TRIGGER plans_new AFTER INSERT ON plans
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plans_gone AFTER DELETE ON plans
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plans_kept AFTER UPDATE ON plans
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER components_new AFTER INSERT ON components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER components_gone AFTER DELETE ON components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER components_kept AFTER UPDATE ON components
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_partitions_new AFTER INSERT ON offering_partitions
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_partitions_gone AFTER DELETE ON offering_partitions
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_partitions_kept AFTER UPDATE ON offering_partitions
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_catalogs_new AFTER INSERT ON offering_catalogs
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_catalogs_gone AFTER DELETE ON offering_catalogs
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_catalogs_kept AFTER UPDATE ON offering_catalogs
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_endpoints_new AFTER INSERT ON offering_endpoints
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_endpoints_gone AFTER DELETE ON offering_endpoints
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_endpoints_kept AFTER UPDATE ON offering_endpoints
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_roles_new AFTER INSERT ON offering_roles
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_roles_gone AFTER DELETE ON offering_roles
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_roles_kept AFTER UPDATE ON offering_roles
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_screenshots_new AFTER INSERT ON offering_screenshots
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_screenshots_gone AFTER DELETE ON offering_screenshots
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_screenshots_kept AFTER UPDATE ON offering_screenshots
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_files_new AFTER INSERT ON offering_files
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_files_gone AFTER DELETE ON offering_files
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_files_kept AFTER UPDATE ON offering_files
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_quotas_new AFTER INSERT ON offering_quotas
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_quotas_gone AFTER DELETE ON offering_quotas
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_quotas_kept AFTER UPDATE ON offering_quotas
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_groups_new AFTER INSERT ON offering_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_groups_gone AFTER DELETE ON offering_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER offering_groups_kept AFTER UPDATE ON offering_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plan_groups_new AFTER INSERT ON plan_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plan_groups_gone AFTER DELETE ON plan_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER plan_groups_kept AFTER UPDATE ON plan_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER customer_groups_new AFTER INSERT ON customer_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER customer_groups_gone AFTER DELETE ON customer_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER customer_groups_kept AFTER UPDATE ON customer_groups
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER campaign_offerings_new AFTER INSERT ON campaign_offerings
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER campaign_offerings_gone AFTER DELETE ON campaign_offerings
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
CREATE TRIGGER campaign_offerings_kept AFTER UPDATE ON campaign_offerings
BEGIN UPDATE reference_epoch SET epoch = epoch + 1; END;
