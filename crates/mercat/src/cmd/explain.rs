//! `mercat explain`: why an order waits, as text.

use anyhow::Context as _;
use mercat_app::{
    App, auth,
    entity::order,
    explain::{Explanation, Possible, explain},
    list::{self, Filter},
    orders::retrieve,
};
use mercat_domain::{id::OrderId, order::OrderState};

use super::events::operator;
use crate::output;

/// Explains the order that is called so, for the operator or for somebody else.
pub async fn run(app: &App, called: &str, viewer: Option<String>) -> anyhow::Result<()> {
    let actor = match &viewer {
        Some(name) => auth::actor_named(app, name).await.with_context(|| format!("there is no user {name}"))?,
        None => operator(),
    };
    let order = order_called(app, called).await?;
    let seen = retrieve(app, &actor, &order.id.into())
        .await
        .with_context(|| format!("{} does not see the order", viewer.as_deref().unwrap_or("staff")))?;
    let told = explain(app, &actor, &seen).await?;
    output::line(&format!("{}  {}  {}", order.slug, order.id, told.state));
    for line in lines(&told) {
        output::line(&line);
    }
    output::line(&format!("actions for {}:", viewer.as_deref().unwrap_or("staff")));
    for action in &told.actions {
        output::line(&format!("  {}", possible(action, told.state)));
    }
    Ok(())
}

/// The order with that id or name.
pub(super) async fn order_called(app: &App, called: &str) -> anyhow::Result<order::Model> {
    let filter = match called.parse::<OrderId>() {
        Ok(id) => Filter::equals(order::Column::Id, id),
        Err(_) => Filter::equals(order::Column::Slug, called),
    };
    list::first::<order::Entity>(app.db.read(), &[filter]).await?.with_context(|| format!("there is no order {called}"))
}

fn lines(told: &Explanation) -> Vec<String> {
    let mut lines = vec![told.headline.clone()];
    lines.extend(told.since.as_ref().map(|since| format!("since: {since}")));
    let people = told.waits_for.people.as_deref().filter(|people| !people.is_empty());
    lines.extend(people.map(|people| format!("who may act: {}", people.join(", "))));
    lines.extend(told.blocked_by.iter().map(|reason| format!("blocked: {reason}")));
    lines.extend(told.next_state.map(|state| format!("next: {state}")));
    lines.extend(told.scheduled.iter().map(|job| format!("by itself: {} {}", job.due, job.what)));
    lines
}

fn possible(action: &Possible, now: OrderState) -> String {
    let name = action.action.to_string();
    if action.allowed {
        let to = action.leads_to.filter(|to| *to != now).map(|to| format!(", leads to {to}"));
        return format!("{name:<24} possible{}", to.unwrap_or_default());
    }
    let part = |label: &str, text: &Option<String>| text.as_ref().map(|text| format!(" {label}: {text}"));
    let why = action.why_not.as_deref().unwrap_or("not possible");
    let (who, first) = (part("Who could", &action.who_could), part("What helps", &action.what_unblocks));
    format!("{name:<24} no: {why}{}{}", who.unwrap_or_default(), first.unwrap_or_default())
}
