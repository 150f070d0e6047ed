//! Statements that are put together from queries. What a database plans by, such as how many rows are wanted, has to
//! stand in the text: PostgreSQL plans anew at every call what has it as a parameter.

use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::{PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder},
};

/// A statement in the making.
pub(super) struct Text {
    backend: DbBackend,
    sql: String,
    values: Vec<Value>,
}

impl Text {
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, sql: String::new(), values: Vec::new() }
    }

    pub const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Goes on with this.
    pub fn write(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Goes on with a parameter.
    pub fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = self.values.len();
        self.write(&format!("${place}"))
    }

    /// Goes on with a query; its parameters come after those that are there.
    pub fn query(&mut self, query: &SelectStatement) -> &mut Self {
        let (sql, values) = match self.backend {
            DbBackend::Sqlite => query.build(SqliteQueryBuilder),
            _ => query.build(PostgresQueryBuilder),
        };
        self.write(&renumbered(&sql, self.values.len()));
        self.values.extend(values);
        self
    }

    pub fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.sql, self.values)
    }
}

/// Parameters `?` and `$n` as `$n` after `before` others. Only names in quotes can hold such characters, and ours do not.
fn renumbered(sql: &str, before: usize) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut number = before;
    let mut rest = sql;
    while let Some(at) = rest.find(['?', '$']) {
        out.push_str(&rest[..at]);
        number += 1;
        out.push_str(&format!("${number}"));
        rest = rest[at + 1..].trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_on() {
        let cases = [
            ("a = ? AND b IN (?, ?)", 0, "a = $1 AND b IN ($2, $3)"),
            ("a = ?", 11, "a = $12"),
            ("a = $1 AND b IN ($2, $3)", 2, "a = $3 AND b IN ($4, $5)"),
            ("LIKE $1 ESCAPE '\\' LIMIT $2", 9, "LIKE $10 ESCAPE '\\' LIMIT $11"),
            ("TRUE", 3, "TRUE"),
        ];
        for (sql, before, expected) in cases {
            assert_eq!(renumbered(sql, before), expected, "{sql}");
        }
    }
}
