//! What is asked for, and the least that a database has to be asked for the same answer.

use anyhow::Context as _;
use mercat_app::auth;
use mercat_domain::{
    id::{CustomerId, OfferingId, OrderId},
    order::OrderState,
};
use mercat_store::{
    Db,
    entity::{customer, offering, order},
};
use sea_orm::{ColumnTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Value};
use uuid::Uuid;

use super::wide::WIDE;

/// The last order of page 50,000.
pub const MANY: usize = 500_000;

/// A request of the table.
pub struct Request {
    pub what: &'static str,
    pub method: &'static str,
    /// Whose token is shown.
    pub viewer: &'static str,
    pub paths: Paths,
    /// Each by a connection of its own, as scripts ask.
    pub connects: bool,
    /// A smaller set has no answer.
    pub least_orders: usize,
    /// As JSON.
    pub body: Option<String>,
    /// The floor writes in a transaction, each time about one of so many orders.
    pub changes: Option<u64>,
    /// The floor.
    pub statements: Vec<String>,
}

/// Where requests go.
pub enum Paths {
    /// All to one path, its query with it.
    One(String),
    /// Each to another order that waits for its provider, under whose path this stands.
    Pending(&'static str),
}

/// Ids of the set that requests are about.
pub struct Ids {
    pub customer: CustomerId,
    pub provider: CustomerId,
    pub offering: OfferingId,
    pub order: OrderId,
    /// A part of one order's name.
    name: String,
}

/// All requests that read, in the order of the table.
///
/// # Errors
/// The database failed, or has another data set.
pub async fn all(db: &Db, backend: DbBackend) -> anyhow::Result<Vec<Request>> {
    let ids = ids(db).await?;
    let floor = Floor { backend };
    let pending = state(OrderState::PendingProvider);
    let (customer, provider) = (floor.id(ids.customer), floor.id(ids.provider));
    let (offering, order) = (floor.id(ids.offering), floor.id(ids.order));
    let everything = ("TRUE".to_owned(), "kind = 1".to_owned());
    let of_customer = (format!("customer_id = {customer}"), format!("kind = 2 AND scope = {customer}"));
    let of_offering = (
        format!("provider_id = {provider} AND offering_id = {offering} AND state = {pending}"),
        format!("kind = 4 AND scope = {offering} AND state = {pending}"),
    );
    let list = |viewer, (wanted, how_many): &(String, String), fields: Option<&str>, limit, offset| {
        let mut statements = floor.who(viewer);
        statements.push(counted(how_many));
        let page = format!("FROM orders WHERE {wanted} ORDER BY created, id LIMIT {limit} OFFSET {offset}");
        statements.push(match fields {
            Some(fields) => format!("SELECT {fields} {page}"),
            None => floor.wide(&format!("SELECT id {page}")),
        });
        statements
    };
    let place = "/api/marketplace-orders/";
    let ask = |what, method, viewer, path, statements| {
        let paths = Paths::One(path);
        Request { what, method, viewer, paths, connects: false, least_orders: 0, body: None, changes: None, statements }
    };
    let request = |what, viewer, path: String, statements| ask(what, "GET", viewer, path, statements);
    let mut by_review = list("staff", &everything, None, 10, MANY - 10);
    for statement in &mut by_review {
        *statement = statement.replace("ORDER BY created", "ORDER BY consumer_reviewed_at, created");
    }
    let pending_path = format!("{place}?page_size=10&state=pending-provider&offering_uuid={}", ids.offering);
    let one = |more: Vec<String>| [floor.who("staff"), more].concat();
    let order_path = format!("{place}{}/", ids.order);
    let one_order = one(vec![floor.wide(&format!("SELECT {order}"))]);
    let found = format!("SELECT order_id FROM order_texts WHERE {}", floor.named(&ids.name));
    let count = [floor.who("customer"), vec![counted(&of_customer.1)]].concat();
    Ok(vec![
        request("list of 10, staff", "staff", format!("{place}?page_size=10"), list("staff", &everything, None, 10, 0)),
        request(
            "list of 10, customer",
            "customer",
            format!("{place}?page_size=10"),
            list("customer", &of_customer, None, 10, 0),
        ),
        request(
            "pending of an offering, provider",
            "provider",
            pending_path,
            list("provider", &of_offering, None, 10, 0),
        ),
        request(
            "list of 100, staff",
            "staff",
            format!("{place}?page_size=100"),
            list("staff", &everything, None, 100, 0),
        ),
        request(
            "list of 100, two fields",
            "staff",
            format!("{place}?page_size=100&field=uuid&field=state"),
            list("staff", &everything, Some("id, state"), 100, 0),
        ),
        Request {
            least_orders: MANY,
            ..request(
                "page 50,000 of 10",
                "staff",
                format!("{place}?page_size=10&page=50000"),
                list("staff", &everything, None, 10, MANY - 10),
            )
        },
        Request {
            least_orders: MANY,
            ..request(
                "the same by review",
                "staff",
                format!("{place}?page_size=10&page=50000&o=consumer_reviewed_at"),
                by_review,
            )
        },
        ask("count (HEAD), customer", "HEAD", "customer", place.to_owned(), count),
        request("search by text, staff", "staff", format!("{place}?query={}", ids.name), one(vec![floor.wide(&found)])),
        request("one order, staff", "staff", order_path.clone(), one_order.clone()),
        Request {
            connects: true,
            ..request("one order, a connection for each", "staff", order_path.clone(), one_order)
        },
        request(
            "its offering, staff",
            "staff",
            format!("{order_path}offering/"),
            one(vec![
                format!("SELECT * FROM offerings WHERE id = {offering}"),
                format!("SELECT * FROM plans WHERE offering_id = {offering}"),
                format!("SELECT * FROM components WHERE offering_id = {offering}"),
            ]),
        ),
    ])
}

/// Finds them.
///
/// # Errors
/// The database failed, or has another data set.
pub async fn ids(db: &Db) -> anyhow::Result<Ids> {
    let named = async |name: &str| {
        let found = customer::Entity::find().filter(customer::Column::Name.eq(name)).one(db.read()).await?;
        anyhow::Ok(found.with_context(|| format!("{name} is in the set"))?.id)
    };
    let (customer, provider) = (named("Organization 20").await?, named("Organization 5").await?);
    let offered = offering::Entity::find().filter(offering::Column::CustomerId.eq(provider));
    let offered = offered.order_by_asc(offering::Column::Id).one(db.read()).await?.context("an offering")?;
    let ordered = order::Entity::find().filter(order::Column::OfferingId.eq(offered.id));
    let ordered = ordered.order_by_asc(order::Column::Created).one(db.read()).await?.context("an order")?;
    Ok(Ids { customer, provider, offering: offered.id, order: ordered.id, name: ordered.slug })
}

/// How many orders there are in cells of the counts.
fn counted(cells: &str) -> String {
    format!("SELECT COALESCE(SUM(total), 0) FROM order_counts WHERE {cells}")
}

/// How the floor is said to a database.
struct Floor {
    backend: DbBackend,
}

impl Floor {
    /// Who shows the token, and, unless they see everything, what they may.
    fn who(&self, viewer: &str) -> Vec<String> {
        let hash: String = auth::hash(&format!("bench-{viewer}")).iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = if self.backend == DbBackend::Sqlite { format!("x'{hash}'") } else { format!("'\\x{hash}'") };
        let user = format!(
            "SELECT t.id, t.last_used, t.lifetime, u.* FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = {hash}"
        );
        let roles = format!(
            "SELECT h.scope_kind, h.scope_id, r.permissions FROM tokens t JOIN user_roles h ON h.user_id = t.user_id \
             JOIN roles r ON r.id = h.role_id WHERE t.hash = {hash} AND h.is_active"
        );
        if viewer == "staff" { vec![user] } else { vec![user, roles] }
    }

    /// Everything that the fields of these orders need.
    fn wide(&self, ids: &str) -> String {
        if self.backend == DbBackend::Sqlite {
            format!("{WIDE} IN ({ids})")
        } else {
            format!("{WIDE} = ANY(ARRAY({ids}))")
        }
    }

    fn named(&self, text: &str) -> String {
        if self.backend == DbBackend::Sqlite {
            format!("n IN (SELECT rowid FROM order_texts_search WHERE order_texts_search MATCH '\"{text}\"')")
        } else {
            format!("text LIKE '%{text}%'")
        }
    }

    fn id(&self, id: impl Into<Uuid>) -> String {
        let id: Uuid = id.into();
        if self.backend == DbBackend::Sqlite { format!("x'{}'", id.simple()) } else { format!("CAST('{id}' AS UUID)") }
    }
}

/// A state as the database has it.
pub fn state(state: OrderState) -> i16 {
    match Value::from(state) {
        Value::SmallInt(Some(code)) => code,
        _ => 0,
    }
}
