//! Changes of single rows, as an operator makes them behind the interface's back.

use mercat_app::{admin, auth};
use mercat_domain::{
    id::UserId,
    permission::{Permission, Scope},
};
use mercat_store::{
    Row,
    entity::{order, resource, role, token, user},
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, EntityTrait, IntoActiveModel, QueryFilter as _, Set,
};
use uuid::Uuid;

use crate::TestApp;

impl TestApp {
    /// Adds a row.
    pub async fn put<R: Row>(&self, row: R) {
        let tx = self.app.begin_own().await.unwrap();
        admin::put(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Writes the columns that are set; the key has to be among them.
    pub async fn save<A>(&self, row: A)
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let db = self.app.db.write().await.unwrap();
        row.update(&db).await.unwrap();
        db.commit().await.unwrap();
    }

    /// An order's row.
    pub async fn order_row(&self, id: &str) -> order::Model {
        let id: Uuid = id.parse().unwrap();
        order::Entity::find_by_id(id).one(self.app.db.read()).await.unwrap().unwrap()
    }

    /// The row of an order's resource.
    pub async fn resource_row(&self, order: &str) -> resource::Model {
        let id = self.order_row(order).await.resource_id;
        resource::Entity::find_by_id(id).one(self.app.db.read()).await.unwrap().unwrap()
    }

    /// Adds a permission to a role, as an operator may.
    pub async fn allow(&self, name: &str, permission: Permission) {
        let found = role::Entity::find().filter(role::Column::Name.eq(name)).one(self.app.db.read()).await.unwrap();
        let found = found.unwrap();
        let mut permissions = found.permissions.clone();
        permissions.as_array_mut().unwrap().push(permission.as_str().into());
        let mut change = found.into_active_model();
        change.permissions = Set(permissions);
        self.save(change).await;
    }

    /// Gives somebody a role.
    pub async fn grant(&self, who: UserId, role: &str, scope: Scope) {
        let tx = self.app.begin_own().await.unwrap();
        admin::grant(&tx, who, role, scope).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A person beside those of [`crate::World`], with no role; the token is `token-NAME`.
    pub async fn person(&self, name: &str) -> UserId {
        let now = self.app.now();
        let row = admin::rows::user(now, name, &name.to_uppercase(), "Test");
        let row = user::Model { email: format!("{name}@example.org"), ..row };
        let id = row.id;
        self.put(row).await;
        self.token(id, &format!("token-{name}"), None).await;
        id
    }

    /// A further token of somebody; `lifetime` is in seconds without use.
    pub async fn token(&self, user: UserId, secret: &str, lifetime: Option<i64>) {
        let now = self.app.now();
        self.put(token::Model {
            id: mercat_app::ids::new::<Uuid>(now).into(),
            user_id: user,
            hash: auth::hash(secret),
            name: "test".to_owned(),
            lifetime,
            created: now,
            last_used: now,
        })
        .await;
    }
}
