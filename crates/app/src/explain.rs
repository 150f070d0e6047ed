//! Whom an order waits for and since when, what comes next, and who may do what and why not: from the same decisions
//! and refusals that actions meet, so that it cannot say anything else.

use mercat_domain::{
    order::{Action, OrderFacts, OrderState, Processing, Refusal, decide, process},
    permission::{Actor, Permission, Scope},
    time::{self, Timestamp, start_of_day},
};
use mercat_store::{
    entity::{job, order},
    people, resource,
};
use serde::Serialize;

use crate::{
    App, AppError, auth, events,
    orders::{self, OrderView, gather},
};

/// An order explained to one viewer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Which order.
    pub order_uuid: String,
    /// Its state.
    pub state: OrderState,
    /// Since when it is in it.
    pub since: Option<String>,
    /// One sentence that says it all.
    pub headline: String,
    /// Whom it waits for.
    pub waits_for: Waiting,
    /// What stands in the way, whoever acts.
    pub blocked_by: Vec<String>,
    /// What comes next when it goes on; null when nothing does.
    pub next_state: Option<OrderState>,
    /// What happens by itself, and when.
    pub scheduled: Vec<Scheduled>,
    /// Every action, for this viewer.
    pub actions: Vec<Possible>,
}

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// `consumer`, `provider`, `date`, `service` or `nobody`.
    pub who: &'static str,
    /// How many people may act.
    pub count: usize,
    /// Their names, for viewers who work on that side.
    pub people: Option<Vec<String>>,
}

/// Something that happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scheduled {
    /// What.
    pub what: String,
    /// When.
    pub due: String,
}

/// Whether an action is possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Possible {
    /// Its name.
    pub action: Action,
    /// Whether the viewer may do it now.
    pub allowed: bool,
    /// The state that it would lead to.
    pub leads_to: Option<OrderState>,
    /// Why not.
    pub why_not: Option<String>,
    /// Who could.
    pub who_could: Option<String>,
    /// What has to happen first.
    pub what_unblocks: Option<String>,
}

/// What people and agents can do; the rest is the service's own.
const ACTIONS: [Action; 13] = [
    Action::ApproveByConsumer,
    Action::ApproveByProvider,
    Action::RejectByConsumer,
    Action::RejectByProvider,
    Action::Cancel,
    Action::Destroy,
    Action::SetStateExecuting,
    Action::SetStateDone,
    Action::SetStateErred,
    Action::SetBackendId,
    Action::UpdateAttachment,
    Action::DeleteAttachment,
    Action::Unlink,
];

/// Explains an order that was read for this actor.
///
/// # Errors
/// [`AppError::NotFound`] when it is gone, or the database failed.
pub async fn explain(app: &App, actor: &Actor, view: &OrderView) -> Result<Explanation, AppError> {
    let conn = app.db.read();
    let row = mercat_store::list::find::<order::Entity>(conn, view.row.id).await?.ok_or(AppError::NotFound)?;
    let resource = resource::find(conn, row.resource_id).await?.ok_or(AppError::NotFound)?;
    let loaded = gather(conn, app.now(), row, resource).await?;
    let facts = &loaded.facts;
    let since = events::since(conn, loaded.order.id).await?.unwrap_or(loaded.order.created);
    let waits_for = waiting(app, actor, facts).await?;
    let (next_state, blocked_by) = onward(app, facts);
    let headline = headline(facts, &waits_for, &blocked_by);
    Ok(Explanation {
        order_uuid: loaded.order.id.to_string(),
        state: loaded.order.state,
        since: Some(time::format(since)),
        headline,
        waits_for,
        blocked_by,
        next_state,
        scheduled: scheduled(app, facts, since, loaded.order.modified).await?,
        actions: ACTIONS.into_iter().map(|action| possible(app, actor, facts, action)).collect(),
    })
}

/// Who may move the order on, and where that right is held.
fn turn(facts: &OrderFacts) -> (&'static str, Option<Action>, Vec<Scope>) {
    let consumer = vec![Scope::Project(facts.project.id), Scope::Customer(facts.consumer.id)];
    let provider = vec![Scope::Customer(facts.offering.provider)];
    match facts.state {
        OrderState::PendingConsumer => ("consumer", Some(Action::ApproveByConsumer), consumer),
        OrderState::PendingProvider => ("provider", Some(Action::ApproveByProvider), provider),
        OrderState::PendingProject => ("date", Some(Action::ProjectStart), Vec::new()),
        OrderState::PendingStartDate => ("date", Some(Action::StartDateReached), Vec::new()),
        OrderState::Executing => match process(facts) {
            Processing::Complete => ("service", Some(Action::Complete), Vec::new()),
            Processing::Fail(_) => ("service", Some(Action::Fail), Vec::new()),
            Processing::Wait { .. } | Processing::OpenIssue { .. } => {
                ("provider", Some(Action::SetStateDone), provider)
            }
        },
        OrderState::Done | OrderState::Erred | OrderState::Canceled | OrderState::Rejected => {
            ("nobody", None, Vec::new())
        }
    }
}

async fn waiting(app: &App, actor: &Actor, facts: &OrderFacts) -> Result<Waiting, AppError> {
    let (who, _, scopes) = turn(facts);
    if scopes.is_empty() {
        return Ok(Waiting { who, count: 0, people: None });
    }
    let holders = people::permitted(app.db.read(), &scopes, Permission::OrderApprove, app.now()).await?;
    // Who may approve orders but sees none cannot act.
    let seen_from = [
        Scope::Project(facts.project.id),
        Scope::Customer(facts.consumer.id),
        Scope::Customer(facts.offering.provider),
    ];
    let seeing = people::permitted(app.db.read(), &seen_from, Permission::OrderList, app.now()).await?;
    let mut names: Vec<String> = holders
        .iter()
        .filter(|user| user.is_staff || user.is_support || seeing.iter().any(|other| other.id == user.id))
        .map(|user| user.name().to_owned())
        .collect();
    names.sort();
    // Who works on the other side is that side's own business.
    let may_know = actor.sees_all() || actor.reaches(&scopes.iter().copied().map(Some).collect::<Vec<_>>());
    Ok(Waiting { who, count: names.len(), people: may_know.then_some(names) })
}

/// Where the order goes when whoever it waits for acts, and what would stand in the way even of staff.
fn onward(app: &App, facts: &OrderFacts) -> (Option<OrderState>, Vec<String>) {
    let Some(action) = turn(facts).1 else { return (None, Vec::new()) };
    let anybody = Actor { is_staff: true, ..auth::nobody() };
    let is_own = matches!(action, Action::ProjectStart | Action::StartDateReached | Action::Complete | Action::Fail);
    let actor = (!is_own).then_some(&anybody);
    // What waits for a day is asked about that day.
    let today = app.now().date_naive();
    let day = start(facts).map_or(today, |start| start.max(today));
    match decide(action, facts, actor, day, &app.settings.rules) {
        Ok(decision) => (Some(decision.to).filter(|to| *to != facts.state), Vec::new()),
        Err(Refusal::Rule(message)) => (None, vec![message]),
        Err(_) => (None, Vec::new()),
    }
}

/// The day that the order waits for.
fn start(facts: &OrderFacts) -> Option<chrono::NaiveDate> {
    match facts.state {
        OrderState::PendingProject => facts.project.start_date,
        OrderState::PendingStartDate => facts.start_date,
        _ => None,
    }
}

fn headline(facts: &OrderFacts, waiting: &Waiting, blocked: &[String]) -> String {
    let (offering, consumer) = (&facts.offering.name, &facts.consumer.name);
    let people = match waiting.count {
        0 => "nobody but staff may act, until somebody is given the right".to_owned(),
        1 => "one person may act".to_owned(),
        count => format!("{count} people may act"),
    };
    let text = match facts.state {
        OrderState::PendingConsumer => format!("Waits for the approval of {consumer}; {people}."),
        OrderState::PendingProvider => format!("Waits for the provider of {offering}; {people}."),
        OrderState::PendingProject => match facts.project.start_date {
            Some(day) => format!("Waits for its project to begin on {day}."),
            None => "Waits for its project, which has no start date any more; it goes on at once.".to_owned(),
        },
        OrderState::PendingStartDate => match facts.start_date {
            Some(day) => format!("Waits for its start date, {day}."),
            None => "Goes on at once: it has no start date.".to_owned(),
        },
        OrderState::Executing if waiting.who == "provider" => {
            format!("Is being carried out by the provider of {offering}, who reports when it is done.")
        }
        OrderState::Executing => match process(facts) {
            Processing::Fail(reason) => format!("Is about to fail: {reason}"),
            _ => "Is being carried out by the service itself.".to_owned(),
        },
        OrderState::Done => "Is done.".to_owned(),
        OrderState::Erred if facts.offering.rules().set_executing => {
            "Has failed; the provider may take it up again.".to_owned()
        }
        OrderState::Erred => "Has failed.".to_owned(),
        OrderState::Canceled => "Was cancelled.".to_owned(),
        OrderState::Rejected => "Was rejected.".to_owned(),
    };
    match blocked.first() {
        Some(reason) => format!("{text} What stands in the way: {reason}"),
        None => text,
    }
}

/// The jobs that will still find something to do, one of a kind: an order that moved on leaves others behind.
async fn scheduled(
    app: &App,
    facts: &OrderFacts,
    since: Timestamp,
    modified: Timestamp,
) -> Result<Vec<Scheduled>, AppError> {
    let jobs = mercat_store::job::of_subject(app.db.read(), facts.id.uuid()).await?;
    let remind_after = app.settings.remind_after;
    let told = |job: &job::Model| match (job.kind.as_str(), facts.state) {
        ("process_order", OrderState::Executing) => Some((handled(facts), job.due)),
        ("start_order", OrderState::PendingProject | OrderState::PendingStartDate) => {
            let is_early = start(facts).is_some_and(|day| job.due < start_of_day(day));
            (!is_early).then_some(("The order goes on, for its day has come.", job.due))
        }
        ("expire_order", OrderState::Executing) => {
            let due = job.due.max(modified + orders::STALE_AFTER);
            Some(("The order is given up if nobody has reported on it.", due))
        }
        ("remind", OrderState::PendingConsumer | OrderState::PendingProvider) => {
            let is_of_this_state = remind_after.is_some_and(|after| job.due - since >= after);
            is_of_this_state.then_some(("Those who can approve are reminded.", job.due))
        }
        _ => None,
    };
    let mut all: Vec<Scheduled> = Vec::new();
    for (what, due) in jobs.iter().filter_map(told) {
        if all.iter().all(|other| other.what != what) {
            all.push(Scheduled { what: what.to_owned(), due: time::format(due) });
        }
    }
    Ok(all)
}

/// What processing an executing order comes to.
fn handled(facts: &OrderFacts) -> &'static str {
    match process(facts) {
        Processing::Complete => "The service carries the order out.",
        Processing::Fail(_) => "The service gives the order up.",
        Processing::Wait { .. } | Processing::OpenIssue { .. } => "The service hands the order over to its provider.",
    }
}

fn possible(app: &App, actor: &Actor, facts: &OrderFacts, action: Action) -> Possible {
    let no = |why: String, who: String, unblocks: String| Possible {
        action,
        allowed: false,
        leads_to: None,
        why_not: Some(why),
        who_could: Some(who),
        what_unblocks: Some(unblocks),
    };
    match decide(action, facts, Some(actor), app.now().date_naive(), &app.settings.rules) {
        Ok(_) if action == Action::DeleteAttachment && !facts.has_attachment => no(
            "The order has no attachment.".to_owned(),
            "Nobody, until there is one.".to_owned(),
            "Somebody has to attach a file first.".to_owned(),
        ),
        Ok(decision) => Possible {
            action,
            allowed: true,
            // What deletes the order leads nowhere.
            leads_to: Some(decision.to).filter(|_| !matches!(action, Action::Destroy | Action::Unlink)),
            why_not: None,
            who_could: None,
            what_unblocks: None,
        },
        Err(refusal) => {
            let advice = refusal.advice(facts);
            no(refusal.to_string(), advice.who, advice.unblocks)
        }
    }
}
