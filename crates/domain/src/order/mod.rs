//! Orders: their life as tables, and the decisions that read them.
//!
//! [`RULES`] says who may do what and which checks come in which order, [`TRANSITIONS`] where an order goes;
//! [`decide()`] reads both. [`check_create`] and [`check_change`] guard how orders come to be.

mod action;
mod advice;
mod change;
mod create;
mod decide;
mod decision;
mod docs;
mod effect;
mod facts;
mod gate;
mod process;
mod refusal;
mod review;
mod rule;
mod state;
mod transition;
mod view;

pub use action::Action;
pub use advice::Advice;
pub use change::{ChangeFacts, PENDING_ORDER, check_change, check_limits_change, check_new_options, check_plan_switch};
pub use create::{CreateFacts, NewOrder, TeamFacts, check_create, check_end_date, months_begun};
pub use decide::decide;
pub use decision::{Decision, Notice, ResourceEffect, Side};
pub use docs::{permissions_markdown, states_markdown};
pub use facts::OrderFacts;
pub use gate::{Gate, Path};
pub use process::{IssueOutcome, Processing, has_to_be_processed, issue_action, process};
pub use refusal::Refusal;
pub use review::{consumer_review_needed, provider_review_needed};
pub use rule::{Check, RULES, Rule, TypeFlag};
pub use state::{OrderState, OrderType, ResourceState};
pub use transition::{Outcome, TRANSITIONS, To, Transition, When};
pub use view::{can_terminate, order_subtype, visible};
