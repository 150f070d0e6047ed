//! How far a database is: a replica comes after the one that it follows.

use mercat_domain::id::UserId;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::error::StoreError;

/// What a database has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(super) struct Progress {
    /// The last event.
    pub seq: i64,
    /// The last change of what orders refer to.
    pub epoch: i64,
}

impl Progress {
    /// What somebody may know of: their own changes, which are all events, and how things are called.
    pub async fn known_to(conn: &impl ConnectionTrait, reader: UserId) -> Result<Self, StoreError> {
        const SQL: &str = "
            SELECT COALESCE((SELECT MAX(seq) FROM events WHERE actor_id = $1), 0) AS seq,
                   (SELECT epoch FROM reference_epoch) AS epoch";
        let asked = Statement::from_sql_and_values(conn.get_database_backend(), SQL, [reader.into()]);
        let found = Self::find_by_statement(asked).one(conn).await?;
        found.ok_or_else(|| StoreError::Corrupt("a statement without FROM has a row".to_owned()))
    }

    pub const fn has_reached(self, other: Self) -> bool {
        self.seq >= other.seq && self.epoch >= other.epoch
    }
}
