//! Marks in the list of all orders by cost or by the consumer's review (migration `m0013_marks`): sums over them say
//! behind which one a page begins, and what is passed over then lies between two marks.

use mercat_domain::{id::OrderId, time::Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult};

use super::{
    page::{SortKey, in_sql},
    text::Text,
};
use crate::{
    counts::count,
    db::hold_counts,
    error::StoreError,
    migration::{COST_ORDER, NO_VALUE},
};

/// So many orders lie between new marks. Tests are built with assertions, and have few orders.
const SPAN: i64 = if cfg!(debug_assertions) { 2 } else { 1_000 };
/// Between two marks lie no more than so many before another one is made.
const LONGEST: i64 = 2 * SPAN;
/// So many are divided by one statement, so that nobody waits for long.
const AT_ONCE: i64 = if cfg!(debug_assertions) { 10 } else { 100_000 };

/// A list that has marks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked {
    backend: DbBackend,
    kind: i16,
    /// What its index has.
    sorted: &'static str,
    /// The same as the text of a mark.
    as_text: &'static str,
    /// What stands around the text of a mark to make it the same again.
    as_value: (&'static str, &'static str),
}

/// All of them.
pub(super) fn all(backend: DbBackend) -> [Marked; 2] {
    let is_sqlite = backend == DbBackend::Sqlite;
    let (cost, cost_text) =
        if is_sqlite { (COST_ORDER, COST_ORDER) } else { ("cost", "cost_as_text(cost) COLLATE \"C\"") };
    let review = "consumer_reviewed_at";
    let review_text = if is_sqlite { review } else { "time_as_text(consumer_reviewed_at) COLLATE \"C\"" };
    let of = |postgres| if is_sqlite { ("", "") } else { postgres };
    [
        Marked {
            backend,
            kind: 1,
            sorted: cost,
            as_text: cost_text,
            as_value: of(("(CAST(", " AS NUMERIC) - 1000000000000)")),
        },
        Marked {
            backend,
            kind: 2,
            sorted: review,
            as_text: review_text,
            as_value: of(("(CAST(", " AS TIMESTAMP) AT TIME ZONE 'UTC')")),
        },
    ]
}

/// A place in the list.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Mark {
    /// As text; [`NO_VALUE`] before the first order without a value.
    value: String,
    created: Timestamp,
    id: OrderId,
    /// Orders before it, or behind it.
    total: i64,
}

/// Where a page begins: at a mark, or before it.
#[derive(Debug)]
pub(super) struct Begin {
    marked: Marked,
    /// `None` at the end of the list.
    mark: Option<Mark>,
    descending: bool,
    /// How many of those from there on come before the page.
    pub offset: u64,
}

#[derive(FromQueryResult)]
struct Found {
    /// Nothing at the end of the list.
    value: Option<String>,
    created: Option<Timestamp>,
    id: Option<OrderId>,
    passed: i64,
}

impl Marked {
    /// The list that is sorted so; `None` if it has no marks.
    pub(super) fn by(key: SortKey, backend: DbBackend) -> Option<Self> {
        let [cost, review] = all(backend);
        match key {
            SortKey::Cost => Some(cost),
            SortKey::ConsumerReviewedAt => Some(review),
            SortKey::Created | SortKey::State => None,
        }
    }

    /// Where a page begins that has so many orders before it.
    pub(super) async fn find(
        self,
        conn: &impl ConnectionTrait,
        descending: bool,
        offset: u64,
    ) -> Result<Option<Begin>, StoreError> {
        let way = way(descending);
        // A mark stands before its orders; from the other end they come up to the mark that was met before.
        let [value, created, id] = ["value", "created", "id"]
            .map(|key| if descending { format!("LAG({key}) OVER list") } else { key.to_owned() });
        let mut text = Text::new(self.backend);
        text.write(&format!(
            "SELECT at_value AS value, at_created AS created, at_id AS id, CAST(upto - total AS BIGINT) AS passed FROM (
             SELECT {value} AS at_value, {created} AS at_created, {id} AS at_id, total, SUM(total) OVER list AS upto
             FROM order_marks WHERE kind = {kind} WINDOW list AS (ORDER BY value{way}, created{way}, id{way})
             ) AS marks WHERE total > 0 AND upto > ",
            kind = self.kind,
        ));
        text.value(in_sql(offset)).write(" ORDER BY upto LIMIT 1");
        let Some(found) = Found::find_by_statement(text.statement()).one(conn).await? else { return Ok(None) };
        let Found { value, created, id, passed } = found;
        let mark = value.zip(created).zip(id).map(|((value, created), id)| Mark { value, created, id, total: 0 });
        let offset = offset.saturating_sub(count(passed));
        Ok(Some(Begin { marked: self, mark, descending, offset }))
    }
}

impl Begin {
    /// The ids of a page, with what they are sorted by, `limit` of them behind `offset`.
    pub(super) fn write_ids(&self, text: &mut Text, sorted_by: &str, order: &str, limit: u64) {
        let most = in_sql(self.offset.saturating_add(limit));
        for (at, range) in self.ranges().into_iter().enumerate() {
            text.write(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            let sorted = self.marked.sorted;
            text.write(&format!("SELECT id, {sorted} AS {sorted_by}, created AS by_created FROM orders WHERE "));
            range.write(text, self);
            text.write(" LIMIT ").value(most).write(") AS range");
        }
        text.write(order).write(" LIMIT ").value(in_sql(limit)).write(" OFFSET ").value(in_sql(self.offset));
    }

    /// What comes from here on, each range in the order of the index.
    fn ranges(&self) -> Vec<Range<'_>> {
        match (&self.mark, self.descending) {
            (Some(mark), false) if mark.value == NO_VALUE => vec![Range::Without(Some(mark))],
            (Some(mark), false) => vec![Range::Same(mark), Range::Beyond(mark), Range::Without(None)],
            (Some(mark), true) if mark.value == NO_VALUE => vec![Range::Without(Some(mark)), Range::With],
            (Some(mark), true) => vec![Range::Same(mark), Range::Beyond(mark)],
            (None, _) => vec![Range::Without(None), Range::With],
        }
    }
}

/// A range of the index of a list.
enum Range<'a> {
    /// The value of the mark, from the mark on.
    Same(&'a Mark),
    /// Further values.
    Beyond(&'a Mark),
    /// All that have a value.
    With,
    /// Those that have none, from the mark on.
    Without(Option<&'a Mark>),
}

impl Range<'_> {
    /// The condition, and the order in which the index has what it leaves: SQLite sorts once more what is sorted by a value
    /// that is the same everywhere.
    fn write(&self, text: &mut Text, begin: &Begin) {
        let Marked { sorted, as_value: (before, behind), .. } = begin.marked;
        let way = way(begin.descending);
        let behind_mark = |text: &mut Text, mark: &Mark| {
            let sign = if begin.descending { "<" } else { ">=" };
            text.write(&format!(" AND (created, id) {sign} ("))
                .value(mark.created)
                .write(", ")
                .value(mark.id)
                .write(")");
        };
        match self {
            Self::Same(mark) => {
                text.write(sorted).write(" = ").write(before).value(mark.value.as_str()).write(behind);
                behind_mark(text, mark);
            }
            Self::Beyond(mark) => {
                let sign = if begin.descending { " < " } else { " > " };
                text.write(sorted).write(sign).write(before).value(mark.value.as_str()).write(behind);
            }
            Self::With => drop(text.write(sorted).write(" IS NOT NULL")),
            Self::Without(mark) => {
                text.write(sorted).write(" IS NULL");
                if let Some(mark) = mark {
                    behind_mark(text, mark);
                }
            }
        }
        // PostgreSQL knows a value that is the same everywhere, but not that none is one too.
        let is_same = match self {
            Self::Same(_) => true,
            Self::Without(_) => begin.marked.backend == DbBackend::Sqlite,
            Self::Beyond(_) | Self::With => false,
        };
        let first = if is_same { String::new() } else { format!("{sorted}{way}, ") };
        text.write(&format!(" ORDER BY {first}created{way}, id{way}"));
    }
}

const fn way(descending: bool) -> &'static str {
    if descending { " DESC" } else { "" }
}

/// The marks that are always there, with the right totals; the rest is for [`divide`].
pub(crate) fn first(backend: DbBackend) -> String {
    let begin = match backend {
        DbBackend::Sqlite => "'0001-01-01T00:00:00+00:00', zeroblob(16)",
        _ => "CAST('0001-01-01 00:00:00+00' AS TIMESTAMPTZ), CAST('00000000-0000-0000-0000-000000000000' AS UUID)",
    };
    let of = |kind, least, column| {
        format!(
            "SELECT {kind}, '{least}', {begin}, COUNT({column}) FROM orders
             UNION ALL SELECT {kind}, '{NO_VALUE}', {begin}, COUNT(*) - COUNT({column}) FROM orders"
        )
    };
    format!("{} UNION ALL {}", of(1, "0", "cost"), of(2, "0001-01-01", "consumer_reviewed_at"))
}

/// The marks that there are, with the totals that they have to have unless those are zero.
pub(crate) fn truth(backend: DbBackend) -> String {
    let keys = all(backend).map(|Marked { kind, as_text, .. }| {
        format!("UNION ALL SELECT {kind}, COALESCE({as_text}, '{NO_VALUE}'), created, id, 0 FROM orders")
    });
    format!(
        "SELECT kind, value, created, id, total FROM (
         SELECT kind, value, created, id, is_mark, COUNT(*) OVER (PARTITION BY kind, mark) - 1 AS total FROM (
         SELECT kind, value, created, id, is_mark, SUM(is_mark) OVER
             (PARTITION BY kind ORDER BY value, created, id, is_mark DESC) AS mark
         FROM (SELECT kind, value, created, id, 1 AS is_mark FROM order_marks {}) AS keys
         ) AS placed) AS counted WHERE is_mark = 1 AND total <> 0",
        keys.join(" ")
    )
}

/// Makes further marks where too many orders lie between two; returns whether there is more to do. The transaction is
/// short, and holds up other changes for as long.
///
/// # Errors
/// The database failed.
pub async fn divide(tx: &DatabaseTransaction) -> Result<bool, StoreError> {
    hold_counts(tx).await?;
    for marked in all(tx.get_database_backend()) {
        if let Some(mark) = marked.longest(tx).await? {
            marked.divide(tx, mark).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

impl Marked {
    async fn longest(self, conn: &impl ConnectionTrait) -> Result<Option<Mark>, StoreError> {
        let mut text = Text::new(self.backend);
        text.write("SELECT value, created, id, total FROM order_marks WHERE total > ").value(LONGEST);
        text.write(&format!(" AND kind = {} ORDER BY total DESC LIMIT 1", self.kind));
        Ok(Mark::find_by_statement(text.statement()).one(conn).await?)
    }

    async fn divide(self, tx: &DatabaseTransaction, mark: Mark) -> Result<(), StoreError> {
        let (total, kind) = (mark.total, self.kind);
        let divided = total.min(AT_ONCE);
        let mut text = Text::new(self.backend);
        let key = (mark.value.clone(), mark.created, mark.id);
        let begin = Begin { marked: self, mark: Some(mark), descending: false, offset: 0 };
        let last = (divided - 1) / SPAN * SPAN;
        text.write(&format!(
            "INSERT INTO order_marks (kind, value, created, id, total)
             SELECT {kind}, value, created, id, CASE WHEN place < {last} THEN {SPAN} ELSE {total} - place END FROM (
             SELECT value, created, id, ROW_NUMBER() OVER (ORDER BY value, created, id) - 1 AS place FROM (
             SELECT COALESCE({}, '{NO_VALUE}') AS value, o.created, o.id FROM (",
            self.as_text
        ));
        begin.write_ids(&mut text, "by_value", " ORDER BY by_value NULLS LAST, by_created, id", count(divided));
        text.write(&format!(
            ") AS page JOIN orders o ON o.id = page.id) AS keys) AS places WHERE place > 0 AND place % {SPAN} = 0"
        ));
        tx.execute_raw(text.statement()).await?;
        let mut text = Text::new(self.backend);
        text.write(&format!("UPDATE order_marks SET total = {SPAN} WHERE kind = {kind} AND value = ")).value(key.0);
        text.write(" AND created = ").value(key.1).write(" AND id = ").value(key.2);
        tx.execute_raw(text.statement()).await?;
        Ok(())
    }
}
