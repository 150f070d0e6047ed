//! Whoever wants to be told: hooks in Waldur's form and signed ones.

use std::{collections::HashMap, marker::PhantomData};

use mercat_domain::{
    delivery::HookKind,
    event::{EVENT_GROUPS, is_event_type},
    id::{HookId, UserId},
    invalid::FieldErrors,
    permission::Actor,
    time::Timestamp,
};
use mercat_store::{
    ConnectionTrait, Reads, delivery as deliveries,
    entity::{hook, user},
    event,
    list::{self, Filter},
    people,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{message::overlaps, webhook_secret};
use crate::{
    AppError, Tx,
    collection::{Collection, Editable, Input, Reader, merged},
    ids, notices,
};

/// Messages are signed with so many secrets at most.
const MOST_SECRETS: i64 = 5;

/// Hooks of one kind, or of all.
pub struct Hooks<S>(PhantomData<S>);

/// What tells the collections of hooks apart.
pub trait Sort: Send + Sync + 'static {
    /// The kind; `None` is all of them.
    const KIND: Option<HookKind>;
}

macro_rules! sorts {
    ($($(#[$doc:meta])* $alias:ident, $name:ident = $kind:expr;)+) => {$(
        #[doc(hidden)]
        pub enum $name {}

        impl Sort for $name {
            const KIND: Option<HookKind> = $kind;
        }

        $(#[$doc])*
        pub type $alias = Hooks<$name>;
    )+};
}

sorts! {
    /// Hooks of every kind.
    AllHooks, All = None;
    /// Web addresses in Waldur's form.
    WebHooks, Web = Some(HookKind::Web);
    /// Mail addresses in Waldur's form.
    EmailHooks, Email = Some(HookKind::Email);
    /// Web addresses that get signed messages.
    SignedHooks, Signed = Some(HookKind::Signed);
}

/// A hook with its owner.
#[derive(Debug, Clone)]
pub struct HookView {
    /// The hook.
    pub row: hook::Model,
    /// Whose it is.
    pub author: user::Model,
}

impl<S: Sort> Collection for Hooks<S> {
    type Entity = hook::Entity;
    type View = HookView;

    fn seen_by(actor: &Actor) -> Option<Filter<Self::Entity>> {
        let kind = S::KIND.map(|kind| Filter::equals(hook::Column::Kind, kind));
        let own = (!actor.sees_all()).then(|| Filter::equals(hook::Column::UserId, actor.id));
        match (kind, own) {
            (Some(kind), Some(own)) => Some(Filter::both([kind, own])),
            (one, other) => one.or(other),
        }
    }

    async fn views<C: Reads>(reader: &Reader<'_, C>, rows: Vec<hook::Model>) -> Result<Vec<HookView>, AppError> {
        let people = list::by_ids::<user::Entity, UserId>(reader.conn, rows.iter().map(|row| row.user_id)).await?;
        let view = |row: hook::Model| Some(HookView { author: people.get(&row.user_id)?.clone(), row });
        Ok(rows.into_iter().filter_map(view).collect())
    }
}

impl<S: Sort> Editable for Hooks<S> {
    async fn create(tx: &mut Tx, input: Input) -> Result<Uuid, AppError> {
        let kind = S::KIND.ok_or(AppError::Forbidden)?;
        let row = hook::Model {
            id: ids::new(tx.now),
            kind,
            user_id: tx.person()?.id,
            name: String::new(),
            destination: String::new(),
            content_type: "json".to_owned(),
            is_active: true,
            event_types: json!([]),
            event_groups: json!([]),
            secret_version: 1,
            oldest_secret: 1,
            rotated: None,
            failing_since: None,
            disabled_reason: String::new(),
            last_published: None,
            created: tx.now,
            modified: tx.now,
        };
        let row = once_each(merged(&row, input)?);
        check(tx, &row).await?;
        if row.is_active {
            begin_here(tx).await?;
        }
        let id = row.id.0;
        mercat_store::insert(&tx.db, row).await?;
        Ok(id)
    }

    async fn may_update(tx: &Tx, row: &hook::Model) -> Result<(), AppError> {
        let actor = tx.person()?;
        if actor.is_staff || actor.id == row.user_id { Ok(()) } else { Err(AppError::Forbidden) }
    }

    async fn update(tx: &mut Tx, row: hook::Model, input: Input) -> Result<(), AppError> {
        let mut new = once_each(merged(&row, input)?);
        check(tx, &new).await?;
        if new.is_active && !row.is_active {
            new.failing_since = None;
            new.disabled_reason.clear();
            begin_here(tx).await?;
        }
        if row.is_active && !new.is_active {
            deliveries::give_up(&tx.db, deliveries::of_hook(row.id), "The hook was switched off.", tx.now).await?;
        }
        Ok(list::replace(&tx.db, hook::Model { modified: tx.now, ..new }).await?)
    }

    async fn destroy(tx: &mut Tx, row: hook::Model) -> Result<(), AppError> {
        Self::may_update(tx, &row).await?;
        tx.remove::<hook::Entity>(row.id).await
    }
}

/// A hook whose lists name everything once.
fn once_each(mut row: hook::Model) -> hook::Model {
    for list in [&mut row.event_types, &mut row.event_groups] {
        let mut seen = std::collections::HashSet::new();
        if let Some(names) = list.as_array_mut() {
            names.retain(|name| seen.insert(name.to_string()));
        }
    }
    row
}

/// While no hook is on, the log is not read for hooks: the first that is begins with what happens from now on.
async fn begin_here(tx: &Tx) -> Result<(), AppError> {
    if !any_on(&tx.db).await? {
        let head = event::head(&tx.db).await?;
        event::set_cursor(&tx.db, super::fan_out::CURSOR, head).await?;
    }
    Ok(())
}

/// Whether anybody may want to be told.
pub(super) async fn any_on(conn: &impl ConnectionTrait) -> Result<bool, AppError> {
    let on = [Filter::equals(hook::Column::IsActive, true)];
    Ok(list::count::<hook::Entity>(conn, &on).await? > 0)
}

/// Where messages may go, and that the events exist.
async fn check(tx: &Tx, row: &hook::Model) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    let listed = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    for name in listed(&row.event_types) {
        if !is_event_type(&name) {
            errors.push("event_types", format!("\"{name}\" is not a valid choice."));
        }
    }
    for name in listed(&row.event_groups) {
        if EVENT_GROUPS.iter().all(|(group, _)| *group != name) {
            errors.push("event_groups", format!("\"{name}\" is not a valid choice."));
        }
    }
    let actor = tx.person()?;
    let destination = &row.destination;
    match row.kind {
        HookKind::Email => {
            let own = people::user(&tx.db, actor.id).await?.map(|user| user.email).unwrap_or_default();
            if !actor.is_staff && !own.eq_ignore_ascii_case(destination) {
                errors.push("email", "Only staff may have events sent to another address than their own.");
            }
        }
        HookKind::Web | HookKind::Signed => {
            if let Err(why) = (tx.app.settings.destinations.0)(destination) {
                errors.push("destination_url", why);
            }
        }
    }
    Ok(errors.into_result()?)
}

/// Every active hook that is `wanted`, with its owner.
pub(super) async fn active(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    wanted: impl Fn(&hook::Model) -> bool,
) -> Result<Vec<(hook::Model, Actor)>, AppError> {
    let mut rows = list::all::<hook::Entity>(conn, &[Filter::equals(hook::Column::IsActive, true)], &[]).await?;
    rows.retain(wanted);
    let mut owners: HashMap<UserId, Option<Actor>> = HashMap::new();
    let mut found = Vec::new();
    for row in rows {
        if let std::collections::hash_map::Entry::Vacant(unknown) = owners.entry(row.user_id) {
            unknown.insert(people::active_actor(conn, row.user_id, now).await?);
        }
        if let Some(Some(actor)) = owners.get(&row.user_id) {
            found.push((row, actor.clone()));
        }
    }
    Ok(found)
}

/// Switches a hook off, gives up what waits for it, and tells its owner by mail.
pub(super) async fn disable(tx: &mut Tx, hook: hook::Model, why: &str) -> Result<(), AppError> {
    deliveries::give_up(&tx.db, deliveries::of_hook(hook.id), why, tx.now).await?;
    notices::hook_disabled(tx, &hook, why).await?;
    let off = hook::Model {
        is_active: false,
        disabled_reason: why.to_owned(),
        failing_since: hook.failing_since.or(Some(tx.now)),
        modified: tx.now,
        ..hook
    };
    Ok(list::replace(&tx.db, off).await?)
}

/// Gives a hook a new secret; for a day messages are signed with the old one too. Returns the new one.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or the database failed.
pub async fn rotate(tx: &mut Tx, id: Uuid) -> Result<String, AppError> {
    let row = tx.visible::<SignedHooks>(id).await?;
    SignedHooks::may_update(tx, &row).await?;
    let version = row.secret_version + 1;
    // Rotations within a day of each other keep all secrets of that day.
    let oldest_secret = if overlaps(&row, tx.now) { row.oldest_secret } else { row.secret_version };
    let oldest_secret = oldest_secret.max(version - MOST_SECRETS + 1);
    let new = hook::Model { secret_version: version, oldest_secret, rotated: Some(tx.now), modified: tx.now, ..row };
    let secret = webhook_secret(tx.app.settings.key, new.id, version);
    list::replace(&tx.db, new).await?;
    Ok(secret)
}

/// The secret of a hook that was just made, to be shown once.
///
/// # Errors
/// [`AppError::NotFound`], or the database failed.
pub async fn first_secret(tx: &Tx, id: Uuid) -> Result<String, AppError> {
    let row = list::find::<hook::Entity>(&tx.db, HookId(id)).await?.ok_or(AppError::NotFound)?;
    Ok(webhook_secret(tx.app.settings.key, row.id, row.secret_version))
}
