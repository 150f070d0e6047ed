//! Everything that the 74 fields of orders need, as one joins it by hand.

/// The statement; what the ids of the orders are follows.
// PostgreSQL joins in this order where `join_collapse_limit` is 1: the page's orders first.
pub const WIDE: &str = "
SELECT o.id, o.created, o.modified, o.version, o.state, o.order_type, o.slug, o.attributes, o.limits, o.cost,
       o.callback_url, o.request_comment, o.attachment, o.start_date, o.completed_at, o.termination_comment,
       o.backend_id, o.output, o.error_message, o.error_traceback, o.consumer_reviewed_at, o.provider_reviewed_at,
       o.created_by, o.offering_id, o.provider_id, o.plan_id, o.old_plan_id, o.resource_id, o.project_id, o.customer_id,
       f.parent_id AS offering_parent_id, f.name AS offering_name, f.description AS offering_description, f.image AS offering_image,
       f.thumbnail AS offering_thumbnail, f.offering_type, f.shared AS offering_shared,
       f.billable AS offering_billable, f.plugin_options AS offering_plugin_options,
       v.name AS provider_name, v.slug AS provider_slug,
       g.id AS category_id, g.title AS category_title, g.icon AS category_icon,
       p.offering_id AS plan_offering_id, p.name AS plan_name, p.description AS plan_description, p.unit AS plan_unit,
       q.name AS old_plan_name,
       r.name AS resource_name, r.backend_uuid AS resource_backend_uuid, r.backend_kind AS resource_backend_kind,
       j.name AS project_name, j.description AS project_description, j.slug AS project_slug,
       k.name AS customer_name, k.slug AS customer_slug,
       a.username AS creator_username, a.full_name AS creator_full_name, a.civil_number AS creator_civil_number,
       b.username AS consumer_reviewer_username, b.full_name AS consumer_reviewer_full_name,
       c.username AS provider_reviewer_username, c.full_name AS provider_reviewer_full_name,
       i.id AS issue_id, i.key AS issue_key
FROM orders o
JOIN resources r ON r.id = o.resource_id
JOIN offerings f ON f.id = o.offering_id
JOIN categories g ON g.id = f.category_id
JOIN customers v ON v.id = o.provider_id
JOIN projects j ON j.id = o.project_id
JOIN customers k ON k.id = o.customer_id
LEFT JOIN plans p ON p.id = o.plan_id
LEFT JOIN plans q ON q.id = o.old_plan_id
LEFT JOIN users a ON a.id = o.created_by
LEFT JOIN users b ON b.id = o.consumer_reviewed_by
LEFT JOIN users c ON c.id = o.provider_reviewed_by
LEFT JOIN issues i ON i.order_id = o.id
WHERE o.id";
