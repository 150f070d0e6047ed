//! The page, put together.

use askama::Template;
use mercat_app::{
    App, AppError,
    decide::{Decidable, Standing},
};
use mercat_domain::order::OrderState;

use crate::{
    order::{Body, notice::Notice},
    text,
};

/// What the buttons say and bring about.
struct Buttons {
    /// Who decides.
    name: String,
    approve: &'static str,
    reject: &'static str,
}

/// The page of an order.
#[derive(Template)]
#[template(path = "decide.html")]
pub(super) struct Page {
    title: String,
    notice: Option<Notice>,
    body: Body,
    buttons: Option<Buttons>,
}

/// Reads what is missing and puts the page together.
pub(super) async fn page(app: &App, found: &Decidable, notice: Option<Notice>) -> Result<Page, AppError> {
    let body = Body::of(app, &found.actor, &found.order, &found.history).await?;
    let may_decide = found.standing == Standing::Open && notice.as_ref().is_none_or(|notice| !notice.look_again);
    let title = notice.as_ref().map_or("Approve or reject", |notice| &notice.title);
    Ok(Page {
        title: format!("{title}: {} {}", body.headline.what, body.headline.resource),
        buttons: may_decide.then(|| buttons(found)),
        notice,
        body,
    })
}

fn buttons(found: &Decidable) -> Buttons {
    let actor = &found.actor;
    let is_consumer = found.order.row.state == OrderState::PendingConsumer;
    Buttons {
        name: text::name(actor.name()),
        approve: if is_consumer {
            "The order goes on: to the provider, or into its execution."
        } else {
            "The order is carried out, on its start date if it has one."
        },
        reject: "The order ends, and nothing is changed by it. Whoever ordered is told.",
    }
}
