//! Deciding by a link from a mail: it opens a page, and only the page's button decides, once.

use mercat_domain::{
    id::DecisionLinkId,
    order::{Action, OrderState},
    permission::Actor,
};
use mercat_store::{
    entity::decision_link,
    list::{self, Filter},
    people,
};

use crate::{
    App, AppError, Begun, Tx,
    events::{EventView, history},
    orders::{self, Approval, OrderView},
    outgoing::link_token_id,
};

/// What a link leads to.
#[derive(Debug, Clone)]
pub struct Decidable {
    /// Whom the link was sent to, with the rights of the moment.
    pub actor: Actor,
    /// The order as it is now.
    pub order: OrderView,
    /// What happened to it, oldest first.
    pub history: Vec<EventView>,
    /// How the link stands.
    pub standing: Standing,
}

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can decide.
    Open,
    /// It has decided already.
    Used,
    /// Its time is over.
    Expired,
    /// The order is not what it was when the mail was written.
    Changed,
}

/// What the reader of a mail decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    Approve,
    /// Refuse.
    Reject,
}

async fn opened(app: &App, token: &str) -> Result<(decision_link::Model, Actor), AppError> {
    let id: DecisionLinkId = link_token_id(app.settings.key, token).ok_or(AppError::NotFound)?;
    let conn = app.db.read();
    let link = list::find::<decision_link::Entity>(conn, id).await?.ok_or(AppError::NotFound)?;
    let user = people::user(conn, link.user_id).await?.filter(|user| user.is_active).ok_or(AppError::NotFound)?;
    Ok((link, people::actor(conn, &user, app.now()).await?))
}

fn standing(link: &decision_link::Model, version: i64, now: mercat_domain::time::Timestamp) -> Standing {
    match link.used {
        Some(_) => Standing::Used,
        None if now > link.expires => Standing::Expired,
        None if link.version != version => Standing::Changed,
        None => Standing::Open,
    }
}

/// Shows what a link is about; nothing is decided.
///
/// # Errors
/// [`AppError::NotFound`] for a link that is none of ours, whose person may not sign in any more, or who no longer sees
/// the order; or the database failed.
pub async fn look(app: &App, token: &str) -> Result<Decidable, AppError> {
    let (link, actor) = opened(app, token).await?;
    let order = orders::retrieve(app, &actor, &link.order_id.into()).await?;
    let history = history(app, &order).await?;
    let standing = standing(&link, order.row.version, app.now());
    Ok(Decidable { actor, order, history, standing })
}

/// Decides: with the rights of the moment, on the order as the mail showed it, and once.
///
/// # Errors
/// As [`look`]; [`AppError::Conflict`] when the link cannot decide any more; what the rules refuse.
pub async fn decide(app: &App, token: &str, wish: Wish) -> Result<Approval, AppError> {
    let (link, actor) = opened(app, token).await?;
    let Begun::Fresh(mut tx) = app.begin(actor, None).await? else { return Err(AppError::Conflict) };
    let done = decide_in(&mut tx, &link, wish).await?;
    tx.commit().await?;
    Ok(done)
}

async fn decide_in(tx: &mut Tx, link: &decision_link::Model, wish: Wish) -> Result<Approval, AppError> {
    let order = mercat_store::order::lock(&tx.db, link.order_id).await?.ok_or(AppError::NotFound)?;
    let this = [Filter::equals(decision_link::Column::Id, link.id)];
    let link = list::lock::<decision_link::Entity>(&tx.db, &this).await?.ok_or(AppError::NotFound)?;
    if standing(&link, order.version, tx.now()) != Standing::Open {
        return Err(AppError::Conflict);
    }
    let action = match (order.state, wish) {
        (OrderState::PendingConsumer, Wish::Approve) => Action::ApproveByConsumer,
        (OrderState::PendingConsumer, Wish::Reject) => Action::RejectByConsumer,
        (_, Wish::Approve) => Action::ApproveByProvider,
        (_, Wish::Reject) => Action::RejectByProvider,
    };
    let done = orders::act(tx, &link.order_id.into(), action).await?;
    list::replace(&tx.db, decision_link::Model { used: Some(tx.now()), ..link }).await?;
    Ok(done)
}
