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
    ("{cost_order}", COST_ORDER, "cost"),
    ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
];

/// The digits behind the point of a cost, all ten of them.
macro_rules! fraction {
    () => {
        "substr(replace(substr(cost || '.', instr(cost || '.', '.') + 1), '.', '') || '0000000000', 1, 10)"
    };
}

/// What costs are sorted by on SQLite: their digits in a fixed width, those of debts counted down, as text. An index may
/// hold it, and other programs can use that: they do not know our collation.
pub(crate) const COST_ORDER: &str = concat!(
    "CASE WHEN cost IS NULL THEN NULL WHEN substr(cost, 1, 1) = '-' ",
    "THEN '0' || printf('%012d', 999999999999 - CAST(substr(cost, 2) AS INTEGER)) ",
    "|| printf('%010d', 9999999999 - CAST(",
    fraction!(),
    " AS INTEGER)) ELSE '1' || printf('%012d', CAST(cost AS INTEGER)) || ",
    fraction!(),
    " END"
);

/// What stands in the marks of lists for no value; it sorts behind all values (`m0013_marks`).
pub(crate) const NO_VALUE: &str = "~";

/// The SQL of a migration for one database.
pub(super) fn for_backend(template: &str, backend: DbBackend) -> String {
    TYPES.iter().fold(template.to_owned(), |sql, (word, sqlite, postgres)| {
        sql.replace(word, if backend == DbBackend::Sqlite { sqlite } else { postgres })
    })
}
