//! An order as it is shown: 74 fields in the order in which Waldur emits them (spec 12).

use std::sync::Arc;

use mercat_app::orders::{Detail, Details, OrderRow, OrderView, Person};
use mercat_domain::{
    money::Money,
    offering::{PlanUnit, rules_of},
    order::{OrderState, OrderType},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    enums,
    text::{Day, Hex, Moment, Number, Object},
};
use crate::{
    fields::FieldSet,
    link::{Link, To},
    origin::Origin,
};

/// The helpdesk issue in which an order is worked on.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssueReference<'a> {
    key: &'a str,
    #[schema(value_type = String)]
    uuid: Hex,
}

/// An order with what is shown of its offering, plan, project and people.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderDetails<'a> {
    #[schema(value_type = String, format = "uri")]
    offering: Link<'a>,
    offering_name: &'a str,
    #[schema(value_type = String, format = Uuid)]
    offering_uuid: Hex,
    offering_description: &'a str,
    #[schema(value_type = Option<String>, format = "uri")]
    offering_image: Option<Link<'a>>,
    #[schema(value_type = Option<String>, format = "uri")]
    offering_thumbnail: Option<Link<'a>>,
    offering_type: &'a str,
    /// Whether every organisation may order it.
    offering_shared: bool,
    /// Whether it is paid for.
    offering_billable: bool,
    /// Settings of the offering that its type understands.
    #[schema(value_type = Value)]
    offering_plugin_options: Object<'a>,
    provider_name: &'a str,
    #[schema(value_type = String, format = Uuid)]
    provider_uuid: Hex,
    provider_slug: &'a str,
    category_title: &'a str,
    #[schema(value_type = String, format = Uuid)]
    category_uuid: Hex,
    #[schema(value_type = Option<String>, format = "uri")]
    category_icon: Option<Link<'a>>,
    #[schema(value_type = Option<String>, format = "uri")]
    plan: Option<Link<'a>>,
    #[schema(value_type = Option<enums::BillingUnit>)]
    plan_unit: Option<PlanUnit>,
    plan_name: Option<&'a str>,
    #[schema(value_type = Option<String>, format = Uuid)]
    plan_uuid: Option<Hex>,
    plan_description: Option<&'a str>,
    #[schema(value_type = Value)]
    attributes: Object<'a>,
    #[schema(value_type = std::collections::HashMap<String, i64>)]
    limits: Object<'a>,
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    #[schema(value_type = String, format = DateTime)]
    created: Moment,
    #[schema(value_type = String, format = DateTime)]
    modified: Moment,
    #[schema(value_type = Option<String>, format = Uuid)]
    resource_uuid: Option<Hex>,
    resource_type: Option<&'a str>,
    resource_name: &'a str,
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^-?\d{0,12}(?:\.\d{0,10})?$")]
    cost: Option<Money>,
    #[schema(value_type = enums::OrderState)]
    state: OrderState,
    output: &'a str,
    #[schema(value_type = String, format = Uuid)]
    marketplace_resource_uuid: Hex,
    error_message: &'a str,
    /// Only for staff and support.
    #[schema(value_type = String)]
    #[serde(skip_serializing_if = "Option::is_none")]
    error_traceback: Option<&'a str>,
    #[schema(format = "uri", max_length = 200)]
    callback_url: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Moment>,
    #[schema(max_length = 255)]
    request_comment: Option<&'a str>,
    #[schema(value_type = Option<String>, format = "uri")]
    attachment: Option<Link<'a>>,
    #[schema(value_type = enums::RequestTypes)]
    r#type: OrderType,
    /// The day before which the order is not executed.
    #[schema(value_type = Option<String>, format = Date)]
    start_date: Option<Day>,
    #[schema(pattern = "^[-a-zA-Z0-9_]+$")]
    slug: &'a str,
    #[schema(value_type = String, format = "uri")]
    url: Link<'a>,
    consumer_reviewed_by: Option<&'a str>,
    consumer_reviewed_by_full_name: Option<&'a str>,
    consumer_reviewed_by_username: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    consumer_reviewed_at: Option<Moment>,
    provider_reviewed_by: Option<&'a str>,
    provider_reviewed_by_full_name: Option<&'a str>,
    provider_reviewed_by_username: Option<&'a str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    provider_reviewed_at: Option<Moment>,
    created_by_username: Option<&'a str>,
    created_by_full_name: Option<&'a str>,
    created_by_civil_number: Option<&'a str>,
    customer_name: &'a str,
    #[schema(value_type = String, format = Uuid)]
    customer_uuid: Hex,
    customer_slug: &'a str,
    project_name: &'a str,
    #[schema(value_type = String, format = Uuid)]
    project_uuid: Hex,
    project_description: &'a str,
    project_slug: &'a str,
    old_plan_name: Option<&'a str>,
    new_plan_name: Option<&'a str>,
    #[schema(value_type = Option<String>, format = Uuid)]
    old_plan_uuid: Option<Hex>,
    #[schema(value_type = Option<String>, format = Uuid)]
    new_plan_uuid: Option<Hex>,
    #[schema(value_type = f64)]
    old_cost_estimate: Number,
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^-?\d{0,12}(?:\.\d{0,10})?$")]
    new_cost_estimate: Option<Money>,
    can_terminate: bool,
    #[schema(value_type = f64)]
    fixed_price: Number,
    #[schema(value_type = f64)]
    activation_price: Number,
    termination_comment: Option<&'a str>,
    #[schema(max_length = 255)]
    backend_id: &'a str,
    order_subtype: Option<&'a str>,
    issue: Option<IssueReference<'a>>,
}

/// Fields that need more than what is read of every order.
#[rustfmt::skip]
const NEEDS: &[(&str, &[Detail])] = &[
    ("plan", &[Detail::Plan]), ("plan_unit", &[Detail::Plan]), ("plan_name", &[Detail::Plan]),
    ("plan_uuid", &[Detail::Plan]), ("plan_description", &[Detail::Plan]),
    ("attributes", &[Detail::Attributes]), ("limits", &[Detail::Limits]),
    ("resource_uuid", &[Detail::ResourceBackendUuid]), ("resource_type", &[Detail::ResourceBackendKind]),
    ("resource_name", &[Detail::ResourceName]), ("cost", &[Detail::Cost]), ("output", &[Detail::Output]),
    ("error_message", &[Detail::ErrorMessage]), ("error_traceback", &[Detail::ErrorTraceback]),
    ("callback_url", &[Detail::CallbackUrl]), ("completed_at", &[Detail::CompletedAt]),
    ("request_comment", &[Detail::RequestComment]), ("attachment", &[Detail::Attachment]),
    ("start_date", &[Detail::StartDate]), ("slug", &[Detail::Slug]),
    ("consumer_reviewed_by", &[Detail::ConsumerReviewedBy]),
    ("consumer_reviewed_by_full_name", &[Detail::ConsumerReviewedBy]),
    ("consumer_reviewed_by_username", &[Detail::ConsumerReviewedBy]),
    ("consumer_reviewed_at", &[Detail::ConsumerReviewedAt]),
    ("provider_reviewed_by", &[Detail::ProviderReviewedBy]),
    ("provider_reviewed_by_full_name", &[Detail::ProviderReviewedBy]),
    ("provider_reviewed_by_username", &[Detail::ProviderReviewedBy]),
    ("provider_reviewed_at", &[Detail::ProviderReviewedAt]),
    ("created_by_username", &[Detail::CreatedBy]), ("created_by_full_name", &[Detail::CreatedBy]),
    ("created_by_civil_number", &[Detail::CreatedBy]),
    ("old_plan_name", &[Detail::OldPlan]), ("new_plan_name", &[Detail::Plan]),
    ("old_plan_uuid", &[Detail::OldPlan]), ("new_plan_uuid", &[Detail::Plan]),
    ("old_cost_estimate", &[Detail::Plan, Detail::OldPlan, Detail::Attributes]),
    ("new_cost_estimate", &[Detail::Cost]), ("fixed_price", &[Detail::Plan]), ("activation_price", &[Detail::Plan]),
    ("termination_comment", &[Detail::TerminationComment]), ("backend_id", &[Detail::BackendId]),
    ("order_subtype", &[Detail::Attributes]), ("issue", &[Detail::IssueId, Detail::IssueKey]),
];

/// What an order looks like depends on who looks and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OrderOptions {
    /// Staff and support see tracebacks.
    pub sees_tracebacks: bool,
    /// The operator may hide the creators' civil numbers.
    pub show_civil_number: bool,
    /// Secret attributes are shown once, to whoever sent them.
    pub show_secrets: bool,
}

impl<'a> OrderDetails<'a> {
    /// The names of the fields, in order.
    #[rustfmt::skip]
    pub const FIELDS: &'static [&'static str] = &[
        "offering", "offering_name", "offering_uuid", "offering_description", "offering_image", "offering_thumbnail",
        "offering_type", "offering_shared", "offering_billable", "offering_plugin_options", "provider_name",
        "provider_uuid", "provider_slug", "category_title", "category_uuid", "category_icon", "plan", "plan_unit",
        "plan_name", "plan_uuid", "plan_description", "attributes", "limits", "uuid", "created", "modified",
        "resource_uuid", "resource_type", "resource_name", "cost", "state", "output", "marketplace_resource_uuid",
        "error_message", "error_traceback", "callback_url", "completed_at", "request_comment", "attachment", "type",
        "start_date", "slug", "url", "consumer_reviewed_by", "consumer_reviewed_by_full_name",
        "consumer_reviewed_by_username", "consumer_reviewed_at", "provider_reviewed_by",
        "provider_reviewed_by_full_name", "provider_reviewed_by_username", "provider_reviewed_at",
        "created_by_username", "created_by_full_name", "created_by_civil_number", "customer_name", "customer_uuid",
        "customer_slug", "project_name", "project_uuid", "project_description", "project_slug", "old_plan_name",
        "new_plan_name", "old_plan_uuid", "new_plan_uuid", "old_cost_estimate", "new_cost_estimate", "can_terminate",
        "fixed_price", "activation_price", "termination_comment", "backend_id", "order_subtype", "issue",
    ];

    /// What has to be read of orders to show these fields.
    pub fn needed_for(fields: &FieldSet) -> Details {
        let FieldSet::Some(names) = fields else { return Details::ALL };
        let needs = |name: &str| NEEDS.iter().find(|(field, _)| *field == name).map_or(&[][..], |(_, needs)| needs);
        names.iter().fold(Details::NONE, |all, name| all.and(needs(name)))
    }

    /// Shows an order. Nothing is formatted yet.
    #[rustfmt::skip]
    pub fn new(view: &'a OrderView, origin: &'a Origin, options: OrderOptions) -> Self {
        let row = &view.row;
        let link = |to| Link(origin, to);
        let media = |id: Option<_>| id.map(|id| Link(origin, To::Media(id)));
        let secrets = if options.show_secrets { &[] } else { rules_of(&row.offering.offering_type).secret_attributes };
        Self {
            offering: link(To::Offering(row.offering_id)),
            offering_name: &row.offering.name,
            offering_uuid: row.offering_id.into(),
            offering_description: &row.offering.description,
            offering_image: media(row.offering.image), offering_thumbnail: media(row.offering.thumbnail),
            offering_type: &row.offering.offering_type,
            offering_shared: row.offering.shared,
            offering_billable: row.offering.billable,
            offering_plugin_options: Object::whole(&row.offering.plugin_options),
            provider_name: &row.provider.name,
            provider_uuid: row.provider_id.into(),
            provider_slug: &row.provider.slug,
            category_title: &row.offering.category_title,
            category_uuid: row.offering.category_id.into(),
            category_icon: media(row.offering.category_icon),
            plan: plan(row).map(link),
            plan_unit: row.plan_unit(),
            plan_name: row.plan_name(),
            plan_uuid: row.plan_id.map(Hex::from),
            plan_description: row.plan.as_ref().map(|plan| plan.description.as_str()),
            attributes: Object { value: &row.attributes, without: secrets },
            limits: Object::whole(&row.limits),
            uuid: row.id.into(),
            created: Moment(row.created), modified: Moment(row.modified),
            resource_uuid: row.resource_backend_uuid.map(Hex),
            resource_type: row.resource_backend_kind.as_deref(),
            resource_name: &row.resource_name,
            cost: row.cost,
            state: row.state,
            output: &row.output,
            marketplace_resource_uuid: row.resource_id.into(),
            error_message: &row.error_message,
            error_traceback: options.sees_tracebacks.then_some(&row.error_traceback),
            callback_url: row.callback_url.as_deref(),
            completed_at: row.completed_at.map(Moment),
            request_comment: row.request_comment.as_deref(),
            attachment: media(row.attachment),
            r#type: row.order_type,
            start_date: row.start_date.map(Day),
            slug: &row.slug,
            url: link(To::Order(row.id)),
            consumer_reviewed_by: username(&row.consumer_reviewer),
            consumer_reviewed_by_full_name: full_name(&row.consumer_reviewer),
            consumer_reviewed_by_username: username(&row.consumer_reviewer),
            consumer_reviewed_at: row.consumer_reviewed_at.map(Moment),
            provider_reviewed_by: username(&row.provider_reviewer),
            provider_reviewed_by_full_name: full_name(&row.provider_reviewer),
            provider_reviewed_by_username: username(&row.provider_reviewer),
            provider_reviewed_at: row.provider_reviewed_at.map(Moment),
            created_by_username: username(&row.creator),
            created_by_full_name: full_name(&row.creator),
            created_by_civil_number: row.creator.as_ref().filter(|_| options.show_civil_number).and_then(|person| person.civil_number.as_deref()),
            customer_name: &row.customer.name,
            customer_uuid: row.customer_id.into(),
            customer_slug: &row.customer.slug,
            project_name: &row.project.name,
            project_uuid: row.project_id.into(),
            project_description: &row.project.description,
            project_slug: &row.project.slug,
            old_plan_name: row.old_plan_name(),
            new_plan_name: row.plan_name(),
            old_plan_uuid: row.old_plan_id.map(Hex::from), new_plan_uuid: row.plan_id.map(Hex::from),
            old_cost_estimate: Number(view.old_cost_estimate),
            new_cost_estimate: row.cost,
            can_terminate: view.can_terminate,
            fixed_price: Number(view.fixed_price), activation_price: Number(view.activation_price),
            termination_comment: row.termination_comment.as_deref(),
            backend_id: &row.backend_id,
            order_subtype: view.subtype,
            issue: row.issue_key.as_deref().zip(row.issue_id).map(|(key, id)| IssueReference { key, uuid: id.into() }),
        }
    }
}

/// The plan's link goes through the offering that the plan belongs to: the parent's for a child offering.
fn plan(row: &OrderRow) -> Option<To> {
    row.plan.as_ref().map(|plan| To::Plan(plan.offering_id, plan.id))
}

fn username(person: &Option<Arc<Person>>) -> Option<&str> {
    person.as_ref().map(|person| person.username.as_str())
}

fn full_name(person: &Option<Arc<Person>>) -> Option<&str> {
    person.as_ref().map(|person| person.full_name.as_str())
}
