//! What can go wrong in the database, without a word of HTTP.
//!
//! Finders return `Option`: whether "not there" is an error is the caller's business.

use sea_orm::{DbErr, SqlErr};

/// A failed database call.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint refused the row; holds the database's message, which names the constraint or columns.
    #[error("already exists: {0}")]
    Duplicate(String),
    /// Other rows point to this one; holds the database's message.
    #[error("in use: {0}")]
    InUse(String),
    /// The database cannot be reached or has no free connection; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A row of the event log or the outbox could not be understood, or another fault of ours.
    #[error("{0}")]
    Corrupt(String),
    /// Anything else.
    #[error(transparent)]
    Other(DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            return Self::Duplicate(message);
        }
        if let Some(SqlErr::ForeignKeyConstraintViolation(message)) = error.sql_err() {
            return Self::InUse(message);
        }
        match error {
            DbErr::ConnectionAcquire(e) => Self::Unavailable(e.to_string()),
            DbErr::Conn(e) => Self::Unavailable(e.to_string()),
            other => Self::Other(other),
        }
    }
}
