//! What stands in orders without being theirs: offerings, plans, projects, organisations, people; and offerings with all
//! that is shown of them. It changes rarely, and every order needs it, so each process keeps a copy, which the next page of orders tells to be true or not: the database
//! counts the changes in `reference_epoch`, and whoever reads orders reads that number in the same statement.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

use mercat_domain::{
    id::{CategoryId, CustomerId, MediaId, OfferingId, PlanId, ProjectId, UserId},
    offering::{PlanPrices, PlanUnit},
    permission::called,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value,
    prelude::Json,
};
use uuid::Uuid;

use crate::{
    entity,
    error::StoreError,
    facts,
    list::{self, Filter},
    offering::{self, OfferingDetails},
};

/// Where to read from.
pub trait Reads: ConnectionTrait {
    /// Whether all that is read there is committed, so that it may be kept for others.
    const COMMITTED: bool;
}

impl Reads for DatabaseConnection {
    const COMMITTED: bool = true;
}

impl Reads for DatabaseTransaction {
    const COMMITTED: bool = false;
}

/// Where references are read and kept.
#[derive(Debug)]
pub struct Kept<'a, C> {
    /// Never a replica, which may be behind what is kept.
    pub conn: &'a C,
    /// The copies of this process.
    pub references: &'a References,
}

/// An offering with its category.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct Offering {
    pub id: OfferingId,
    pub parent_id: Option<OfferingId>,
    pub name: String,
    pub description: String,
    pub image: Option<MediaId>,
    pub thumbnail: Option<MediaId>,
    pub offering_type: String,
    pub shared: bool,
    pub billable: bool,
    pub plugin_options: Json,
    pub category_id: CategoryId,
    pub category_title: String,
    pub category_icon: Option<MediaId>,
}

/// A plan and what it costs.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct Plan {
    pub id: PlanId,
    pub offering_id: OfferingId,
    pub name: String,
    pub description: String,
    pub unit: PlanUnit,
    pub prices: PlanPrices,
}

/// A project.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub description: String,
    pub slug: String,
}

/// A consumer or a provider.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct Organization {
    pub id: CustomerId,
    pub name: String,
    pub slug: String,
}

/// Whoever made an order or reviewed it.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "named as the fields of the API, described in spec 12")]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub full_name: String,
    pub civil_number: Option<String>,
}

impl Person {
    /// What the person is called.
    #[must_use]
    pub fn name(&self) -> &str {
        called(&self.full_name, &self.username)
    }
}

/// Parts of one kind.
type Shelf<T> = HashMap<<T as Part>::Id, Arc<T>>;

/// Parts of orders, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub offerings: Shelf<Offering>,
    pub plans: Shelf<Plan>,
    pub projects: Shelf<Project>,
    pub organizations: Shelf<Organization>,
    pub people: Shelf<Person>,
}

/// Ids of parts that are needed.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub offerings: BTreeSet<OfferingId>,
    pub plans: BTreeSet<PlanId>,
    pub projects: BTreeSet<ProjectId>,
    pub organizations: BTreeSet<CustomerId>,
    pub people: BTreeSet<UserId>,
}

/// The copy of this process.
#[derive(Debug, Default)]
pub struct References(RwLock<Copies>);

#[derive(Debug, Default)]
pub(crate) struct Copies {
    epoch: i64,
    parts: Parts,
    /// What orders do not show, but what is asked for with them.
    details: Shelf<OfferingDetails>,
}

impl<C: Reads> Kept<'_, C> {
    /// The parts with these ids, none older than `epoch`, which was read before; what is not there is left out.
    pub(crate) async fn parts(&self, epoch: i64, wanted: &Wanted) -> Result<Parts, StoreError> {
        Ok(Parts {
            offerings: self.of_kind(epoch, &wanted.offerings).await?,
            plans: self.of_kind(epoch, &wanted.plans).await?,
            projects: self.of_kind(epoch, &wanted.projects).await?,
            organizations: self.of_kind(epoch, &wanted.organizations).await?,
            people: self.of_kind(epoch, &wanted.people).await?,
        })
    }

    /// The part with this id, as above.
    pub(crate) async fn part<T: Part>(&self, epoch: i64, id: T::Id) -> Result<Option<Arc<T>>, StoreError> {
        Ok(self.of_kind(epoch, &[id].into()).await?.remove(&id))
    }

    async fn of_kind<T: Part>(&self, epoch: i64, wanted: &BTreeSet<T::Id>) -> Result<Shelf<T>, StoreError> {
        let (mut found, missing) = self.references.kept::<T>(epoch, wanted);
        if missing.is_empty() {
            return Ok(found);
        }
        let loaded: Vec<(T::Id, Arc<T>)> =
            T::load(self.conn, &missing).await?.into_iter().map(|part| (part.id(), Arc::new(part))).collect();
        if C::COMMITTED {
            self.references.keep::<T>(epoch, &loaded);
        }
        found.extend(loaded);
        Ok(found)
    }
}

impl References {
    /// What is there, and the ids of what is not.
    fn kept<T: Part>(&self, epoch: i64, wanted: &BTreeSet<T::Id>) -> (Shelf<T>, Vec<T::Id>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let shelf = (kept.epoch >= epoch).then(|| T::shelf(&kept));
        let (mut found, mut missing) = (Shelf::<T>::with_capacity(wanted.len()), Vec::new());
        for id in wanted {
            match shelf.and_then(|shelf| shelf.get(id)) {
                Some(part) => drop(found.insert(*id, Arc::clone(part))),
                None => missing.push(*id),
            }
        }
        (found, missing)
    }

    /// Keeps what was read after `epoch`: it may be newer than that, which the next page tells, but never older.
    fn keep<T: Part>(&self, epoch: i64, loaded: &[(T::Id, Arc<T>)]) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.epoch < epoch {
            *kept = Copies { epoch, ..Copies::default() };
        }
        if kept.epoch == epoch {
            let shelf = T::shelf_mut(&mut kept);
            if shelf.len() + loaded.len() > T::MOST {
                shelf.clear();
            }
            shelf.extend(loaded.iter().take(T::MOST).cloned());
        }
    }
}

/// A kind of parts.
pub(crate) trait Part: Sized + Send + Sync {
    type Id: Copy + Eq + Ord + Hash + Into<Uuid> + Into<Value> + Send + Sync;

    /// As many are kept. A busy page has a hundred; a large installation has some thousands.
    const MOST: usize = 20_000;

    fn id(&self) -> Self::Id;

    fn shelf(copies: &Copies) -> &Shelf<Self>;

    fn shelf_mut(copies: &mut Copies) -> &mut Shelf<Self>;

    fn load(
        conn: &impl ConnectionTrait,
        ids: &[Self::Id],
    ) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;
}

/// The rows of a table with these ids, by one statement; `sql` ends with the name of the column.
pub(crate) fn of_ids<Id: Copy + Into<Uuid> + Into<Value>>(backend: DbBackend, sql: &str, ids: &[Id]) -> Statement {
    if backend == DbBackend::Postgres {
        // One parameter, however many there are: planned once a connection.
        let ids: Vec<Uuid> = ids.iter().map(|id| (*id).into()).collect();
        return Statement::from_sql_and_values(backend, format!("{sql} = ANY($1)"), [ids.into()]);
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let values: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    Statement::from_sql_and_values(backend, format!("{sql} IN ({})", places.join(", ")), values)
}

/// Parts for whoever keeps them otherwise, or not at all.
pub(crate) async fn read_parts<T: Part>(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = T::Id>,
) -> Result<HashMap<T::Id, T>, StoreError> {
    let ids: BTreeSet<T::Id> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<T::Id> = ids.into_iter().collect();
    Ok(T::load(conn, &ids).await?.into_iter().map(|part| (part.id(), part)).collect())
}

async fn by_ids<T: FromQueryResult, Id: Copy + Into<Uuid> + Into<Value>>(
    conn: &impl ConnectionTrait,
    sql: &str,
    ids: &[Id],
) -> Result<Vec<T>, StoreError> {
    Ok(T::find_by_statement(of_ids(conn.get_database_backend(), sql, ids)).all(conn).await?)
}

/// Parts that are columns of a row.
macro_rules! parts {
    ($($name:ident $shelf:ident $id:ty, $sql:literal;)+) => {$(
        impl Part for $name {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }

            fn shelf(copies: &Copies) -> &Shelf<Self> {
                &copies.parts.$shelf
            }

            fn shelf_mut(copies: &mut Copies) -> &mut Shelf<Self> {
                &mut copies.parts.$shelf
            }

            async fn load(conn: &impl ConnectionTrait, ids: &[$id]) -> Result<Vec<Self>, StoreError> {
                by_ids(conn, $sql, ids).await
            }
        }
    )+};
}

parts! {
    Offering offerings OfferingId,
        "SELECT f.id, f.parent_id, f.name, f.description, f.image, f.thumbnail, f.offering_type, f.shared, f.billable,
                f.plugin_options, g.id AS category_id, g.title AS category_title, g.icon AS category_icon
         FROM offerings f JOIN categories g ON g.id = f.category_id WHERE f.id";
    Project projects ProjectId, "SELECT id, name, description, slug FROM projects WHERE id";
    Organization organizations CustomerId, "SELECT id, name, slug FROM customers WHERE id";
    Person people UserId, "SELECT id, username, full_name, civil_number FROM users WHERE id";
}

#[derive(FromQueryResult)]
struct PlanRow {
    id: PlanId,
    offering_id: OfferingId,
    name: String,
    description: String,
    unit: PlanUnit,
}

impl Part for Plan {
    type Id = PlanId;

    fn id(&self) -> PlanId {
        self.id
    }

    fn shelf(copies: &Copies) -> &Shelf<Self> {
        &copies.parts.plans
    }

    fn shelf_mut(copies: &mut Copies) -> &mut Shelf<Self> {
        &mut copies.parts.plans
    }

    async fn load(conn: &impl ConnectionTrait, ids: &[PlanId]) -> Result<Vec<Self>, StoreError> {
        const ROWS: &str = "SELECT id, offering_id, name, description, unit FROM plans WHERE id";
        let rows: Vec<PlanRow> = by_ids(conn, ROWS, ids).await?;
        let mut prices = facts::prices(conn, ids).await?;
        let plan = |row: PlanRow| {
            let PlanRow { id, offering_id, name, description, unit } = row;
            Some(Self { prices: prices.remove(&id)?, id, offering_id, name, description, unit })
        };
        Ok(rows.into_iter().filter_map(plan).collect())
    }
}

impl Part for OfferingDetails {
    type Id = OfferingId;

    /// They are large.
    const MOST: usize = 200;

    fn id(&self) -> OfferingId {
        self.offering.id
    }

    fn shelf(copies: &Copies) -> &Shelf<Self> {
        &copies.details
    }

    fn shelf_mut(copies: &mut Copies) -> &mut Shelf<Self> {
        &mut copies.details
    }

    async fn load(conn: &impl ConnectionTrait, ids: &[OfferingId]) -> Result<Vec<Self>, StoreError> {
        let wanted = Filter::any_of(entity::offering::Column::Id, ids.iter().copied());
        let rows = list::all::<entity::offering::Entity>(conn, &[wanted], &[]).await?;
        offering::parts_of(conn, rows).await
    }
}
