//! Agents, their services and processors, and what older agents subscribe to.

use mercat_domain::{
    id::{AgentIdentityId, AgentServiceId, OfferingId, UserId},
    invalid::Invalid,
    permission::{Actor, Permission, Scope},
};
use mercat_store::{
    Reads,
    agents::{identities_at, processors_of, services_of},
    catalogue::offerings_provided,
    entity::{agent_identity, agent_processor, agent_service, event_subscription, offering, user},
    list::{self, Filter, Key},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    AppError, Tx,
    catalogue::ProviderOfferings,
    collection::{Collection, Editable, Input, Reader, id, merged},
    ids,
};

/// Agents at the offerings that somebody provides.
pub struct Identities;

/// Services of these agents.
pub struct Services;

/// Processors of these services.
pub struct Processors;

/// What older agents want to hear of: one's own.
pub struct Subscriptions;

/// An agent with its services.
#[derive(Debug, Clone)]
pub struct IdentityView {
    /// The agent.
    pub row: agent_identity::Model,
    /// What it does.
    pub services: Vec<agent_service::Model>,
}

/// A service with its agent and its processors.
#[derive(Debug, Clone)]
pub struct ServiceView {
    /// The service.
    pub row: agent_service::Model,
    /// Whose it is.
    pub identity: agent_identity::Model,
    /// What it works on.
    pub processors: Vec<agent_processor::Model>,
}

/// A processor with its service.
#[derive(Debug, Clone)]
pub struct ProcessorView {
    /// The processor.
    pub row: agent_processor::Model,
    /// Whose it is.
    pub service: agent_service::Model,
}

/// A subscription with its user.
#[derive(Debug, Clone)]
pub struct SubscriptionView {
    /// The subscription.
    pub row: event_subscription::Model,
    /// Whose it is.
    pub user: user::Model,
}

fn seen(actor: &Actor) -> Option<Filter<agent_identity::Entity>> {
    (!actor.sees_all()).then(|| identities_at(offerings_provided(&actor.scopes())))
}

/// Whoever may change an offering may run agents for it.
pub(super) async fn may_run(tx: &Tx, id: OfferingId) -> Result<(), AppError> {
    let row = list::find::<offering::Entity>(&tx.db, id).await?.ok_or(AppError::NotFound)?;
    tx.need(Permission::OfferingUpdate, &[Scope::Offering(row.id), Scope::Customer(row.customer_id)])
}

impl Collection for Identities {
    type Entity = agent_identity::Entity;
    type View = IdentityView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        seen(actor)
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<agent_identity::Model>,
    ) -> Result<Vec<IdentityView>, AppError> {
        let of = [Filter::any_of(agent_service::Column::IdentityId, rows.iter().map(|row| row.id))];
        let services = list::all(reader.conn, &of, &[Key::column(agent_service::Column::Created, false)]).await?;
        let view = |row: agent_identity::Model| IdentityView {
            services: services.iter().filter(|service| service.identity_id == row.id).cloned().collect(),
            row,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

impl Editable for Identities {
    /// An agent that registers once more under its name is the same agent.
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let offering: OfferingId =
            id(&input, "offering_id").ok_or_else(|| Invalid::field("offering", "This field is required."))?;
        // The offering comes as a plain id: one that is not seen does not exist.
        let found = tx.visible::<ProviderOfferings>(offering.uuid()).await;
        found.map_err(|error| match error {
            AppError::NotFound => Invalid::field("offering", "Object does not exist.").into(),
            other => other,
        })?;
        may_run(tx, offering).await?;
        list::lock_content(&tx.db, &[Filter::equals(offering::Column::Id, offering)]).await?;
        let fresh = agent_identity::Model {
            id: ids::new(tx.now),
            offering_id: offering,
            created_by: tx.actor().map(|actor| actor.id),
            name: String::new(),
            version: None,
            dependencies: json!([]),
            config_file_path: None,
            config_file_content: None,
            last_restarted: tx.now,
            created: tx.now,
            modified: tx.now,
        };
        let row: agent_identity::Model = merged(&fresh, input)?;
        let same = [
            Filter::equals(agent_identity::Column::OfferingId, offering),
            Filter::equals(agent_identity::Column::Name, row.name.as_str()),
        ];
        if let Some(present) = list::lock::<agent_identity::Entity>(&tx.db, &same).await? {
            let again = agent_identity::Model { id: present.id, created: present.created, ..row };
            list::replace(&tx.db, again).await?;
            return Ok(present.id.0);
        }
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &agent_identity::Model) -> Result<(), AppError> {
        may_run(tx, row.offering_id).await
    }

    async fn update(tx: &mut Tx, row: agent_identity::Model, mut input: Input) -> Result<(), AppError> {
        // An agent stays with its offering.
        input.remove("offering_id");
        let new = agent_identity::Model { modified: tx.now, ..merged(&row, input)? };
        match list::replace(&tx.db, new).await {
            Err(mercat_store::StoreError::Duplicate(_)) => {
                Err(Invalid::field("name", "Another agent of this offering has this name.").into())
            }
            other => Ok(other?),
        }
    }

    async fn destroy(tx: &mut Tx, row: agent_identity::Model) -> Result<(), AppError> {
        may_run(tx, row.offering_id).await?;
        tx.remove::<agent_identity::Entity>(row.id).await
    }
}

impl Collection for Services {
    type Entity = agent_service::Entity;
    type View = ServiceView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        seen(actor).map(services_of)
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<agent_service::Model>,
    ) -> Result<Vec<ServiceView>, AppError> {
        let ids = rows.iter().map(|row| row.identity_id);
        let identities = list::by_ids::<agent_identity::Entity, AgentIdentityId>(reader.conn, ids).await?;
        let of = [Filter::any_of(agent_processor::Column::ServiceId, rows.iter().map(|row| row.id))];
        let processors = list::all(reader.conn, &of, &[Key::column(agent_processor::Column::Created, false)]).await?;
        let view = |row: agent_service::Model| {
            Some(ServiceView {
                identity: identities.get(&row.identity_id)?.clone(),
                processors: processors.iter().filter(|processor| processor.service_id == row.id).cloned().collect(),
                row,
            })
        };
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

impl Collection for Processors {
    type Entity = agent_processor::Entity;
    type View = ProcessorView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        seen(actor).map(|identities| processors_of(services_of(identities)))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<agent_processor::Model>,
    ) -> Result<Vec<ProcessorView>, AppError> {
        let ids = rows.iter().map(|row| row.service_id);
        let services = list::by_ids::<agent_service::Entity, AgentServiceId>(reader.conn, ids).await?;
        let view =
            |row: agent_processor::Model| Some(ProcessorView { service: services.get(&row.service_id)?.clone(), row });
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

impl Collection for Subscriptions {
    type Entity = event_subscription::Entity;
    type View = SubscriptionView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        (!actor.sees_all()).then(|| Filter::equals(event_subscription::Column::UserId, actor.id))
    }

    async fn views<C: Reads>(
        reader: &Reader<'_, C>,
        rows: Vec<event_subscription::Model>,
    ) -> Result<Vec<SubscriptionView>, AppError> {
        let people = list::by_ids::<user::Entity, UserId>(reader.conn, rows.iter().map(|row| row.user_id)).await?;
        let view =
            |row: event_subscription::Model| Some(SubscriptionView { user: people.get(&row.user_id)?.clone(), row });
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

impl Editable for Subscriptions {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let row = super::register::subscription(tx)?;
        let row: event_subscription::Model = merged(&row, input)?;
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn destroy(tx: &mut Tx, row: event_subscription::Model) -> Result<(), AppError> {
        // Whoever sees it may delete it, but for support, which only looks.
        let actor = tx.person()?;
        if !actor.is_staff && actor.id != row.user_id {
            return Err(AppError::Forbidden);
        }
        tx.remove::<event_subscription::Entity>(row.id).await
    }
}
