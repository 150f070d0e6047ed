//! The demo's organisations, projects and people, as tables.

use std::collections::HashMap;

use chrono::TimeDelta;
use mercat_app::{
    App, Tx,
    admin::{self, NewUser, rows},
};
use mercat_domain::{
    id::{CustomerId, ProjectId, UserId},
    permission::Scope,
};

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

/// Makes the organisations, projects and people. Roles on offerings follow in the catalogue.
pub async fn make(app: &App) -> anyhow::Result<World> {
    let tx = app.begin_own().await?;
    let now = app.now();
    let mut world = World { organisations: HashMap::new(), projects: HashMap::new(), users: HashMap::new() };
    for (key, name) in ORGANISATIONS {
        let row = rows::customer(now, name);
        world.organisations.insert(key, row.id);
        admin::put(&tx, row).await?;
    }
    for (key, organisation, name, description) in PROJECTS {
        let mut row = rows::project(now, world.organisations[organisation], name);
        (*description).clone_into(&mut row.description);
        if *key == "future" {
            row.start_date = Some((now + super::HISTORY + TimeDelta::days(FUTURE_BEGINS_IN)).date_naive());
        }
        world.projects.insert(key, row.id);
        admin::put(&tx, row).await?;
    }
    for person in PEOPLE {
        add_person(&tx, &mut world, person).await?;
    }
    tx.commit().await?;
    Ok(world)
}

async fn add_person(tx: &Tx, world: &mut World, person: &Person) -> anyhow::Result<()> {
    let user = NewUser {
        username: person.name.to_owned(),
        first_name: person.given.to_owned(),
        last_name: person.family.to_owned(),
        email: format!("{}@example.org", person.name),
        is_staff: person.name == "ada",
        is_support: person.name == "sami",
        password: None,
    };
    let id = admin::create_user(tx, user).await?;
    world.users.insert(person.name, id);
    if let Some((role, place)) = person.role.filter(|(role, _)| !role.starts_with("OFFERING")) {
        admin::grant(tx, id, role, world.scope(place)?).await?;
    }
    Ok(())
}

impl World {
    fn scope(&self, key: &str) -> anyhow::Result<Scope> {
        let project = self.projects.get(key).map(|id| Scope::Project(*id));
        let scope = project.or_else(|| self.organisations.get(key).map(|id| Scope::Customer(*id)));
        scope.ok_or_else(|| anyhow::anyhow!("the demo has no {key}"))
    }
}
