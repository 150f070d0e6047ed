//! Why a use case did not do what it was asked.
//!
//! Which type where: rules answer with `domain`'s `Refusal` (who may, which state) and `Invalid` (what was wrong with
//! the input); the database with `StoreError`. This type joins them for the callers, who give each its status, its
//! page or its exit code. Only `Internal` and `Store` are faults of ours: they are logged once, where they are answered.

use mercat_domain::{
    invalid::Invalid,
    order::{Advice, Refusal, ResourceState},
};
use mercat_store::StoreError;

/// A use case's refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such object, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The order has no attachment.
    #[error("nothing is attached")]
    NoAttachment,
    /// The rules of the order's life refuse.
    #[error("{refusal}")]
    Refused {
        /// What exactly.
        refusal: Refusal,
        /// Who could, and what would unblock it, in plain words.
        advice: Box<Advice>,
    },
    /// The resource is in another state than these.
    #[error("the resource is in another state")]
    ResourceState(&'static [ResourceState]),
    /// The caller may not do this at all.
    #[error("permission denied")]
    Forbidden,
    /// The input breaks a rule.
    #[error("invalid input")]
    Invalid(Invalid),
    /// What is to be deleted is in use.
    #[error("Cannot delete {object} with existing {existing}")]
    InUse {
        /// What is to be deleted.
        object: &'static str,
        /// What stands in the way.
        existing: &'static str,
    },
    /// The object is in another state than these; holds their names.
    #[error("Valid states for operation: {0}.")]
    State(String),
    /// The user name or the password is wrong.
    #[error("Unable to log in with provided credentials.")]
    BadCredentials,
    /// Too many attempts; the next one may come after so many seconds.
    #[error("Request was throttled. Expected available in {0} second(s).")]
    Throttled(i64),
    /// Somebody else changed the object between reading and writing.
    #[error("changed by somebody else meanwhile")]
    Conflict,
    /// A request with the same idempotency key is running.
    #[error("a request with this idempotency key is running")]
    KeyRunning,
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The file is larger than allowed; holds the limit in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The sender broke off or sent something that is no upload.
    #[error("unreadable upload: {0}")]
    BrokenUpload(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl From<Invalid> for AppError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}
