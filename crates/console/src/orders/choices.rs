//! The buttons of an order.

use mercat_app::explain::Explanation;
use mercat_domain::order::{Action, OrderState};

use crate::text;

/// Something that a button does.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub action: Action,
    label: &'static str,
    /// What it brings about.
    brings: &'static str,
    /// The title of a page that tells that it was not done.
    pub not_done: &'static str,
    /// How the button looks.
    class: &'static str,
    /// The states in which it is of interest.
    states: &'static [OrderState],
    /// Whether it is shown to those too who may not do it, with the reason.
    is_main: bool,
}

use OrderState::{Erred, Executing, PendingConsumer, PendingProject, PendingProvider, PendingStartDate};

const APPROVES: &str = "This order was not approved";
const REJECTS: &str = "This order was not rejected";
const ENDS: &str = "The order ends, and nothing is changed by it.";

const WISHES: [Wish; 8] = [
    Wish {
        action: Action::ApproveByConsumer,
        label: "Approve",
        brings: "The order goes on: to the provider, or into its execution.",
        not_done: APPROVES,
        class: "approve",
        states: &[PendingConsumer],
        is_main: true,
    },
    Wish {
        action: Action::RejectByConsumer,
        label: "Reject",
        brings: ENDS,
        not_done: REJECTS,
        class: "reject",
        states: &[PendingConsumer],
        is_main: true,
    },
    Wish {
        action: Action::ApproveByProvider,
        label: "Approve",
        brings: "The order is carried out, on its start date if it has one.",
        not_done: APPROVES,
        class: "approve",
        states: &[PendingProvider],
        is_main: true,
    },
    Wish {
        action: Action::RejectByProvider,
        label: "Reject",
        brings: ENDS,
        not_done: REJECTS,
        class: "reject",
        states: &[PendingProvider],
        is_main: true,
    },
    Wish {
        action: Action::SetStateDone,
        label: "Report as done",
        brings: "The order has been carried out; its resource is as ordered.",
        not_done: "This order was not reported as done",
        class: "approve",
        states: &[Executing],
        is_main: true,
    },
    Wish {
        action: Action::SetStateErred,
        label: "Report as failed",
        brings: "Whoever ordered sees the reason.",
        not_done: "This order was not reported as failed",
        class: "reject",
        states: &[Executing],
        is_main: true,
    },
    Wish {
        action: Action::SetStateExecuting,
        label: "Take up again",
        brings: "The order is carried out anew.",
        not_done: "This order was not taken up again",
        class: "approve",
        states: &[Erred],
        is_main: false,
    },
    Wish {
        action: Action::Cancel,
        label: "Cancel",
        brings: ENDS,
        not_done: "This order was not cancelled",
        class: "reject",
        states: &[PendingConsumer, PendingProvider, PendingProject, PendingStartDate, Executing],
        is_main: false,
    },
];

impl Wish {
    /// By the name of its action.
    pub fn named(name: &str) -> Option<Self> {
        WISHES.into_iter().find(|wish| wish.action.as_str() == name)
    }
}

/// A button, or why there is none.
pub(super) struct Choice {
    pub action: &'static str,
    pub label: &'static str,
    pub class: &'static str,
    /// What it brings about, or why it cannot be used.
    pub note: String,
    pub is_allowed: bool,
    /// Whether it takes a reason.
    pub asks: bool,
}

impl Choice {
    /// The key that presses it; what ends an order is no matter of one key.
    pub fn key(&self) -> &'static str {
        match self.action {
            action if action.starts_with("approve") => "a",
            action if action.starts_with("reject") => "r",
            _ => "",
        }
    }
}

/// The buttons that are of interest in the order's state; those that the reader may use come first.
pub(super) fn of(explanation: &Explanation) -> Vec<Choice> {
    let mut all: Vec<Choice> = WISHES
        .iter()
        .filter(|wish| wish.states.contains(&explanation.state))
        .filter_map(|wish| {
            let possible = explanation.actions.iter().find(|possible| possible.action == wish.action)?;
            if !possible.allowed && !wish.is_main {
                return None;
            }
            let refused = [&possible.why_not, &possible.who_could].into_iter().flatten();
            let why: Vec<String> = refused.map(|text| text::name(text)).collect();
            Some(Choice {
                action: wish.action.as_str(),
                label: wish.label,
                class: wish.class,
                note: if possible.allowed { wish.brings.to_owned() } else { why.join(" Who could: ") },
                is_allowed: possible.allowed,
                asks: wish.action == Action::SetStateErred,
            })
        })
        .collect();
    all.sort_by_key(|choice| !choice.is_allowed);
    all
}
