//! What an agent registers when it starts: its services, its processors, its queue.

use mercat_domain::{
    agent::{AgentServiceState, ObservableType},
    id::{EventQueueId, OfferingId},
    invalid::{FieldErrors, Invalid},
};
use mercat_store::{
    entity::{agent_identity, agent_processor, agent_service, event_queue, event_subscription},
    event,
    list::{self, Filter},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::collections::{Identities, Services, Subscriptions, may_run};
use crate::{
    AppError, Tx,
    catalogue::ProviderOfferings,
    collection::{Input, text},
    ids,
};

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// The object.
    pub id: Uuid,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// The agent, held: of two first registrations under one name the second finds what the first made.
async fn own_identity(tx: &Tx, id: Uuid) -> Result<agent_identity::Model, AppError> {
    let row = tx.visible::<Identities>(id).await?;
    may_run(tx, row.offering_id).await?;
    list::lock_content(&tx.db, &[Filter::equals(agent_identity::Column::Id, row.id)]).await?;
    Ok(row)
}

/// Registers a service of an agent; the same name is the same service.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, or the database failed.
pub async fn register_service<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<Registered, X> {
    let identity = own_identity(tx, id).await?;
    let input = input?;
    let name = text(&input, "name");
    let mode = input.get("mode").and_then(Value::as_str).map(str::to_owned);
    let same = [
        Filter::equals(agent_service::Column::IdentityId, identity.id),
        Filter::equals(agent_service::Column::Name, name.as_str()),
    ];
    if let Some(row) = list::lock::<agent_service::Entity>(&tx.db, &same).await.map_err(AppError::from)? {
        let id = row.id.0;
        let mode = mode.or(row.mode.clone());
        let again = agent_service::Model { mode, state: AgentServiceState::Active, modified: tx.now, ..row };
        list::replace(&tx.db, again).await.map_err(AppError::from)?;
        return Ok(Registered { id, is_new: false });
    }
    let row = agent_service::Model {
        id: ids::new(tx.now),
        identity_id: identity.id,
        name,
        mode,
        state: AgentServiceState::Active,
        statistics: json!({}),
        created: tx.now,
        modified: tx.now,
    };
    let id = row.id.0;
    mercat_store::insert(&tx.db, row).await.map_err(AppError::from)?;
    Ok(Registered { id, is_new: true })
}

async fn own_service(tx: &Tx, id: Uuid) -> Result<agent_service::Model, AppError> {
    let row = tx.visible::<Services>(id).await?;
    let identity = list::find::<agent_identity::Entity>(&tx.db, row.identity_id).await?.ok_or(AppError::NotFound)?;
    may_run(tx, identity.offering_id).await?;
    list::lock_content(&tx.db, &[Filter::equals(agent_service::Column::Id, row.id)]).await?;
    Ok(row)
}

/// Registers a processor of a service; the same name is the same processor.
///
/// # Errors
/// As [`register_service`].
pub async fn register_processor<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<Registered, X> {
    let service = own_service(tx, id).await?;
    let input = input?;
    let name = text(&input, "name");
    let same = [
        Filter::equals(agent_processor::Column::ServiceId, service.id),
        Filter::equals(agent_processor::Column::Name, name.as_str()),
    ];
    let present = list::lock::<agent_processor::Entity>(&tx.db, &same).await.map_err(AppError::from)?;
    let is_new = present.is_none();
    let row = agent_processor::Model {
        id: present.as_ref().map_or_else(|| ids::new(tx.now), |row| row.id),
        service_id: service.id,
        name,
        backend_type: text(&input, "backend_type"),
        backend_version: input.get("backend_version").and_then(Value::as_str).map(str::to_owned),
        last_run: Some(tx.now),
        created: present.as_ref().map_or(tx.now, |row| row.created),
        modified: tx.now,
    };
    let id = row.id.0;
    let written = if is_new { mercat_store::insert(&tx.db, row).await } else { list::replace(&tx.db, row).await };
    written.map_err(AppError::from)?;
    Ok(Registered { id, is_new })
}

/// Keeps what a service counts.
///
/// # Errors
/// As [`register_service`].
pub async fn set_statistics<X: From<AppError>>(tx: &mut Tx, id: Uuid, input: Result<Input, X>) -> Result<(), X> {
    let service = own_service(tx, id).await?;
    let statistics = input?.remove("statistics").unwrap_or_else(|| json!({}));
    let row = agent_service::Model { statistics, modified: tx.now, ..service };
    Ok(list::replace(&tx.db, row).await.map_err(AppError::from)?)
}

/// A subscription of the caller that wants nothing yet.
pub(super) fn subscription(tx: &Tx) -> Result<event_subscription::Model, AppError> {
    Ok(event_subscription::Model {
        id: ids::new(tx.now),
        user_id: tx.person()?.id,
        identity_id: None,
        description: String::new(),
        observable_objects: json!([]),
        source_ip: None,
        created: tx.now,
        modified: tx.now,
    })
}

/// What older agents do instead of registering a queue: a subscription for one type of objects.
///
/// # Errors
/// As [`register_service`].
pub async fn register_subscription<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<Registered, X> {
    let identity = own_identity(tx, id).await?;
    let input = input?;
    let objects = json!([{ "object_type": text(&input, "observable_object_type") }]);
    let of = [
        Filter::equals(event_subscription::Column::IdentityId, identity.id),
        Filter::equals(event_subscription::Column::UserId, tx.person()?.id),
    ];
    let known = list::all::<event_subscription::Entity>(&tx.db, &of, &[]).await.map_err(AppError::from)?;
    if let Some(row) = known.into_iter().find(|row| row.observable_objects == objects) {
        return Ok(Registered { id: row.id.0, is_new: false });
    }
    let row = event_subscription::Model {
        identity_id: Some(identity.id),
        description: text(&input, "description"),
        observable_objects: objects,
        ..subscription(tx)?
    };
    let id = row.id.0;
    mercat_store::insert(&tx.db, row).await.map_err(AppError::from)?;
    Ok(Registered { id, is_new: true })
}

/// The types that a list names.
fn types_of(value: Option<&Value>) -> Result<Vec<ObservableType>, AppError> {
    let mut errors = FieldErrors::new();
    let mut types = Vec::new();
    for name in value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        match name.parse::<ObservableType>() {
            Ok(known) if !types.contains(&known) => types.push(known),
            Ok(_) => {}
            Err(_) => errors.push("object_types", format!("\"{name}\" is not a valid choice.")),
        }
    }
    errors.into_result()?;
    Ok(types)
}

/// Registers the one queue of an agent (agents from 1.0.7 on). A queue that is there keeps its place in the log, so that
/// nothing is missed over restarts; a new one begins with what happens from now on.
///
/// # Errors
/// As [`register_service`].
pub async fn register_queue<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<event_queue::Model, X> {
    let identity = own_identity(tx, id).await?;
    let types = types_of(input?.get("object_types"))?;
    let user = tx.person()?.id;
    let same = [
        Filter::equals(event_queue::Column::IdentityId, identity.id),
        Filter::equals(event_queue::Column::UserId, user),
        Filter::is_set(event_queue::Column::SubscriptionId, false),
    ];
    let present = list::lock::<event_queue::Entity>(&tx.db, &same).await.map_err(AppError::from)?;
    let id = present.as_ref().map_or_else(|| ids::new::<EventQueueId>(tx.now), |row| row.id);
    let row = event_queue::Model {
        id,
        name: format!("consumer_{id}"),
        user_id: user,
        offering_id: identity.offering_id,
        identity_id: Some(identity.id),
        subscription_id: None,
        object_types: json!(types),
        seq: 0,
        created: tx.now,
        modified: tx.now,
    };
    Ok(place(tx, present, row).await?)
}

/// Makes the queue of an older agent's subscription for one offering and type.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], what `input` says, [`AppError::Invalid`], or the database failed.
pub async fn create_queue<X: From<AppError>>(
    tx: &mut Tx,
    id: Uuid,
    input: Result<Input, X>,
) -> Result<(event_queue::Model, bool), X> {
    let subscription = tx.visible::<Subscriptions>(id).await?;
    if subscription.user_id != tx.person()?.id {
        return Err(AppError::Forbidden.into());
    }
    let input = input?;
    let offering: OfferingId = crate::collection::id(&input, "offering_uuid").unwrap_or(OfferingId(Uuid::nil()));
    let seen = tx.visible::<ProviderOfferings>(offering.uuid()).await;
    seen.map_err(|error| match error {
        AppError::NotFound => AppError::from(Invalid::field("offering_uuid", "Object does not exist.")),
        other => other,
    })?;
    may_run(tx, offering).await?;
    let held = [Filter::equals(event_subscription::Column::Id, subscription.id)];
    list::lock_content(&tx.db, &held).await.map_err(AppError::from)?;
    let kind = text(&input, "object_type");
    let name = format!("subscription_{}_offering_{offering}_{kind}", subscription.id);
    let same = [Filter::equals(event_queue::Column::Name, name.as_str())];
    let present = list::lock::<event_queue::Entity>(&tx.db, &same).await.map_err(AppError::from)?;
    let is_new = present.is_none();
    let row = event_queue::Model {
        id: present.as_ref().map_or_else(|| ids::new(tx.now), |row| row.id),
        name,
        user_id: subscription.user_id,
        offering_id: offering,
        identity_id: subscription.identity_id,
        subscription_id: Some(subscription.id),
        object_types: json!([kind]),
        seq: 0,
        created: tx.now,
        modified: tx.now,
    };
    Ok((place(tx, present, row).await?, is_new))
}

/// Stores a queue: at its old place if there was one, else at the end of the log.
async fn place(
    tx: &Tx,
    present: Option<event_queue::Model>,
    row: event_queue::Model,
) -> Result<event_queue::Model, AppError> {
    if let Some(present) = present {
        let row = event_queue::Model { seq: present.seq, created: present.created, ..row };
        list::replace(&tx.db, row.clone()).await?;
        return Ok(row);
    }
    // Held until the commit: nothing can come between this place in the log and the queue's being there.
    let row = event_queue::Model { seq: event::lock_head(&tx.db).await?, ..row };
    mercat_store::insert(&tx.db, row.clone()).await?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_once_and_known() {
        let types = types_of(Some(&json!(["order", "order", "resource"]))).unwrap();
        assert_eq!(types, [ObservableType::Order, ObservableType::Resource]);
        assert!(types_of(Some(&json!(["nonsense"]))).is_err());
        assert_eq!(types_of(None).unwrap(), []);
    }
}
