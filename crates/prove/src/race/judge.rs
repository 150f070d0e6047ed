//! Whether what came of a race is a sequence of single steps.

use mercat_domain::order::{Action, OrderState};
use mercat_store::entity::{event, order};

/// Statuses by which somebody who came too late is told so: the order is in another state (409), is gone (404), was
/// reviewed already (400), or its type has no such operation (405).
const REFUSALS: [u16; 4] = [400, 404, 405, 409];

/// # Errors
/// What is wrong, in words.
pub(super) fn judge(
    begin: OrderState,
    answers: &[(Action, u16)],
    events: &[event::Model],
    row: Option<&order::Model>,
) -> Result<(), String> {
    if let Some((action, status)) = answers.iter().find(|(_, status)| *status >= 300 && !REFUSALS.contains(status)) {
        return Err(format!("{action} was answered with {status}"));
    }
    let mut won: Vec<&str> =
        answers.iter().filter(|(_, status)| *status < 300).map(|(action, _)| action.as_str()).collect();
    let mut logged: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
    let steps = logged.join(", ");
    won.sort_unstable();
    logged.sort_unstable();
    if won != logged {
        return Err(format!("{won:?} succeeded, but the log says: {steps}"));
    }
    let last = chain(begin, events)?;
    let is_gone = events.iter().any(|event| matches!(event.action.as_str(), "destroy" | "unlink"));
    match row {
        None if is_gone => Ok(()),
        None => Err(format!("the order is gone after: {steps}")),
        Some(_) if is_gone => Err(format!("the order is there after: {steps}")),
        Some(row) if row.state != last => Err(format!("the order is {} after: {steps}", row.state)),
        Some(_) => Ok(()),
    }
}

/// The last state, if each step begins where the one before ended and is allowed there.
fn chain(begin: OrderState, events: &[event::Model]) -> Result<OrderState, String> {
    let mut state = begin;
    for event in events {
        let action: Action = event.action.parse().map_err(|_| format!("{} is no action", event.action))?;
        let from = action.rule().from;
        if !from.is_empty() && !from.contains(&state) {
            return Err(format!("{action} happened in {state}"));
        }
        if event.from_state.is_some_and(|from| from != state) {
            return Err(format!("{action} says that it began in {:?}, but the order was in {state}", event.from_state));
        }
        state = event.to_state.unwrap_or(state);
    }
    Ok(state)
}
