//! An order as a page shows it, whoever reads it and whatever may be done there.

mod facts;
pub(crate) mod notice;
pub(crate) mod timeline;
pub(crate) mod words;

use mercat_app::{App, AppError, events::EventView, orders::OrderView};
use mercat_domain::{permission::Actor, time};

use crate::text;
use facts::{Fact, Limits};
use timeline::Entry;

/// What is ordered and how it stands, in one sentence.
pub(crate) struct Headline {
    pub what: &'static str,
    pub resource: String,
    pub offering: String,
    pub state: &'static str,
    pub whom: Option<String>,
}

impl Headline {
    /// Of an order.
    pub fn of(order: &OrderView) -> Self {
        let row = &order.row;
        Self {
            what: words::what(order),
            resource: text::name(&row.resource_name),
            offering: text::name(&row.offering.name),
            state: words::state(row.state),
            whom: words::whom(row).map(text::name),
        }
    }
}

/// Everything about an order.
pub(crate) struct Body {
    pub slug: String,
    pub headline: Headline,
    pub since: String,
    pub since_iso: String,
    pub age: String,
    pub cost: Vec<Fact>,
    pub limits: Limits,
    pub place: Vec<Fact>,
    pub comment: Vec<String>,
    pub reason: Vec<String>,
    pub details: Vec<Fact>,
    pub has_attachment: bool,
    pub timeline: Vec<Entry>,
    pub older: usize,
}

impl Body {
    /// Reads what is missing and puts it together for somebody who sees the order.
    pub async fn of(app: &App, actor: &Actor, order: &OrderView, history: &[EventView]) -> Result<Self, AppError> {
        let row = &order.row;
        let present = facts::present(app, actor, order).await?;
        let limits = facts::limits(app, order, present.as_ref()).await?;
        let (timeline, older) = timeline::entries(row, history, app.now());
        let since = timeline::since(order, history);
        let reason = [Some(&row.error_message), row.termination_comment.as_ref()];
        let reason = reason.into_iter().flatten().find(|reason| !reason.is_empty());
        Ok(Self {
            slug: text::name(&row.slug),
            headline: Headline::of(order),
            since: text::moment(since),
            since_iso: time::format(since),
            age: text::span(app.now() - since),
            cost: facts::cost(order, present.as_ref()),
            limits,
            place: facts::place(row),
            comment: row.request_comment.as_deref().map(text::lines).unwrap_or_default(),
            reason: reason.map(|reason| text::lines(reason)).unwrap_or_default(),
            details: facts::details(row),
            has_attachment: row.attachment.is_some(),
            timeline,
            older,
        })
    }
}
