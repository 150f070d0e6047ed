//! Whoever comes too late changes nothing and is told so.

use mercat_domain::id::OrderId;
use mercat_store::{
    entity::{order, resource},
    order as orders, resource as resources,
};
use mercat_testkit::both;
use sea_orm::Set;

both! {
    async fn of_two_changes_of_one_version_one_counts(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let id: OrderId = app.order("own", &offered).await.parse().unwrap();
        let db = app.app.db.write().await.unwrap();
        let (order, resource) = orders::lock_with_resource(&db, id).await.unwrap().unwrap();
        for (output, is_first) in [("first", true), ("second", false)] {
            let change = order::ActiveModel { output: Set(output.to_owned()), ..Default::default() };
            assert_eq!(orders::update(&db, id, order.version, change).await.unwrap(), is_first);
            let change = resource::ActiveModel { name: Set(output.to_owned()), ..Default::default() };
            assert_eq!(resources::update(&db, resource.id, resource.version, change).await.unwrap(), is_first);
        }
        let (changed, its) = orders::lock_with_resource(&db, id).await.unwrap().unwrap();
        assert_eq!((changed.output.as_str(), changed.version), ("first", order.version + 1));
        assert_eq!((its.name.as_str(), its.version), ("first", resource.version + 1));

        assert!(!orders::delete(&db, id, order.version).await.unwrap());
        assert!(orders::lock(&db, id).await.unwrap().is_some());
        assert!(orders::delete(&db, id, changed.version).await.unwrap());
        assert!(orders::lock(&db, id).await.unwrap().is_none());
    }
}
