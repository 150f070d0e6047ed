//! Mail that a change calls for: who gets it is settled in the change's transaction (spec 15.6).

use mercat_domain::{
    order::Notice,
    permission::{Permission, Scope},
};
use mercat_store::{entity::user, outbox::Message, people};
use serde_json::json;

use crate::{AppError, Tx, orders::Loaded};

/// Queues a notice to everybody who should get it; none when that is nobody.
pub(crate) async fn queue(tx: &mut Tx, loaded: &Loaded, notice: Notice) -> Result<(), AppError> {
    let mut people = recipients(tx, loaded, notice).await?;
    people.sort_by(|a, b| a.email.cmp(&b.email));
    people.dedup_by(|a, b| a.email == b.email);
    if people.is_empty() {
        return Ok(());
    }
    let to: Vec<&str> = people.iter().map(|user| user.email.as_str()).collect();
    let payload = json!({ "template": notice, "to": to });
    tx.send(Message { kind: "mail", order: loaded.order.id, payload });
    Ok(())
}

async fn recipients(tx: &Tx, loaded: &Loaded, notice: Notice) -> Result<Vec<user::Model>, AppError> {
    let order = &loaded.order;
    let consumer = [Scope::Project(order.project_id), Scope::Customer(order.customer_id)];
    let provider = [Scope::Customer(order.provider_id), Scope::Offering(order.offering_id)];
    let holders =
        |scopes: [Scope; 2]| async move { people::holders(&tx.db, &scopes, Permission::OrderApprove, tx.now).await };
    let mut found = match notice {
        Notice::PendingConsumer => holders(consumer).await?,
        Notice::PendingProvider => holders(provider).await?,
        Notice::Rejected => creator(tx, loaded).await?,
        Notice::UpdateSucceeded | Notice::LimitsSucceeded => people::members(&tx.db, order.project_id, tx.now).await?,
    };
    let is_pending = matches!(notice, Notice::PendingConsumer | Notice::PendingProvider);
    if is_pending && tx.app.settings.notify_staff {
        found.extend(people::staff(&tx.db).await?);
    }
    Ok(found)
}

async fn creator(tx: &Tx, loaded: &Loaded) -> Result<Vec<user::Model>, AppError> {
    let Some(id) = loaded.order.created_by else { return Ok(Vec::new()) };
    let user = people::user(&tx.db, id).await?;
    Ok(user.filter(|user| user.is_active && user.notifications_enabled && !user.email.is_empty()).into_iter().collect())
}
