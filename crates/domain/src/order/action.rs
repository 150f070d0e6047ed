//! What can be done to an order.

use crate::names::names;

names! {
    /// An operation on an order (spec 6.2, 10).
    ///
    /// The API's names, then what the service itself does.
    Action {
        /// The consumer's side approves.
        ApproveByConsumer = "approve_by_consumer",
        /// The provider's side approves.
        ApproveByProvider = "approve_by_provider",
        /// The consumer's side refuses.
        RejectByConsumer = "reject_by_consumer",
        /// The provider's side refuses.
        RejectByProvider = "reject_by_provider",
        /// The consumer withdraws the order.
        Cancel = "cancel",
        /// The consumer deletes a pending order.
        Destroy = "destroy",
        /// Staff removes the row, whatever its state.
        Unlink = "unlink",
        /// The provider's agent takes the order up, or up again.
        SetStateExecuting = "set_state_executing",
        /// The provider reports success.
        SetStateDone = "set_state_done",
        /// The provider reports failure.
        SetStateErred = "set_state_erred",
        /// The provider notes the backend's id.
        SetBackendId = "set_backend_id",
        /// Somebody attaches a purchase order.
        UpdateAttachment = "update_attachment",
        /// Somebody removes the attachment.
        DeleteAttachment = "delete_attachment",
        /// A new order is examined for reviews; right after its row is written.
        Submit = "submit",
        /// The project has begun, or its start date was cleared.
        ProjectStart = "project_start",
        /// The order's own start date has come.
        StartDateReached = "start_date_reached",
        /// Processing succeeded.
        Complete = "complete",
        /// Processing failed.
        Fail = "fail",
        /// The order executed for too long.
        TimeOut = "time_out",
        /// The helpdesk issue was closed without a solution.
        IssueRejected = "issue_rejected",
        /// The order's resource is being ended by force.
        Withdraw = "withdraw",
    }
}

impl Action {
    /// What was done, as the end of a sentence about an order.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::ApproveByConsumer => "was approved by the consumer",
            Self::ApproveByProvider => "was approved by the provider",
            Self::RejectByConsumer => "was rejected by the consumer",
            Self::RejectByProvider => "was rejected by the provider",
            Self::Cancel => "was cancelled",
            Self::Destroy => "was deleted",
            Self::Unlink => "was removed by staff",
            Self::SetStateExecuting => "was taken up by the provider",
            Self::SetStateDone => "was reported done",
            Self::SetStateErred => "was reported failed",
            Self::SetBackendId => "got another id at the backend",
            Self::UpdateAttachment => "got an attachment",
            Self::DeleteAttachment => "lost its attachment",
            Self::Submit => "was placed",
            Self::ProjectStart => "goes on: its project has begun",
            Self::StartDateReached => "goes on: its start date has come",
            Self::Complete => "was carried out",
            Self::Fail => "could not be carried out",
            Self::TimeOut => "was given up after too long a time",
            Self::IssueRejected => "was refused at the help desk",
            Self::Withdraw => "was withdrawn because its resource ends",
        }
    }
}
