//! Mail that a change calls for: who gets it is settled in the change's transaction (spec 15.6), one message a person.

use chrono::TimeDelta;
use mercat_domain::{
    delivery::{DeliveryKind, MailMode},
    id::{DecisionLinkId, DigestEntryId, UserId},
    order::{Action, Notice, OrderState, visible},
    permission::{Actor, Permission, Scope},
    time::{self, Timestamp, start_of_day},
};
use mercat_store::{
    delivery::Message,
    entity::{decision_link, digest_entry, hook, user},
    list::{self, Filter, Key},
    order::OrderRow,
    people,
};
use serde_json::{Value, json};

use crate::{
    App, AppError, Tx,
    events::since,
    ids,
    jobs::JobKind,
    orders::{Loaded, any_order},
};

/// How long a link in a mail can decide.
const LINK_LIFE: TimeDelta = TimeDelta::days(14);
/// The hour of the day (UTC) at which daily mail leaves.
const DIGEST_HOUR: TimeDelta = TimeDelta::hours(6);
/// The name of the template of a reminder.
const REMINDER: &str = "reminder_of_pending_order";

/// Queues a notice to everybody who should get it.
pub(crate) async fn queue(tx: &mut Tx, loaded: &Loaded, notice: Notice) -> Result<(), AppError> {
    if !tx.app.settings.sends_mail {
        return Ok(());
    }
    let people = recipients(tx, loaded, notice).await?;
    tell(tx, loaded, people, notice.as_str(), asks_for(notice)).await
}

/// What the reader of a notice is asked to do, if anything.
const fn asks_for(notice: Notice) -> Option<Action> {
    match notice {
        Notice::PendingConsumer => Some(Action::ApproveByConsumer),
        Notice::PendingProvider => Some(Action::ApproveByProvider),
        Notice::Rejected | Notice::UpdateSucceeded | Notice::LimitsSucceeded => None,
    }
}

/// Reminds those who can approve an order that still waits for them; what it waits for is asked anew.
///
/// # Errors
/// The database failed.
pub(crate) async fn remind(tx: &mut Tx, id: mercat_domain::id::OrderId) -> Result<(), AppError> {
    let Some(loaded) = any_order(tx, id).await? else { return Ok(()) };
    let Some(after) = tx.app.settings.remind_after else { return Ok(()) };
    let notice = match loaded.order.state {
        OrderState::PendingConsumer => Notice::PendingConsumer,
        OrderState::PendingProvider => Notice::PendingProvider,
        _ => return Ok(()),
    };
    // An order that came into another state meanwhile has a reminder of its own; a new attachment makes no difference.
    let since = since(&tx.db, id).await?.unwrap_or(loaded.order.created);
    if tx.now - since < after {
        return Ok(());
    }
    let people = recipients(tx, &loaded, notice).await?;
    tell(tx, &loaded, people, REMINDER, asks_for(notice)).await
}

/// How somebody wants mail.
///
/// # Errors
/// The database failed.
pub async fn preference(app: &App, actor: &Actor) -> Result<MailMode, AppError> {
    Ok(people::mail_mode(app.db.read(), actor.id).await?.unwrap_or(MailMode::Each))
}

/// Sets how whoever makes the change wants mail; `None` leaves it as it is. Returns how it is then.
///
/// # Errors
/// [`AppError::Forbidden`] for the service itself, or the database failed.
pub async fn set_preference(tx: &mut Tx, mode: Option<MailMode>) -> Result<MailMode, AppError> {
    let user = tx.person()?.id;
    if let Some(mode) = mode {
        people::set_mail_mode(&tx.db, user, mode, tx.now).await?;
    }
    mail_mode(tx, user).await
}

async fn tell(
    tx: &mut Tx,
    loaded: &Loaded,
    mut people: Vec<user::Model>,
    template: &str,
    asked: Option<Action>,
) -> Result<(), AppError> {
    people.sort_by(|a, b| a.email.cmp(&b.email));
    people.dedup_by(|a, b| a.email == b.email);
    if people.is_empty() {
        return Ok(());
    }
    let id = loaded.order.id;
    let row = tx.order_row(id).await?;
    for person in people {
        let mode = mail_mode(tx, person.id).await?;
        if mode == MailMode::Off {
            continue;
        }
        let link = match asked {
            Some(action) if may(tx, loaded, &person, action).await? => Some(decision_link(tx, &row, person.id).await?),
            _ => None,
        };
        let notice = notice_of(tx, &row, template, &person);
        match mode {
            MailMode::Daily => gather(tx, person.id, notice, link).await?,
            _ => send(tx, &person, template, &json!({ "notice": notice, "link": link }), Some(id)),
        }
    }
    Ok(())
}

/// Whether somebody sees the order and holds the right to do this to it: who gets mail need not (spec 5, 15.6).
async fn may(tx: &Tx, loaded: &Loaded, person: &user::Model, action: Action) -> Result<bool, AppError> {
    let (actor, order) = (people::actor(&tx.db, person, tx.now).await?, &loaded.order);
    let sees = visible(&actor, order.project_id, order.customer_id, order.provider_id);
    Ok(sees && action.rule().gate.lets(Some(&actor), &loaded.facts))
}

/// How somebody wants mail: each as it comes, unless they say otherwise.
async fn mail_mode(tx: &Tx, user: UserId) -> Result<MailMode, AppError> {
    Ok(people::mail_mode(&tx.db, user).await?.unwrap_or(MailMode::Each))
}

/// What a mail about an order says.
fn notice_of(tx: &Tx, row: &OrderRow, template: &str, to: &user::Model) -> Value {
    let reason = if row.error_message.is_empty() { row.termination_comment.as_ref() } else { Some(&row.error_message) };
    json!({
        "template": template,
        "to_name": to.name(),
        "recipient_username": to.username,
        "order_slug": row.slug,
        "order_type": row.order_type,
        "resource_name": row.resource_name,
        "offering_name": row.offering.name,
        "provider_name": row.provider.name,
        "project_name": row.project.name,
        "customer_name": row.customer.name,
        "created_by_name": row.creator.as_ref().map(|person| person.name()),
        "state": row.state,
        "cost": row.cost,
        "plan_name": row.plan.as_ref().map(|plan| &plan.name),
        "comment": row.request_comment,
        "reason": reason,
        "at": time::format(tx.now),
        "links": { "order": format!("{}/orders/{}/", tx.app.settings.public_url, row.id) },
    })
}

/// A link with which one person can decide on the order as it is now, once.
async fn decision_link(tx: &Tx, row: &OrderRow, user: UserId) -> Result<DecisionLinkId, AppError> {
    let link = decision_link::Model {
        id: ids::new(tx.now),
        user_id: user,
        order_id: row.id,
        version: row.version,
        expires: tx.now + LINK_LIFE,
        used: None,
        created: tx.now,
    };
    let id = link.id;
    mercat_store::insert(&tx.db, link).await?;
    Ok(id)
}

/// Removes links that have been unable to decide for so long that nobody will ask why.
///
/// # Errors
/// The database failed.
pub(crate) async fn forget_dead_links(tx: &Tx) -> Result<(), AppError> {
    let dead = [Filter::to(decision_link::Column::Expires, tx.now - LINK_LIFE)];
    list::delete(&tx.db, &dead).await?;
    Ok(())
}

fn send(tx: &mut Tx, to: &user::Model, template: &str, content: &Value, order: Option<mercat_domain::id::OrderId>) {
    let subject = order.map_or_else(|| "digest".to_owned(), |id| id.to_string());
    let mut payload = json!({ "template": template, "to": to.email });
    if let (Value::Object(all), Some(content)) = (&mut payload, content.as_object()) {
        all.extend(content.clone());
    }
    let message = Message {
        id: ids::new(tx.now),
        kind: DeliveryKind::Mail,
        lane: format!("mail:{}:{subject}", to.id),
        target: "mail".to_owned(),
        order,
        hook: None,
        event: None,
        payload,
    };
    tx.send(message);
}

/// Keeps a notice for the daily mail, and makes sure that this mail will leave.
async fn gather(tx: &mut Tx, user: UserId, notice: Value, link: Option<DecisionLinkId>) -> Result<(), AppError> {
    let entry = digest_entry::Model {
        id: ids::new::<DigestEntryId>(tx.now),
        user_id: user,
        payload: json!({ "notice": notice, "link": link }),
        created: tx.now,
    };
    mercat_store::insert(&tx.db, entry).await?;
    // The job has the person's id: there is one at most.
    tx.schedule_once(JobKind::Digest, user.uuid(), next_digest(tx.now)).await
}

/// The next moment at which daily mail leaves.
fn next_digest(now: Timestamp) -> Timestamp {
    let today = start_of_day(now.date_naive()) + DIGEST_HOUR;
    if now < today { today } else { today + TimeDelta::days(1) }
}

/// Sends somebody all that was gathered, in one mail.
///
/// # Errors
/// The database failed.
pub(crate) async fn digest(tx: &mut Tx, user: UserId) -> Result<(), AppError> {
    let of = [Filter::equals(digest_entry::Column::UserId, user)];
    let by_time = [Key::column(digest_entry::Column::Created, false)];
    let entries = list::all::<digest_entry::Entity>(&tx.db, &of, &by_time).await?;
    let person = people::user(&tx.db, user).await?;
    list::delete(&tx.db, &of).await?;
    let Some(person) = person.filter(|person| person.is_active && person.notifications_enabled) else { return Ok(()) };
    if entries.is_empty() || person.email.is_empty() || mail_mode(tx, user).await? == MailMode::Off {
        return Ok(());
    }
    let content = json!({
        "to_name": person.name(),
        "entries": entries.iter().map(|entry| &entry.payload).collect::<Vec<_>>(),
    });
    send(tx, &person, "digest", &content, None);
    Ok(())
}

/// Tells the owner of a hook that it was switched off.
pub(crate) async fn hook_disabled(tx: &mut Tx, hook: &hook::Model, why: &str) -> Result<(), AppError> {
    let Some(owner) = people::user(&tx.db, hook.user_id).await? else { return Ok(()) };
    if !owner.is_active || owner.email.is_empty() || mail_mode(tx, owner.id).await? == MailMode::Off {
        return Ok(());
    }
    let content = json!({ "disabled": {
        "name": hook.name, "destination": hook.destination, "reason": why,
        "since": time::format(hook.failing_since.unwrap_or(tx.now)),
    } });
    send(tx, &owner, "hook_disabled", &content, None);
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
