//! The demo's organisations, projects and people, as tables.

use std::collections::HashMap;

use chrono::TimeDelta;
use mercat_app::{
    App, AppError, Tx,
    admin::{self, NewUser},
    auth,
    collection::{create, list},
    entity::role,
    list::Filter,
    structure::{self, Customers, MemberRequest, People, Projects, Roles},
};
use mercat_console::DemoPerson;
use mercat_domain::{
    id::{CustomerId, ProjectId, UserId},
    permission::Scope,
};
use serde_json::json;

use super::{begin, input};

/// Key and name of each organisation.
const ORGANISATIONS: &[(&str, &str)] = &[
    ("nrc", "Northern Research Cloud"),
    ("alpine", "Alpine Compute Centre"),
    ("lakeside", "Lakeside University"),
    ("polar", "Polar Institute"),
    ("harbor", "Harbor Biotech"),
];

/// Key, organisation, name, description; `future` is the one that has not begun.
const PROJECTS: &[(&str, &str, &str, &str)] = &[
    ("genomics", "lakeside", "Genome assembly", "Assembly and annotation of freshwater fish genomes."),
    ("climate", "lakeside", "Regional climate", "Kilometre-scale climate runs for the lake district."),
    ("ice", "polar", "Ice sheet dynamics", "Flow models of two outlet glaciers."),
    ("aurora", "polar", "Aurora imaging", "All-sky camera archive and its classification."),
    ("proteins", "harbor", "Protein design", "Binding site design for industrial enzymes."),
    ("future", "harbor", "Cold chain sensors", "Begins next month."),
];

/// One of the demo's people.
pub struct Person {
    /// The name to sign in with.
    pub name: &'static str,
    given: &'static str,
    family: &'static str,
    /// A role, and the key of the organisation or project that it is on.
    role: Option<(&'static str, &'static str)>,
    /// What the printed table says.
    pub part: &'static str,
}

const fn person(
    name: &'static str,
    given: &'static str,
    family: &'static str,
    role: Option<(&'static str, &'static str)>,
    part: &'static str,
) -> Person {
    Person { name, given, family, role, part }
}

/// Everybody.
pub const PEOPLE: &[Person] = &[
    person("ada", "Ada", "Stern", None, "staff: may do everything"),
    person("sami", "Sami", "Aalto", None, "support: sees everything"),
    person("nora", "Nora", "Lind", Some(("CUSTOMER.OWNER", "nrc")), "owner of a provider: approves as provider"),
    person(
        "otto",
        "Otto",
        "Berg",
        Some(("OFFERING.MANAGER", "nrc")),
        "manages Aurora HPC; by Waldur's default roles he sees no orders",
    ),
    person("pia", "Pia", "Moser", Some(("CUSTOMER.OWNER", "alpine")), "owner of the other provider"),
    person("lena", "Lena", "Hart", Some(("CUSTOMER.OWNER", "lakeside")), "owner of a university: approves as consumer"),
    person("marc", "Marc", "Ruiz", Some(("PROJECT.MANAGER", "genomics")), "project manager: orders, waits for Lena"),
    person("amir", "Amir", "Nasser", Some(("PROJECT.ADMIN", "climate")), "project administrator"),
    person("mei", "Mei", "Tan", Some(("PROJECT.MEMBER", "genomics")), "project member: may order, not list"),
    person("ingrid", "Ingrid", "Dahl", Some(("CUSTOMER.OWNER", "polar")), "owner of an institute"),
    person("jonas", "Jonas", "Falk", Some(("PROJECT.MANAGER", "ice")), "project manager"),
    person("sofia", "Sofia", "Lund", Some(("PROJECT.ADMIN", "aurora")), "project administrator"),
    person("hugo", "Hugo", "Petit", Some(("CUSTOMER.OWNER", "harbor")), "owner of a company"),
    person("rita", "Rita", "Costa", Some(("PROJECT.MANAGER", "proteins")), "project manager"),
    person("tim", "Tim", "Wolf", None, "somebody without any role"),
];

/// Days until the project `future` begins, from the end of the demo's history.
const FUTURE_BEGINS_IN: i64 = 30;

/// Everything that the tables became.
pub struct World {
    pub organisations: HashMap<&'static str, CustomerId>,
    pub projects: HashMap<&'static str, ProjectId>,
    pub users: HashMap<&'static str, UserId>,
}

/// Makes the first staff user, who makes the organisations, projects and people. Roles on offerings follow in the
/// catalogue.
pub async fn make(app: &App) -> anyhow::Result<World> {
    let mut world = World { organisations: HashMap::new(), projects: HashMap::new(), users: HashMap::new() };
    let first = &PEOPLE[0];
    let staff = NewUser {
        username: first.name.to_owned(),
        first_name: first.given.to_owned(),
        last_name: first.family.to_owned(),
        email: first.email(),
        is_staff: true,
        ..NewUser::default()
    };
    let tx = app.begin_own().await?;
    world.users.insert(first.name, admin::create_user(&tx, staff).await?);
    tx.commit().await?;
    let mut tx = begin(app, first.name).await?;
    for (key, name) in ORGANISATIONS {
        let id = create::<Customers, AppError>(&mut tx, input(json!({ "name": name }))).await?;
        world.organisations.insert(key, id.into());
    }
    for (key, organisation, name, description) in PROJECTS {
        let begins = app.now() + super::HISTORY + TimeDelta::days(FUTURE_BEGINS_IN);
        let new = input(json!({
            "customer_id": world.organisations[organisation],
            "name": name,
            "description": description,
            "start_date": (*key == "future").then(|| begins.date_naive()),
        }));
        world.projects.insert(key, create::<Projects, AppError>(&mut tx, new).await?.into());
    }
    offer_members(app, &mut tx).await?;
    for person in &PEOPLE[1..] {
        add_person(&mut tx, &mut world, person).await?;
    }
    tx.commit().await?;
    Ok(world)
}

/// As whom the console lets anybody sign in.
pub fn to_be() -> Vec<DemoPerson> {
    let title = |person: &Person| format!("{} {}: {}", person.given, person.family, person.part);
    PEOPLE.iter().map(|person| DemoPerson { username: person.name.to_owned(), title: title(person) }).collect()
}

/// Switches the role of plain members on: it is shipped, but not offered.
async fn offer_members(app: &App, tx: &mut Tx) -> anyhow::Result<()> {
    let staff = auth::actor_named(app, PEOPLE[0].name).await?;
    let named = [Filter::equals(role::Column::Name, "PROJECT.MEMBER")];
    for role in list::<Roles>(app, &staff, &named, &[], (0, 1)).await? {
        structure::enable(tx, role.row.id.into(), true).await?;
    }
    Ok(())
}

async fn add_person(tx: &mut Tx, world: &mut World, person: &Person) -> anyhow::Result<()> {
    let new = input(json!({
        "username": person.name,
        "first_name": person.given,
        "last_name": person.family,
        "email": person.email(),
        "is_support": person.name == "sami",
    }));
    world.users.insert(person.name, create::<People, AppError>(tx, new).await?.into());
    match person.role {
        Some((role, place)) if !role.starts_with("OFFERING") => {
            world.give(tx, person.name, role, world.scope(place)?).await
        }
        _ => Ok(()),
    }
}

impl Person {
    fn email(&self) -> String {
        format!("{}@example.org", self.name)
    }
}

impl World {
    fn scope(&self, key: &str) -> anyhow::Result<MemberRequest> {
        let project = self.projects.get(key).map(|id| Scope::Project(*id));
        let scope = project.or_else(|| self.organisations.get(key).map(|id| Scope::Customer(*id)));
        // Staff need no right on what is around it.
        let request = scope.map(|scope| MemberRequest { scope, around: None, is_gone: false });
        request.ok_or_else(|| anyhow::anyhow!("the demo has no {key}"))
    }

    /// Gives one of the people a role.
    pub async fn give(&self, tx: &mut Tx, name: &str, role: &str, on: MemberRequest) -> anyhow::Result<()> {
        let new = input(json!({ "role": role, "user": self.users[name] }));
        structure::add::<AppError>(tx, on, new).await?;
        Ok(())
    }
}

/// The name of an organisation's owner.
pub fn owner_of(organisation: &str) -> anyhow::Result<&'static str> {
    let owner = PEOPLE.iter().find(|person| person.role == Some(("CUSTOMER.OWNER", organisation)));
    owner.map(|person| person.name).ok_or_else(|| anyhow::anyhow!("nobody owns {organisation}"))
}
