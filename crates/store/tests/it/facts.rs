//! What the rules are told of plans, limits and terms.

use chrono::TimeDelta;
use mercat_app::ids;
use mercat_domain::{offering::LimitUse, order::ResourceState};
use mercat_store::{
    entity::{component_quota, offering_terms, resource, terms_consent},
    facts,
};
use mercat_testkit::both;
use sea_orm::{Set, Unchanged};
use uuid::Uuid;

both! {
    async fn what_has_ended_leaves_its_place(app: TestApp) {
        let offered = app.offering_with("Marketplace.Basic", |_, plan, _| plan.max_amount = Some(9)).await;
        let mut resources = Vec::new();
        for _ in 0..2 {
            resources.push(app.resource_row(&app.order("own", &offered).await).await);
        }
        let db = app.app.db.read();
        let places = async || {
            let plan = facts::plan(db, offered.plan).await.unwrap().unwrap();
            (plan.used, facts::live_resources(db, offered.id, app.world.project).await.unwrap())
        };
        assert_eq!(places().await, (2, 2));
        let (id, state) = (Unchanged(resources[0].id), Set(ResourceState::Terminated));
        app.save(resource::ActiveModel { id, state, ..Default::default() }).await;
        assert_eq!(places().await, (1, 1));
    }

    async fn limits_count_in_their_period_and_against_others(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let now = app.app.now();
        let mut resources = Vec::new();
        for (limit, age) in [(5, 0), (3, 1), (-1, 0)] {
            let resource = app.resource_row(&app.order("own", &offered).await).await;
            let limits = serde_json::json!({ "cpu": limit });
            app.save(resource::ActiveModel { id: Unchanged(resource.id), limits: Set(limits), ..Default::default() }).await;
            let mut quota = mercat_store::resource::quota(ids::new(now), resource.id, offered.cpu, limit, now);
            quota.modified = now - TimeDelta::days(age);
            let tx = app.app.db.write().await.unwrap();
            mercat_store::list::delete(&tx, &[mercat_store::list::Filter::equals(component_quota::Column::ResourceId, resource.id)]).await.unwrap();
            tx.commit().await.unwrap();
            app.put(quota).await;
            resources.push(resource.id);
        }
        let used = async |since, except| {
            let LimitUse { in_period, of_all_resources } =
                facts::limit_use(app.app.db.read(), (offered.cpu, "cpu"), offered.id, since, except).await.unwrap();
            (in_period, of_all_resources)
        };
        assert_eq!(used(None, None).await, (8, 7));
        assert_eq!(used(Some(now), None).await, (5, 7), "from the first moment of the period on");
        assert_eq!(used(None, Some(resources[0])).await, (3, 2), "without the one that is to change");
    }

    async fn terms_are_agreed_to_until_that_is_taken_back(app: TestApp) {
        let (offered, now, own) = (app.offering("Marketplace.Basic").await, app.app.now(), app.world.users["own"]);
        let terms = async || facts::terms(app.app.db.read(), offered.id, own).await.unwrap();
        assert_eq!(terms().await, (false, false));
        let of = offering_terms::Model {
            id: ids::new(now),
            offering_id: offered.id,
            text: String::new(),
            link: String::new(),
            version: "2".to_owned(),
            is_active: true,
            created: now,
            requires_reconsent: false,
            grace_period_days: 0,
            modified: None,
        };
        app.put(of.clone()).await;
        assert_eq!(terms().await, (true, false));
        let id: Uuid = ids::new(now);
        let (version, user_id, offering_id) = ("1".to_owned(), own, offered.id);
        app.put(terms_consent::Model { id, user_id, offering_id, version, agreed: now, revoked: None, modified: None }).await;
        assert_eq!(terms().await, (true, true));
        let anew = Set(true);
        app.save(offering_terms::ActiveModel { id: Unchanged(of.id), requires_reconsent: anew, ..Default::default() }).await;
        assert_eq!(terms().await, (true, false), "not to this version");
        app.save(terms_consent::ActiveModel { id: Unchanged(id), version: Set("2".to_owned()), ..Default::default() }).await;
        assert_eq!(terms().await, (true, true));
        app.save(terms_consent::ActiveModel { id: Unchanged(id), revoked: Set(Some(now)), ..Default::default() }).await;
        assert_eq!(terms().await, (true, false));
    }
}
