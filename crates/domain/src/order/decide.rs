//! The one function that decides, by the tables: gate, checks, transition.

use chrono::NaiveDate;

use super::{
    Action, Check, Decision, OrderFacts, OrderType, Outcome, Refusal, ResourceEffect, TRANSITIONS, To, Transition,
    When, consumer_review_needed,
    effect::{notice, order_event, resource_events, resource_state},
    provider_review_needed,
    review::lacks_purchase_order,
};
use crate::{order::OrderState, permission::Actor, settings::RuleSettings};

/// Decides whether the action is allowed and what it means (spec 6.2, 10).
///
/// `actor` is `None` for the service itself. Visibility is the caller's: who may not see the order gets no decision.
/// Submit, RejectByConsumer and the system's actions read `creator` and `reviewer` of the order.
///
/// # Errors
/// The first refusal in the order of the action's [`Rule`](super::Rule): gate, then its checks.
pub fn decide(
    action: Action,
    order: &OrderFacts,
    actor: Option<&Actor>,
    today: NaiveDate,
    settings: &RuleSettings,
) -> Result<Decision, Refusal> {
    let case = Case { action, order, actor, today, settings };
    let rule = action.rule();
    if !rule.gate.lets(actor, order) {
        return Err(Refusal::Forbidden { gate: rule.gate });
    }
    rule.checks.iter().try_for_each(|check| case.check(*check))?;
    let transition = case.transition().ok_or(Refusal::WrongState { valid: rule.from })?;
    Ok(case.conclude(transition))
}

/// An action on an order, with all that conditions ask for.
struct Case<'a> {
    action: Action,
    order: &'a OrderFacts,
    actor: Option<&'a Actor>,
    today: NaiveDate,
    settings: &'a RuleSettings,
}

impl Case<'_> {
    fn check(&self, check: Check) -> Result<(), Refusal> {
        let (order, rule) = (self.order, self.action.rule());
        let fails = |failed: bool, message: &str| if failed { Err(Refusal::Rule(message.to_owned())) } else { Ok(()) };
        match check {
            Check::Blocked => order.consumer.unavailable().map_or(Ok(()), |message| fails(true, message)),
            Check::ProjectExpired => {
                fails(order.project.is_expired(self.today), &order.project.expired_message(&order.consumer))
            }
            Check::State if rule.from.contains(&order.state) => Ok(()),
            Check::State => Err(Refusal::WrongState { valid: rule.from }),
            Check::OfferingType if rule.types.is_set(order.offering.rules()) => Ok(()),
            Check::OfferingType => {
                Err(Refusal::UnsupportedType { offering_type: order.offering.offering_type.clone() })
            }
            Check::PurchaseOrder => fails(
                order.order_type != OrderType::Terminate && lacks_purchase_order(order),
                "Purchase order is required for approval.",
            ),
            Check::ReviewNeeded => {
                let skips = order.creator.as_ref().is_some_and(|creator| !consumer_review_needed(order, creator));
                fails(skips, "Review of order by consumer is not required.")
            }
            Check::NotReviewed => fails(order.consumer_reviewed_by.is_some(), "Order is already reviewed by consumer."),
        }
    }

    fn transition(&self) -> Option<&'static Transition> {
        let fits = |row: &&Transition| row.action == self.action && row.from.contains(&self.order.state);
        TRANSITIONS.iter().filter(fits).find(|row| self.holds(row.when))
    }

    fn holds(&self, condition: When) -> bool {
        let order = self.order;
        match condition {
            When::Always => true,
            When::ConsumerReview => self
                .submitter()
                .map_or_else(|| lacks_purchase_order(order), |creator| consumer_review_needed(order, creator)),
            When::ProjectAhead => order.project.starts_later(self.today),
            When::ProviderReview => provider_review_needed(order, self.reviewer()),
            When::StartAhead => {
                self.settings.order_start_date && order.start_date.is_some_and(|start| start > self.today)
            }
            When::OnlyExecuting => order.executing_siblings == 0,
            When::IsCreate => order.order_type == OrderType::Create,
            When::MakesResource => matches!(order.order_type, OrderType::Create | OrderType::Restore),
        }
    }

    /// Who made the order.
    ///
    /// An order that nobody made is the service's own, which needs no consumer's review.
    fn submitter(&self) -> Option<&Actor> {
        self.order.creator.as_ref().or(self.actor)
    }

    /// Who stands for the consumer where the provider's review is asked (spec 9.2).
    fn reviewer(&self) -> Option<&Actor> {
        match self.action {
            Action::ApproveByConsumer => self.actor,
            _ => self.order.reviewer.as_ref().or_else(|| self.submitter()),
        }
    }

    fn conclude(&self, row: &Transition) -> Decision {
        let order = self.order;
        let to = match row.to {
            To::State(state) => state,
            To::Same | To::Gone => order.state,
        };
        let is_new = self.action == Action::Submit;
        let moved = to != order.state;
        let state = resource_state(row.outcome, order);
        let apply = moved && row.outcome == Outcome::As(OrderState::Done) && order.order_type == OrderType::Update;
        Decision {
            to,
            reviewed: row.reviewed,
            completed: row.completed,
            resource: ResourceEffect { state, apply },
            process: row.process,
            log: self.log(row, to, moved || is_new || state.is_some()),
            notify: if moved || is_new { notice(to, order) } else { None },
            callback: moved || is_new,
        }
    }

    fn log(&self, row: &Transition, to: OrderState, resource_told: bool) -> Vec<&'static str> {
        let mut log = Vec::new();
        if self.action == Action::Unlink {
            log.push("marketplace_order_unlinked");
        }
        if to != self.order.state {
            log.extend(order_event(to));
        }
        if resource_told {
            log.extend(resource_events(self.action, row.outcome, self.order));
        }
        log
    }
}
