//! The page, put together.

use askama::Template;
use mercat_app::{
    App, AppError,
    decide::{Decidable, Standing},
};
use mercat_domain::{order::OrderState, time};

use super::{
    facts::{self, Fact, Limits},
    notice::Notice,
    timeline::{self, Entry},
    words,
};
use crate::text;

/// What the buttons say and bring about.
struct Buttons {
    /// Who decides.
    name: String,
    approve: &'static str,
    reject: &'static str,
}

/// What is ordered and how it stands, in one sentence.
struct Headline {
    what: &'static str,
    resource: String,
    offering: String,
    state: &'static str,
    whom: Option<String>,
}

/// The page of an order.
#[derive(Template)]
#[template(path = "decide.html")]
pub(super) struct Page {
    title: String,
    slug: String,
    notice: Option<Notice>,
    headline: Headline,
    since: String,
    since_iso: String,
    age: String,
    cost: Vec<Fact>,
    limits: Limits,
    place: Vec<Fact>,
    comment: Vec<String>,
    reason: Vec<String>,
    details: Vec<Fact>,
    buttons: Option<Buttons>,
    timeline: Vec<Entry>,
    older: usize,
}

/// Reads what is missing and puts the page together.
pub(super) async fn page(app: &App, found: &Decidable, notice: Option<Notice>) -> Result<Page, AppError> {
    let row = &found.order.row;
    let present = facts::present(app, found).await?;
    let limits = facts::limits(app, found, present.as_ref()).await?;
    let headline = headline(found);
    let (timeline, older) = timeline::entries(found);
    let since = timeline::since(found);
    let reason = [Some(&row.error_message), row.termination_comment.as_ref()];
    let reason = reason.into_iter().flatten().find(|reason| !reason.is_empty());
    let may_decide = found.standing == Standing::Open && notice.as_ref().is_none_or(|notice| !notice.look_again);
    Ok(Page {
        title: title(notice.as_ref(), &headline),
        slug: text::name(&row.slug),
        since: text::moment(since),
        since_iso: time::format(since),
        age: text::span(app.now() - since),
        cost: facts::cost(found, present.as_ref()),
        limits,
        place: facts::place(row),
        comment: row.request_comment.as_deref().map(text::lines).unwrap_or_default(),
        reason: reason.map(|reason| text::lines(reason)).unwrap_or_default(),
        details: facts::details(row),
        buttons: may_decide.then(|| buttons(found)),
        notice,
        headline,
        timeline,
        older,
    })
}

fn headline(found: &Decidable) -> Headline {
    let row = &found.order.row;
    Headline {
        what: words::what(&found.order),
        resource: text::name(&row.resource_name),
        offering: text::name(&row.offering_name),
        state: words::state(row.state),
        whom: words::whom(row).map(text::name),
    }
}

fn title(notice: Option<&Notice>, headline: &Headline) -> String {
    let subject = format!("{} {}", headline.what, headline.resource);
    notice.map_or_else(|| format!("Approve or reject: {subject}"), |notice| format!("{}: {subject}", notice.title))
}

fn buttons(found: &Decidable) -> Buttons {
    let actor = &found.actor;
    let name = if actor.full_name.is_empty() { &actor.username } else { &actor.full_name };
    let is_consumer = found.order.row.state == OrderState::PendingConsumer;
    Buttons {
        name: text::name(name),
        approve: if is_consumer {
            "The order goes on: to the provider, or into its execution."
        } else {
            "The order is carried out, on its start date if it has one."
        },
        reject: "The order ends, and nothing is changed by it. Whoever ordered is told.",
    }
}
