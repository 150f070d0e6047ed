//! A new order, and the resource that it is about (spec 7).

use chrono::NaiveDate;
use mercat_domain::{
    id::{ComponentId, OfferingId, OrderId, PlanId, ProjectId, ResourceId},
    invalid::FieldErrors,
    offering::{Component, CustomerFacts, Limits, OfferingFacts, OfferingState, PlanFacts, ProjectFacts},
    order::{Action, CreateFacts, NewOrder, OrderState, OrderType, ResourceState, TeamFacts, check_create},
    permission::Actor,
    slug,
};
use mercat_store::{
    entity::{order, resource},
    facts, order as orders,
};
use serde_json::{Value, json};

use super::{
    apply,
    load::{Loaded, Parties, new_order_facts},
    usage::{limit_use, team},
};
use crate::{AppError, Tx, ids};

const NO_OBJECT: &str = "Invalid hyperlink - Object does not exist.";
pub(super) const SLUG_TAKEN: &str = "An object with this slug already exists.";

/// A request for a new order. References that could not be read are `None` and stand in `errors`.
#[derive(Debug, Clone)]
pub struct CreateOrder {
    /// What was already wrong with the fields; everything wrong is answered together (spec 7.2).
    pub errors: FieldErrors,
    /// What is ordered.
    pub offering: Option<OfferingId>,
    /// For which project.
    pub project: Option<ProjectId>,
    /// At which prices.
    pub plan: Option<PlanId>,
    /// What is asked for; every type makes a new resource.
    pub order_type: OrderType,
    /// The attributes as sent.
    pub attributes: Value,
    /// The limits.
    pub limits: Limits,
    /// `accepting_terms_of_service`.
    pub accepts_terms: Option<bool>,
    /// Where to tell of changes.
    pub callback_url: Option<String>,
    /// The consumer's remark.
    pub request_comment: Option<String>,
    /// When to start at the earliest.
    pub start_date: Option<NaiveDate>,
    /// A slug of staff's choice; ignored from others.
    pub slug: Option<String>,
}

/// The objects that a request names.
struct Named {
    parties: Parties,
    plan: Option<PlanFacts>,
}

impl Named {
    /// Whether there are only so many of something.
    fn is_bounded(&self, components: &[(ComponentId, Component)]) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.max_amount.is_some())
            || components.iter().any(|(_, component)| component.is_capped())
            || self.parties.offering.plugin().maximal_resource_count_per_project().is_some()
    }
}

/// Makes the order and returns its id; by then it stands where the creator's rights bring it (spec 9).
///
/// # Errors
/// [`AppError::Invalid`] with the first rule that is broken, or the database failed.
pub async fn create(tx: &mut Tx, input: CreateOrder) -> Result<OrderId, AppError> {
    let actor = tx.person()?.clone();
    let (mut named, input) = resolve(tx, &actor, input).await?;
    let priced_as = named.parties.offering.priced_as();
    let mut components = facts::components(&tx.db, priced_as).await?;
    if named.is_bounded(&components) {
        // Two orders at once must not both take the last place.
        facts::lock_offering(&tx.db, priced_as).await?;
        let mut errors = FieldErrors::default();
        named.plan = plan(tx, input.plan, &mut errors).await?;
        errors.into_result()?;
        components = facts::components(&tx.db, priced_as).await?;
    }
    let new = check(tx, &actor, &named, &input, &components).await?;
    let resource = resource_row(tx, &actor, &named, &input, &new);
    mercat_store::insert(&tx.db, resource.clone()).await?;
    apply::set_quotas(tx, &components, resource.id, &resource.limits).await?;
    // Late, because of its number: whoever wants the next one waits for the end of the transaction.
    let order = order_row(tx, &actor, &named, &input, &new, resource.id).await?;
    submit(tx, order, resource, named.parties, actor).await
}

/// Decides where a new order goes and writes it there at once.
pub(crate) async fn submit(
    tx: &mut Tx,
    mut order: order::Model,
    resource: resource::Model,
    parties: Parties,
    creator: Actor,
) -> Result<OrderId, AppError> {
    let facts = new_order_facts(&order, &resource, parties, creator);
    let mut loaded = Loaded { order: order.clone(), resource, facts };
    let decision = super::act::decision(tx, &loaded, Action::Submit)?;
    order.state = decision.to;
    if decision.reviewed.is_some() {
        order.consumer_reviewed_by = order.created_by;
        order.consumer_reviewed_at = Some(tx.now);
    }
    mercat_store::insert(&tx.db, order.clone()).await.map_err(apply::refused_by_index)?;
    let changes = json!({ "log": decision.log, "type": order.order_type });
    loaded.order = order;
    apply::log(tx, &loaded, Action::Submit, None, Some(decision.to), &changes);
    apply::follow_up(tx, &loaded, &decision).await?;
    Ok(loaded.order.id)
}

async fn resolve(tx: &Tx, actor: &Actor, mut input: CreateOrder) -> Result<(Named, CreateOrder), AppError> {
    let mut errors = std::mem::take(&mut input.errors);
    let offering = offering(tx, input.offering, &mut errors).await?;
    let plan = plan(tx, input.plan, &mut errors).await?;
    let project = project(tx, actor, input.project, &mut errors).await?;
    input.slug = input.slug.filter(|_| actor.is_staff);
    if let Some(wanted) = &input.slug {
        check_slug(tx, wanted, &mut errors).await?;
    }
    errors.into_result()?;
    // References that are missing stand in `errors`, so both are there now.
    let (offering, (project, consumer)) = offering.zip(project).ok_or(AppError::NotFound)?;
    Ok((Named { parties: Parties { project, consumer, offering }, plan }, input))
}

async fn offering(
    tx: &Tx,
    id: Option<OfferingId>,
    errors: &mut FieldErrors,
) -> Result<Option<OfferingFacts>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = facts::offering(&tx.db, id).await?;
    match &found {
        None => errors.push("offering", NO_OBJECT),
        Some(offering) if offering.state != OfferingState::Active => {
            errors.push("offering", "Offering is not available.");
        }
        Some(_) => {}
    }
    Ok(found)
}

async fn plan(tx: &Tx, id: Option<PlanId>, errors: &mut FieldErrors) -> Result<Option<PlanFacts>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let found = facts::plan(&tx.db, id).await?;
    if found.is_none() {
        errors.push("plan", NO_OBJECT);
    }
    Ok(found)
}

/// A project that the caller sees: any role on it or on its organisation will do (spec 7.2).
async fn project(
    tx: &Tx,
    actor: &Actor,
    id: Option<ProjectId>,
    errors: &mut FieldErrors,
) -> Result<Option<(ProjectFacts, CustomerFacts)>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let scopes = actor.scopes();
    let found = facts::project(&tx.db, id).await?.filter(|(project, consumer)| {
        actor.sees_all() || scopes.projects.contains(&project.id) || scopes.customers.contains(&consumer.id)
    });
    match &found {
        None => errors.push("project", NO_OBJECT),
        Some((project, _)) if project.is_removed => {
            errors.push("project", "Cannot create orders for terminated projects.");
        }
        Some(_) => {}
    }
    Ok(found)
}

async fn check_slug(tx: &Tx, wanted: &str, errors: &mut FieldErrors) -> Result<(), AppError> {
    if wanted.chars().count() > slug::LONGEST {
        errors.push("slug", format!("Ensure this field has no more than {} characters.", slug::LONGEST));
    } else if !slug::is_slug(wanted) {
        errors.push("slug", "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.");
    } else if orders::slug_is_taken(&tx.db, wanted).await? {
        errors.push("slug", SLUG_TAKEN);
    }
    Ok(())
}

async fn check(
    tx: &Tx,
    actor: &Actor,
    named: &Named,
    input: &CreateOrder,
    components: &[(ComponentId, Component)],
) -> Result<NewOrder, AppError> {
    let (offering, project) = (&named.parties.offering, &named.parties.project);
    let usage = limit_use(tx, offering.id, components, &input.limits, None).await?;
    let components: Vec<Component> = components.iter().map(|(_, component)| component.clone()).collect();
    let (terms_active, has_consent) = facts::terms(&tx.db, offering.id, actor.id).await?;
    let options = offering.plugin();
    let team = if options.asks_for_team() { team(tx, project.id).await? } else { TeamFacts::default() };
    let live_resources_in_project = match options.maximal_resource_count_per_project() {
        Some(_) => facts::live_resources(&tx.db, offering.id, project.id).await?,
        None => 0,
    };
    Ok(check_create(&CreateFacts {
        order_type: input.order_type,
        today: tx.now.date_naive(),
        actor,
        offering,
        components: &components,
        project,
        consumer: &named.parties.consumer,
        plan: named.plan.as_ref(),
        attributes: &input.attributes,
        limits: &input.limits,
        usage: &usage,
        team: &team,
        live_resources_in_project,
        accepts_terms: input.accepts_terms,
        terms_active,
        has_consent,
        start_date: input.start_date,
        settings: &tx.app.settings.rules,
    })?)
}

fn resource_row(tx: &Tx, actor: &Actor, named: &Named, input: &CreateOrder, new: &NewOrder) -> resource::Model {
    let id: ResourceId = ids::new(tx.now);
    let slug = slug::slugify(&new.name);
    resource::Model {
        id,
        created: tx.now,
        modified: tx.now,
        version: 1,
        name: new.name.clone(),
        description: new.description.clone(),
        slug: if slug.is_empty() { id.to_string() } else { slug },
        state: ResourceState::Creating,
        offering_id: named.parties.offering.id,
        project_id: named.parties.project.id,
        customer_id: named.parties.consumer.id,
        provider_id: named.parties.offering.provider,
        plan_id: named.plan.as_ref().map(|plan| plan.id),
        limits: json!(input.limits),
        attributes: input.attributes.clone(),
        options: new.options.clone(),
        cost: new.resource_cost,
        end_date: new.end_date,
        end_date_requested_by: new.end_date_requested.then_some(actor.id),
        backend_id: String::new(),
        backend_kind: None,
        backend_uuid: None,
        backend_metadata: json!({}),
        report: json!([]),
        paused: false,
        downscaled: false,
        restrict_member_access: false,
        last_sync: None,
        error_message: String::new(),
        error_traceback: String::new(),
        effective_id: String::new(),
        parent_id: None,
    }
}

async fn order_row(
    tx: &Tx,
    actor: &Actor,
    named: &Named,
    input: &CreateOrder,
    new: &NewOrder,
    resource: ResourceId,
) -> Result<order::Model, AppError> {
    let mut order = blank(tx, &named.parties.consumer, &named.parties.offering, input.slug.clone()).await?;
    order.order_type = input.order_type;
    order.project_id = named.parties.project.id;
    order.resource_id = resource;
    order.plan_id = named.plan.as_ref().map(|plan| plan.id);
    order.attributes.clone_from(&input.attributes);
    order.limits = json!(input.limits);
    order.cost = new.cost;
    order.created_by = Some(actor.id);
    order.callback_url.clone_from(&input.callback_url);
    order.request_comment.clone_from(&input.request_comment);
    order.start_date = new.start_date;
    Ok(order)
}

/// An order of a consumer for an offering with nothing in it yet but its id, its slug and its owners.
pub(crate) async fn blank(
    tx: &Tx,
    consumer: &CustomerFacts,
    offering: &OfferingFacts,
    slug: Option<String>,
) -> Result<order::Model, AppError> {
    let slug = match slug {
        Some(slug) => slug,
        None => {
            let prefix = slug::order_slug_prefix(&consumer.slug, &offering.slug, tx.now.date_naive());
            orders::next_slug(&tx.db, &prefix).await?
        }
    };
    Ok(order::Model {
        id: ids::new(tx.now),
        created: tx.now,
        modified: tx.now,
        version: 1,
        state: OrderState::PendingConsumer,
        order_type: OrderType::Create,
        slug,
        offering_id: offering.id,
        project_id: uuid::Uuid::nil().into(),
        customer_id: consumer.id,
        provider_id: offering.provider,
        resource_id: uuid::Uuid::nil().into(),
        plan_id: None,
        old_plan_id: None,
        attributes: json!({}),
        limits: json!({}),
        cost: None,
        created_by: None,
        consumer_reviewed_by: None,
        consumer_reviewed_at: None,
        provider_reviewed_by: None,
        provider_reviewed_at: None,
        callback_url: None,
        request_comment: None,
        attachment: None,
        start_date: None,
        completed_at: None,
        termination_comment: None,
        backend_id: String::new(),
        output: String::new(),
        error_message: String::new(),
        error_traceback: String::new(),
        new_options: None,
        new_end_date: None,
    })
}
