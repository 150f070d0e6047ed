//! Who may do what, in which states, for which offering types (spec 10).
//!
//! And what is checked in which order.

use super::{Action, Gate, OrderState, Path};
use crate::{offering::OfferingTypeRules, permission::Permission as P};

/// A check after the gate; a rule lists them in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The consumer's organisation is neither blocked nor archived, or 400.
    Blocked,
    /// The project is not over, or 400.
    ProjectExpired,
    /// The order is in one of the rule's states, or 409.
    State,
    /// The offering's type has the rule's flag, or 405.
    OfferingType,
    /// A required purchase order is attached, or 400; not asked for terminations.
    PurchaseOrder,
    /// The consumer's review is needed at all, or 400.
    ReviewNeeded,
    /// The consumer has not reviewed yet, or 400.
    NotReviewed,
}

impl Check {
    /// The check in a few words, with the status of its refusal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "organisation not blocked (400)",
            Self::ProjectExpired => "project not over (400)",
            Self::State => "state (409)",
            Self::OfferingType => "offering type (405)",
            Self::PurchaseOrder => "purchase order attached where required (400)",
            Self::ReviewNeeded => "review is needed (400)",
            Self::NotReviewed => "not reviewed yet (400)",
        }
    }
}

/// The flag of an offering type that an action needs (spec 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeFlag {
    /// Every type.
    Any,
    /// `can_terminate`.
    CanTerminate,
    /// `set_executing`.
    SetExecuting,
    /// `set_done`.
    SetDone,
    /// `set_erred`.
    SetErred,
    /// `interruptible`.
    Interruptible,
}

impl TypeFlag {
    /// Whether a type has the flag.
    #[must_use]
    pub const fn is_set(self, rules: &OfferingTypeRules) -> bool {
        match self {
            Self::Any => true,
            Self::CanTerminate => rules.can_terminate,
            Self::SetExecuting => rules.set_executing,
            Self::SetDone => rules.set_done,
            Self::SetErred => rules.set_erred,
            Self::Interruptible => rules.interruptible,
        }
    }
}

/// The conditions of one action.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The action.
    pub action: Action,
    /// The states in which it works, in the order of the 409 text; empty means all.
    pub from: &'static [OrderState],
    /// Who may; asked first.
    pub gate: Gate,
    /// Which offering types have the action.
    pub types: TypeFlag,
    /// What is checked, in order.
    pub checks: &'static [Check],
}

const CONSUMER: &[Path] = &[Path::Project, Path::Customer];
const PROVIDER: &[Path] = &[Path::Provider];

const PENDING_CONSUMER: OrderState = OrderState::PendingConsumer;
const PENDING_PROVIDER: OrderState = OrderState::PendingProvider;
const PENDING_PROJECT: OrderState = OrderState::PendingProject;
const PENDING_START_DATE: OrderState = OrderState::PendingStartDate;
const EXECUTING: OrderState = OrderState::Executing;
const ERRED: OrderState = OrderState::Erred;

const fn rule(action: Action, gate: Gate, from: &'static [OrderState], checks: &'static [Check]) -> Rule {
    Rule { action, from, gate, types: TypeFlag::Any, checks }
}

impl Rule {
    const fn only(self, types: TypeFlag) -> Self {
        Self { types, ..self }
    }
}

/// The conditions of every action, in the order of [`Action::ALL`].
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule(Action::ApproveByConsumer, Gate::Any(P::OrderApprove, CONSUMER), &[PENDING_CONSUMER],
        &[Check::Blocked, Check::ProjectExpired, Check::State, Check::PurchaseOrder]),
    rule(Action::ApproveByProvider, Gate::Any(P::OrderApprove, PROVIDER), &[PENDING_PROVIDER],
        &[Check::Blocked, Check::State]),
    rule(Action::RejectByConsumer, Gate::CreatorOr(P::OrderReject, CONSUMER), &[PENDING_CONSUMER],
        &[Check::Blocked, Check::State, Check::ReviewNeeded, Check::NotReviewed]),
    rule(Action::RejectByProvider, Gate::Any(P::OrderReject, PROVIDER), &[PENDING_PROVIDER],
        &[Check::Blocked, Check::State]),
    rule(Action::Cancel, Gate::Any(P::OrderCancel, CONSUMER),
        &[PENDING_CONSUMER, PENDING_PROVIDER, PENDING_START_DATE, EXECUTING],
        &[Check::State, Check::OfferingType]).only(TypeFlag::CanTerminate),
    rule(Action::Destroy, Gate::Any(P::OrderDestroy, CONSUMER), &[PENDING_CONSUMER, PENDING_PROVIDER],
        &[Check::State, Check::Blocked]),
    rule(Action::Unlink, Gate::Staff, &[], &[]),
    rule(Action::SetStateExecuting, Gate::Any(P::OrderApprove, PROVIDER), &[PENDING_CONSUMER, PENDING_PROVIDER, ERRED],
        &[Check::State, Check::OfferingType]).only(TypeFlag::SetExecuting),
    rule(Action::SetStateDone, Gate::Any(P::OrderApprove, PROVIDER), &[EXECUTING],
        &[Check::State, Check::OfferingType]).only(TypeFlag::SetDone),
    rule(Action::SetStateErred, Gate::Any(P::OrderApprove, PROVIDER), &[],
        &[Check::OfferingType]).only(TypeFlag::SetErred),
    rule(Action::SetBackendId, Gate::Any(P::ResourceSetBackendId, &[Path::Offering, Path::Provider]), &[],
        &[Check::Blocked]),
    rule(Action::UpdateAttachment, Gate::Visible, &[PENDING_PROJECT, PENDING_CONSUMER, PENDING_PROVIDER],
        &[Check::State]),
    rule(Action::DeleteAttachment, Gate::Visible, &[PENDING_PROJECT, PENDING_CONSUMER, PENDING_PROVIDER],
        &[Check::State]),
    rule(Action::Submit, Gate::Creator, &[PENDING_CONSUMER], &[Check::State]),
    rule(Action::ProjectStart, Gate::System, &[PENDING_PROJECT], &[Check::State]),
    rule(Action::StartDateReached, Gate::System, &[PENDING_START_DATE], &[Check::State]),
    rule(Action::Complete, Gate::System, &[EXECUTING], &[Check::State]),
    rule(Action::Fail, Gate::System, &[EXECUTING], &[Check::State]),
    rule(Action::TimeOut, Gate::System, &[EXECUTING],
        &[Check::State, Check::OfferingType]).only(TypeFlag::Interruptible),
    rule(Action::IssueRejected, Gate::System, &[EXECUTING], &[Check::State]),
    rule(Action::Withdraw, Gate::System, &[PENDING_CONSUMER, PENDING_PROVIDER], &[Check::State]),
];

const _: () = {
    assert!(RULES.len() == Action::ALL.len(), "every action has a rule");
    let mut at = 0;
    while at < RULES.len() {
        assert!(RULES[at].action as usize == at, "the rules are in the order of Action::ALL");
        at += 1;
    }
};

impl Action {
    /// The conditions of the action.
    #[must_use]
    pub const fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }
}
