//! What can go wrong in the database, without a word of HTTP.
//!
//! Finders return `Option`: whether "not there" is an error is the caller's business.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

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
    /// There is no room for what was to be written, or writing is not allowed there; reading works.
    #[error("nothing can be written: {0}")]
    Full(String),
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
        match (cause(&error).map(trouble), error) {
            (Some(Trouble::Away), e) | (_, e @ (DbErr::ConnectionAcquire(_) | DbErr::Conn(_))) => {
                Self::Unavailable(e.to_string())
            }
            (Some(Trouble::Full), e) => Self::Full(e.to_string()),
            (_, other) => Self::Other(other),
        }
    }
}

fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// What is wrong around a statement, not with it.
#[derive(Debug, PartialEq, Eq)]
enum Trouble {
    /// Trying again may help.
    Away,
    Full,
    /// It is the statement's own fault.
    None,
}

fn trouble(error: &sqlx::Error) -> Trouble {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => Trouble::Away,
        E::Database(error) => error.code().map_or(Trouble::None, |code| trouble_of(&code)),
        _ => Trouble::None,
    }
}

/// By PostgreSQL's codes (five characters) and SQLite's (numbers whose last byte is the kind).
fn trouble_of(code: &str) -> Trouble {
    // A lost connection, a server that stops or starts, too much at once, a statement that was stopped, two that waited
    // for each other, and a standby that has not become the primary yet.
    const AWAY: [&str; 8] = ["08", "57P", "53200", "53300", "57014", "40", "55P03", "25006"];
    if code.len() == 5 {
        return match code {
            "53100" => Trouble::Full,
            code if AWAY.iter().any(|away| code.starts_with(away)) => Trouble::Away,
            _ => Trouble::None,
        };
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        // Busy, locked, an error of the disk, a file that cannot be opened.
        Ok(5 | 6 | 10 | 14) => Trouble::Away,
        // Read-only, full.
        Ok(8 | 13) => Trouble::Full,
        _ => Trouble::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_around_a_statement_is_told_from_what_is_wrong_with_it() {
        let cases = [
            ("08006", Trouble::Away),
            ("57P01", Trouble::Away),
            ("57014", Trouble::Away),
            ("40P01", Trouble::Away),
            ("53300", Trouble::Away),
            ("25006", Trouble::Away),
            ("53100", Trouble::Full),
            ("42601", Trouble::None),
            ("23505", Trouble::None),
            ("5", Trouble::Away),
            ("261", Trouble::Away),
            ("778", Trouble::Away),
            ("13", Trouble::Full),
            ("1032", Trouble::Full),
            ("1", Trouble::None),
            ("2067", Trouble::None),
            ("", Trouble::None),
        ];
        for (code, expected) in cases {
            assert_eq!(trouble_of(code), expected, "{code}");
        }
    }
}
