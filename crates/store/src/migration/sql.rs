//! Column types by database, so that a migration is one readable file of SQL.

use sea_orm::DbBackend;

/// The words that a migration may use, with their types on SQLite and PostgreSQL.
///
/// Money is text on SQLite because its numeric columns go through a float.
const TYPES: &[(&str, &str, &str)] = &[
    ("{uuid}", "BLOB", "UUID"),
    // Compared by bytes whatever the database's locale.
    ("{key}", "TEXT", "TEXT COLLATE \"C\""),
    ("{time}", "TEXT", "TIMESTAMPTZ"),
    ("{date}", "TEXT", "DATE"),
    ("{json}", "TEXT", "JSONB"),
    ("{money}", "TEXT", "NUMERIC(22,10)"),
    ("{blob}", "BLOB", "BYTEA"),
    ("{empty}", "x''", "''::bytea"),
    ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
];

/// The SQL of a migration for one database.
pub(super) fn for_backend(template: &str, backend: DbBackend) -> String {
    TYPES.iter().fold(template.to_owned(), |sql, (word, sqlite, postgres)| {
        sql.replace(word, if backend == DbBackend::Sqlite { sqlite } else { postgres })
    })
}
