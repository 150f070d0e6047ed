//! Where an order goes: the complete transition table (spec 6.2).

use super::{
    Action::{self, *},
    OrderState::{self, *},
    Side,
};

/// A condition on a transition.
///
/// Of the rows that fit action and state, the first whose condition holds is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Otherwise, or with no condition.
    Always,
    /// The consumer has to review (spec 9.1).
    ConsumerReview,
    /// The project has yet to begin.
    ProjectAhead,
    /// The provider has to review (spec 9.2).
    ProviderReview,
    /// The order's start date is in the future, and start dates are switched on.
    StartAhead,
    /// No other order of this resource and type is executing (spec 15.4).
    OnlyExecuting,
    /// The order is of type Create.
    IsCreate,
    /// The order is of type Create or Restore: its resource waits for it.
    MakesResource,
}

impl When {
    /// The condition in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "otherwise",
            Self::ConsumerReview => "the consumer has to review",
            Self::ProjectAhead => "the project has yet to begin",
            Self::ProviderReview => "the provider has to review",
            Self::StartAhead => "the order's start date is in the future",
            Self::OnlyExecuting => "no other order of this resource and type is executing",
            Self::IsCreate => "the order is of type Create",
            Self::MakesResource => "the order is of type Create or Restore",
        }
    }
}

/// Where a transition ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// In a state.
    State(OrderState),
    /// Where it began.
    Same,
    /// The row is deleted.
    Gone,
}

/// What a transition means for the order's resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    None,
    /// What spec 6.3 and 15.4 say of this outcome of an order of its type.
    As(OrderState),
    /// The service could not fulfil the order: the resource is erred (spec 15.2).
    Broken,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    /// What is done.
    pub action: Action,
    /// The states in which the row applies.
    pub from: &'static [OrderState],
    /// The condition.
    pub when: When,
    /// Where the order goes.
    pub to: To,
    /// The side whose review is stamped.
    pub reviewed: Option<Side>,
    /// Whether `completed_at` is set.
    pub completed: bool,
    /// Whether processing starts after the commit, if the order [has to be processed](super::has_to_be_processed).
    pub process: bool,
    /// What it means for the resource.
    pub outcome: Outcome,
}

const fn row(action: Action, from: &'static [OrderState], when: When, to: To) -> Transition {
    Transition { action, from, when, to, reviewed: None, completed: false, process: false, outcome: Outcome::None }
}

const fn go(action: Action, from: &'static [OrderState], when: When, to: OrderState) -> Transition {
    row(action, from, when, To::State(to))
}

impl Transition {
    const fn by(self, side: Side) -> Self {
        Self { reviewed: Some(side), ..self }
    }

    const fn completed(self) -> Self {
        Self { completed: true, ..self }
    }

    const fn process(self) -> Self {
        Self { process: true, ..self }
    }

    const fn outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// Ends the order: completed, and the resource settled accordingly.
    const fn ends(self, state: OrderState) -> Self {
        self.completed().outcome(Outcome::As(state))
    }
}

const ANY: &[OrderState] = OrderState::ALL;
const CONSUMER: Side = Side::Consumer;
const PROVIDER: Side = Side::Provider;

/// Every transition. `cargo xtask generate` writes docs/STATES.md from it.
#[rustfmt::skip]
pub const TRANSITIONS: &[Transition] = &[
    go(Submit, &[PendingConsumer], When::ConsumerReview, PendingConsumer),
    go(Submit, &[PendingConsumer], When::ProjectAhead, PendingProject).by(CONSUMER),
    go(Submit, &[PendingConsumer], When::ProviderReview, PendingProvider).by(CONSUMER),
    go(Submit, &[PendingConsumer], When::StartAhead, PendingStartDate).by(CONSUMER),
    go(Submit, &[PendingConsumer], When::Always, Executing).by(CONSUMER).process(),

    go(ApproveByConsumer, &[PendingConsumer], When::ProjectAhead, PendingProject).by(CONSUMER),
    go(ApproveByConsumer, &[PendingConsumer], When::ProviderReview, PendingProvider).by(CONSUMER),
    go(ApproveByConsumer, &[PendingConsumer], When::StartAhead, PendingStartDate).by(CONSUMER),
    go(ApproveByConsumer, &[PendingConsumer], When::Always, Executing).by(CONSUMER).process(),

    go(ApproveByProvider, &[PendingProvider], When::StartAhead, PendingStartDate).by(PROVIDER),
    go(ApproveByProvider, &[PendingProvider], When::Always, Executing).by(PROVIDER).process(),

    go(ProjectStart, &[PendingProject], When::ProjectAhead, PendingProject),
    go(ProjectStart, &[PendingProject], When::ProviderReview, PendingProvider),
    go(ProjectStart, &[PendingProject], When::StartAhead, PendingStartDate),
    go(ProjectStart, &[PendingProject], When::Always, Executing).process(),

    go(StartDateReached, &[PendingStartDate], When::StartAhead, PendingStartDate),
    go(StartDateReached, &[PendingStartDate], When::Always, Executing).process(),

    go(RejectByConsumer, &[PendingConsumer], When::Always, Rejected).by(CONSUMER).ends(Rejected),
    go(RejectByProvider, &[PendingProvider], When::Always, Rejected).by(PROVIDER).ends(Rejected),

    go(Cancel, &[PendingConsumer, PendingProvider, PendingStartDate, Executing], When::Always, Canceled).ends(Canceled),
    go(Withdraw, &[PendingConsumer, PendingProvider], When::Always, Canceled).ends(Canceled),

    go(SetStateExecuting, &[PendingConsumer, PendingProvider, Erred], When::Always, Executing),

    go(SetStateDone, &[Executing], When::OnlyExecuting, Done).ends(Done),
    row(SetStateDone, &[Executing], When::Always, To::Same).outcome(Outcome::As(Done)),
    go(Complete, &[Executing], When::Always, Done).ends(Done),

    go(SetStateErred, &[Executing], When::OnlyExecuting, Erred).outcome(Outcome::As(Erred)),
    row(SetStateErred, ANY, When::Always, To::Same).outcome(Outcome::As(Erred)),
    go(Fail, &[Executing], When::Always, Erred).outcome(Outcome::Broken),
    go(TimeOut, &[Executing], When::Always, Erred).completed().outcome(Outcome::Broken),

    go(IssueRejected, &[Executing], When::IsCreate, Canceled).ends(Canceled),
    go(IssueRejected, &[Executing], When::Always, Erred).outcome(Outcome::As(Erred)),

    row(UpdateAttachment, &[PendingProject, PendingConsumer, PendingProvider], When::Always, To::Same),
    row(DeleteAttachment, &[PendingProject, PendingConsumer, PendingProvider], When::Always, To::Same),
    row(SetBackendId, ANY, When::Always, To::Same),
    row(Destroy, &[PendingConsumer, PendingProvider], When::MakesResource, To::Gone).outcome(Outcome::As(Rejected)),
    row(Destroy, &[PendingConsumer, PendingProvider], When::Always, To::Gone),
    row(Unlink, ANY, When::Always, To::Gone),
];
