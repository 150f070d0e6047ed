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

/// Name, given and family name, role, organisation or project, what the table says of them.
pub const PEOPLE: &[(&str, &str, &str, Option<(&str, &str)>, &str)] = &[
    ("ada", "Ada", "Stern", None, "staff: may do everything"),
    ("sami", "Sami", "Aalto", None, "support: sees everything"),
    ("nora", "Nora", "Lind", Some(("CUSTOMER.OWNER", "nrc")), "owner of a provider: approves as provider"),
    ("otto", "Otto", "Berg", Some(("OFFERING.MANAGER", "nrc")), "manages Aurora HPC at the provider"),
    ("pia", "Pia", "Moser", Some(("CUSTOMER.OWNER", "alpine")), "owner of the other provider"),
    ("lena", "Lena", "Hart", Some(("CUSTOMER.OWNER", "lakeside")), "owner of a university: approves as consumer"),
    ("marc", "Marc", "Ruiz", Some(("PROJECT.MANAGER", "genomics")), "project manager: orders, waits for Lena"),
    ("amir", "Amir", "Nasser", Some(("PROJECT.ADMIN", "climate")), "project administrator"),
    ("mei", "Mei", "Tan", Some(("PROJECT.MEMBER", "genomics")), "project member: may order, not list"),
    ("ingrid", "Ingrid", "Dahl", Some(("CUSTOMER.OWNER", "polar")), "owner of an institute"),
    ("jonas", "Jonas", "Falk", Some(("PROJECT.MANAGER", "ice")), "project manager"),
    ("sofia", "Sofia", "Lund", Some(("PROJECT.ADMIN", "aurora")), "project administrator"),
    ("hugo", "Hugo", "Petit", Some(("CUSTOMER.OWNER", "harbor")), "owner of a company"),
    ("rita", "Rita", "Costa", Some(("PROJECT.MANAGER", "proteins")), "project manager"),
    ("tim", "Tim", "Wolf", None, "somebody without any role"),
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

async fn add_person(
    tx: &Tx,
    world: &mut World,
    (name, first, last, role, _): &(&'static str, &str, &str, Option<(&str, &str)>, &str),
) -> anyhow::Result<()> {
    let user = NewUser {
        username: (*name).to_owned(),
        first_name: (*first).to_owned(),
        last_name: (*last).to_owned(),
        email: format!("{name}@example.org"),
        is_staff: *name == "ada",
        is_support: *name == "sami",
        password: None,
    };
    let id = admin::create_user(tx, user).await?;
    world.users.insert(name, id);
    if let Some((role, place)) = role.filter(|(role, _)| !role.starts_with("OFFERING")) {
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
