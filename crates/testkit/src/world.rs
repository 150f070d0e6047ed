//! The fixture of spec 20: consumer K with project P, provider V, and a person for every part.

use std::collections::HashMap;

use mercat_app::{
    App, Tx,
    admin::{self, NewUser, rows},
    auth,
};
use mercat_domain::{
    id::{CategoryId, CustomerId, ProjectId, UserId},
    permission::Scope,
};
use mercat_store::entity::token;
use uuid::Uuid;

/// Everybody, with the role that each has: `K`, `P`, `V` say on what.
const PEOPLE: &[(&str, Option<(&str, char)>)] = &[
    ("staff", None),
    ("support", None),
    ("user", None),
    ("own", Some(("CUSTOMER.OWNER", 'K'))),
    ("mgr", Some(("PROJECT.MANAGER", 'P'))),
    ("adm", Some(("PROJECT.ADMIN", 'P'))),
    ("mem", Some(("PROJECT.MEMBER", 'P'))),
    ("vown", Some(("CUSTOMER.OWNER", 'V'))),
    ("omgr", None),
];

/// Ids of the fixture. The token of a person is `token-NAME`.
#[derive(Debug, Clone)]
pub struct World {
    /// K, the consumer organisation.
    pub consumer: CustomerId,
    /// P, K's project.
    pub project: ProjectId,
    /// V, the provider organisation.
    pub provider: CustomerId,
    /// The category of all offerings.
    pub category: CategoryId,
    /// The people by name.
    pub users: HashMap<&'static str, UserId>,
}

impl World {
    pub(crate) async fn make(app: &App) -> Self {
        let tx = app.begin_own().await.unwrap();
        let now = app.now();
        let (consumer, provider) = (rows::customer(now, "Konsument"), rows::customer(now, "Verkaeufer"));
        let category = rows::category(now, "Computing");
        let project = rows::project(now, consumer.id, "Probe");
        let mut world = Self {
            consumer: consumer.id,
            project: project.id,
            provider: provider.id,
            category: category.id,
            users: HashMap::new(),
        };
        admin::put(&tx, consumer).await.unwrap();
        admin::put(&tx, provider).await.unwrap();
        admin::put(&tx, category).await.unwrap();
        admin::put(&tx, project).await.unwrap();
        for (name, role) in PEOPLE {
            world.add(&tx, name, *role).await;
        }
        tx.commit().await.unwrap();
        world
    }

    async fn add(&mut self, tx: &Tx, name: &'static str, role: Option<(&str, char)>) {
        let user = NewUser {
            username: name.to_owned(),
            first_name: name.to_uppercase(),
            last_name: "Test".to_owned(),
            email: format!("{name}@example.org"),
            is_staff: name == "staff",
            is_support: name == "support",
            password: None,
        };
        let id = admin::create_user(tx, user).await.unwrap();
        if let Some((role, place)) = role {
            let scope = match place {
                'P' => Scope::Project(self.project),
                'K' => Scope::Customer(self.consumer),
                _ => Scope::Customer(self.provider),
            };
            admin::grant(tx, id, role, scope).await.unwrap();
        }
        admin::put(tx, token_row(tx, id, name)).await.unwrap();
        self.users.insert(name, id);
    }
}

fn token_row(tx: &Tx, user: UserId, name: &str) -> token::Model {
    let now = tx.now();
    token::Model {
        id: mercat_app::ids::new::<Uuid>(now).into(),
        user_id: user,
        hash: auth::hash(&format!("token-{name}")),
        name: "test".to_owned(),
        lifetime: None,
        created: now,
        last_used: now,
    }
}
