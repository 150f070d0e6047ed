//! What left the process about an order, or is to: calls and mail, with what came of them.

use mercat_app::{
    App, AppError, collection,
    entity::delivery::Column,
    list::{Filter, Key},
    outgoing::{Deliveries, DeliveryView, redeliver},
};
use mercat_domain::{
    delivery::{DeliveryKind, DeliveryState},
    id::OrderId,
    permission::Actor,
    time,
};
use uuid::Uuid;

use crate::text;

/// Older ones are in the API.
const MOST: u64 = 20;

/// A message as the page shows it.
pub(super) struct Delivery {
    pub id: String,
    pub what: &'static str,
    /// Where it goes, as far as its reader may know.
    pub target: String,
    pub state: &'static str,
    pub moment: String,
    pub iso: String,
    /// What came of the last try.
    pub note: String,
    pub may_redeliver: bool,
}

/// The newest messages about an order that the actor sees, newest first.
pub(super) async fn of(app: &App, actor: &Actor, order: OrderId) -> Result<Vec<Delivery>, AppError> {
    let about = [Filter::equals(Column::OrderId, order)];
    let newest_first = [Key::column(Column::Number, true)];
    let found = collection::list::<Deliveries>(app, actor, &about, &newest_first, (0, MOST)).await?;
    Ok(found.iter().map(shown).collect())
}

fn shown(view: &DeliveryView) -> Delivery {
    let row = &view.row;
    let what = match row.kind {
        DeliveryKind::Callback => "Callback",
        DeliveryKind::WebHook | DeliveryKind::Signed => "Webhook",
        DeliveryKind::Mail => "Mail",
    };
    let state = match row.state {
        DeliveryState::Pending if row.attempts > 0 => "is tried again",
        DeliveryState::Pending => "on its way",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "given up",
    };
    let target = match row.kind {
        DeliveryKind::Callback => row.payload["url"].as_str(),
        DeliveryKind::Mail => row.payload["to"].as_str(),
        DeliveryKind::WebHook | DeliveryKind::Signed => None,
    };
    let last = view.attempts.last();
    let at = last.map_or(row.created, |attempt| attempt.at);
    Delivery {
        id: row.id.to_string(),
        what,
        target: text::name(target.unwrap_or_default()),
        state,
        moment: text::moment(at),
        iso: time::format(at),
        note: text::name(&note(view)),
        may_redeliver: view.may_redeliver,
    }
}

fn note(view: &DeliveryView) -> String {
    let Some(last) = view.attempts.last() else { return String::new() };
    let tries = match view.attempts.len() {
        1 => String::new(),
        many => format!("{many} tries; "),
    };
    let came = match (&last.error, last.status) {
        (Some(error), _) => error.clone(),
        (None, Some(status)) => format!("answered {status} after {} ms", last.milliseconds),
        (None, None) => format!("after {} ms", last.milliseconds),
    };
    let next = match view.row.state {
        DeliveryState::Pending => format!(" Next try: {}.", text::moment(view.row.due)),
        DeliveryState::Delivered | DeliveryState::Dead => String::new(),
    };
    format!("{tries}{came}{next}")
}

/// Sends a message about this order once more.
pub(super) async fn again(app: &App, actor: &Actor, order: OrderId, id: &str) -> Result<(), AppError> {
    let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
    let this = [Filter::equals(Column::OrderId, order), Filter::equals(Column::Id, id)];
    if collection::count::<Deliveries>(app, actor, &this).await? == 0 {
        return Err(AppError::NotFound);
    }
    let mercat_app::Begun::Fresh(mut tx) = app.begin(actor.clone(), None).await? else {
        return Err(AppError::Conflict);
    };
    match redeliver(&mut tx, id).await {
        // A second click: it is on its way already.
        Err(AppError::State(_)) => Ok(()),
        Err(error) => Err(error),
        Ok(()) => tx.commit().await,
    }
}
