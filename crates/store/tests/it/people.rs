//! Rights end when they are said to, and tokens only then.

use chrono::TimeDelta;
use mercat_app::auth;
use mercat_domain::permission::Scope;
use mercat_store::{
    entity::{user, user_role},
    list::{self, Filter},
    people::{active_actor, forget_dead_tokens, holder},
};
use mercat_testkit::both;
use sea_orm::{Set, Unchanged};

both! {
    async fn a_role_counts_until_its_end(app: TestApp) {
        let (now, db) = (app.app.now(), app.app.db.read());
        let person = app.person("guest").await;
        app.grant(person, "PROJECT.MANAGER", Scope::Project(app.world.project)).await;
        let held = [Filter::equals(user_role::Column::UserId, person)];
        let id = Unchanged(list::first::<user_role::Entity>(db, &held).await.unwrap().unwrap().id);
        let end = now + TimeDelta::hours(1);
        app.save(user_role::ActiveModel { id, expires: Set(Some(end)), ..Default::default() }).await;
        for (at, roles) in [(end - TimeDelta::microseconds(1), 1), (end, 0)] {
            let by_token = holder(db, &auth::hash("token-guest"), at).await.unwrap().unwrap();
            let by_id = active_actor(db, person, at).await.unwrap().unwrap();
            assert_eq!((by_token.grants.len(), by_id.grants.len()), (roles, roles), "{at}");
        }
    }

    async fn who_was_switched_off_has_no_rights(app: TestApp) {
        let (own, db) = (app.world.users["own"], app.app.db.read());
        assert!(active_actor(db, own, app.app.now()).await.unwrap().is_some());
        app.save(user::ActiveModel { id: Unchanged(own), is_active: Set(false), ..Default::default() }).await;
        assert!(active_actor(db, own, app.app.now()).await.unwrap().is_none());
    }

    async fn tokens_are_forgotten_a_day_after_their_end(app: TestApp) {
        let (own, now) = (app.world.users["own"], app.app.now());
        let day = 24 * 3600;
        for (secret, lifetime) in [("endless", None), ("a day", Some(day)), ("a month", Some(30 * day))] {
            app.token(own, secret, lifetime).await;
        }
        for (days, left) in [(2, ["endless", "a day", "a month"].as_slice()), (3, &["endless", "a month"]), (32, &["endless"])] {
            let tx = app.app.db.write().await.unwrap();
            forget_dead_tokens(&tx, now + TimeDelta::days(days)).await.unwrap();
            tx.commit().await.unwrap();
            for secret in ["endless", "a day", "a month"] {
                let found = holder(app.app.db.read(), &auth::hash(secret), now).await.unwrap().is_some();
                assert_eq!(found, left.contains(&secret), "{secret} after {days} days");
            }
        }
    }
}
