//! What states, types and actions are called on the page.

use mercat_app::orders::{OrderRow, OrderView};
use mercat_domain::{
    money::Money,
    offering::PlanUnit,
    order::{OrderState, OrderType},
};

use crate::text;

/// What is ordered, before the name of the resource.
pub(crate) fn what(order: &OrderView) -> &'static str {
    match (order.row.order_type, order.subtype) {
        (OrderType::Create, _) => "New resource",
        (OrderType::Update, Some("renew")) => "Renewal of",
        (OrderType::Update, Some("update_limits")) => "New limits for",
        (OrderType::Update, Some("update_options")) => "New options for",
        (OrderType::Update, Some("plan_switch")) => "Another plan for",
        (OrderType::Update, _) => "Change of",
        (OrderType::Terminate, _) => "Termination of",
        (OrderType::Restore, _) => "Restoring of",
    }
}

/// How the order stands, after its name; whom it waits for is named where it is somebody.
pub(crate) fn state(state: OrderState) -> &'static str {
    match state {
        OrderState::PendingConsumer | OrderState::PendingProvider => "waits for approval by",
        OrderState::PendingProject => "waits for the start of its project,",
        OrderState::PendingStartDate => "waits for its start date",
        OrderState::Executing => "is being carried out by",
        OrderState::Done => "has been carried out",
        OrderState::Erred => "could not be carried out",
        OrderState::Canceled => "was cancelled",
        OrderState::Rejected => "was rejected",
    }
}

/// Whom it waits for.
pub(crate) fn whom(row: &OrderRow) -> Option<&str> {
    holder(row, row.state)
}

/// Whom it waits for in a state.
pub(crate) fn holder(row: &OrderRow, state: OrderState) -> Option<&str> {
    match state {
        OrderState::PendingConsumer => Some(&row.customer.name),
        OrderState::PendingProvider | OrderState::Executing => Some(&row.provider.name),
        OrderState::PendingProject => Some(&row.project.name),
        _ => None,
    }
}

/// The same in two words, for the timeline.
pub(crate) const fn short(state: OrderState) -> &'static str {
    match state {
        OrderState::PendingConsumer => "waits for the customer",
        OrderState::PendingProvider => "waits for the provider",
        OrderState::PendingProject => "waits for the project",
        OrderState::PendingStartDate => "waits for its start date",
        OrderState::Executing => "in progress",
        OrderState::Done => "done",
        OrderState::Erred => "failed",
        OrderState::Canceled => "cancelled",
        OrderState::Rejected => "rejected",
    }
}

/// Whether somebody has to decide.
pub(crate) const fn is_pending(state: OrderState) -> bool {
    matches!(state, OrderState::PendingConsumer | OrderState::PendingProvider)
}

/// How an amount is paid of which a part is for the start: `each month`, `once`, `at first, then 5.00 each month`.
pub(crate) fn paid(amount: Money, once: Money, unit: PlanUnit) -> String {
    let later = amount.decimal() - once.decimal();
    match Money::new(later).filter(|later| !later.is_zero() && later.decimal().is_sign_positive()) {
        _ if once.is_zero() => each(unit).to_owned(),
        Some(later) => format!("at first, then {} {}", text::money(later), each(unit)),
        None => "once".to_owned(),
    }
}

/// How the cost of an order is paid; empty without one.
pub(crate) fn order_paid(order: &OrderView) -> String {
    let (Some(cost), Some(unit)) = (order.row.cost, order.row.plan_unit()) else { return String::new() };
    paid(cost, order.activation_price, unit)
}

/// The period of a plan's prices.
pub(crate) const fn each(unit: PlanUnit) -> &'static str {
    match unit {
        PlanUnit::Month => "each month",
        PlanUnit::Quarter => "each quarter",
        PlanUnit::HalfMonth => "each half month",
        PlanUnit::Day => "each day",
        PlanUnit::Hour => "each hour",
        PlanUnit::Quantity => "each piece",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_paid_once_is_not_paid_each_month() {
        let money = |text: &str| text.parse::<Money>().unwrap();
        for (amount, once, expected) in [
            ("14", "0", "each month"),
            ("1800", "1800", "once"),
            ("1805", "1800", "at first, then 5.00 each month"),
            ("0", "0", "each month"),
        ] {
            assert_eq!(paid(money(amount), money(once), PlanUnit::Month), expected, "{amount}, {once}");
        }
    }
}
