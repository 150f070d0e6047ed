//! Two thousand people, and the roles of the report.

use mercat_app::{
    App, Tx,
    admin::{self, rows},
    auth,
};
use mercat_domain::{id::UserId, permission::Scope};
use mercat_store::{
    entity::{token, user, user_role},
    people,
};
use uuid::Uuid;

use super::{
    PEOPLE,
    line::{CUSTOMERS, PROJECTS, USERS},
    reference::Reference,
};

/// The first of the owners of organisations, and of the people of projects.
const OWNERS: usize = 10;
const MEMBERS: usize = OWNERS + 3 * CUSTOMERS;

/// Makes them; returns their ids, each at its place.
pub async fn make(app: &App, reference: &Reference) -> anyhow::Result<Vec<UserId>> {
    let tx = app.begin_own().await?;
    let mut ids = Vec::new();
    for u in 0..USERS {
        let name = PEOPLE.get(u).map_or_else(|| format!("user{u}"), |(name, _)| format!("bench-{name}"));
        let row = user::Model {
            email: format!("{name}@example.org"),
            is_staff: u == 0,
            is_support: u == 1,
            ..rows::user(tx.now(), &name, "User", &u.to_string())
        };
        ids.push(row.id);
        admin::put(&tx, row).await?;
    }
    for ((name, _), id) in PEOPLE.iter().zip(&ids) {
        admin::put(&tx, token(&tx, *id, name)).await?;
    }
    let roles = people::roles(app.db.read()).await?;
    let mut grants = vec![
        (2, "CUSTOMER.OWNER", Scope::Customer(reference.customers[20])),
        (3, "CUSTOMER.OWNER", Scope::Customer(reference.customers[5])),
        (4, "PROJECT.MEMBER", Scope::Project(reference.projects[0])),
    ];
    for i in 0..3 * CUSTOMERS {
        grants.push((OWNERS + i, "CUSTOMER.OWNER", Scope::Customer(reference.customers[i / 3])));
    }
    for p in 0..PROJECTS {
        for (i, role) in ["PROJECT.MANAGER", "PROJECT.ADMIN", "PROJECT.MEMBER"].into_iter().enumerate() {
            grants.push((MEMBERS + 3 * p + i, role, Scope::Project(reference.projects[p])));
        }
    }
    for (user, role, scope) in grants {
        let role = roles.iter().find(|known| known.name == role).map(|role| role.id);
        let row = user_role::Model {
            id: mercat_app::ids::new::<Uuid>(tx.now()),
            user_id: ids[user],
            role_id: role.ok_or_else(|| anyhow::anyhow!("a role is missing"))?,
            scope_kind: scope.kind(),
            scope_id: scope.id(),
            created: tx.now(),
            created_by: None,
            expires: None,
            is_active: true,
        };
        admin::put(&tx, row).await?;
    }
    tx.commit().await?;
    Ok(ids)
}

fn token(tx: &Tx, user: UserId, name: &str) -> token::Model {
    token::Model {
        id: mercat_app::ids::new::<Uuid>(tx.now()).into(),
        user_id: user,
        hash: auth::hash(&format!("bench-{name}")),
        name: "bench".to_owned(),
        // A hundred years without use: the orders are of 2022.
        lifetime: Some(100 * 365 * 86_400),
        created: tx.now(),
        last_used: tx.now(),
    }
}
