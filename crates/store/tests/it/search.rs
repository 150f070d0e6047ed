//! Text search finds what is there, whatever its letters, on both databases.

use mercat_domain::order::OrderState;
use mercat_store::{
    entity::project,
    order::{OrderFilter, count},
    texts,
};
use mercat_testkit::both;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, ModelTrait as _, Set};
use serde_json::json;

both! {
    async fn names_of_any_letters_are_found(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let mut body = app.order_body(&offered);
        body["attributes"]["name"] = json!("Ångström 100%_sure");
        assert_eq!(app.post_json("own", "/api/marketplace-orders/", body).await.status, 201);
        let found = [("Ångström", 1), ("ngstr", 1), ("NGSTR", 1), ("100%_SURE", 1), ("sure\u{1f}Å", 0), ("0%s", 0), ("_", 1), ("%%", 0)];
        for (text, expected) in found {
            for filter in [OrderFilter::Text(text.to_owned()), OrderFilter::ResourceName(text.to_owned())] {
                assert_eq!(count(app.app.db.read(), &[filter]).await.unwrap(), expected, "{text}");
            }
        }
    }

    async fn what_orders_are_found_by_follows_every_change(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let mut body = app.order_body(&offered);
        body["attributes"]["name"] = json!("a \"quoted\" name");
        let id = app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        let found = async |text: &str| count(app.app.db.read(), &[OrderFilter::Text(text.to_owned())]).await.unwrap();
        for (text, expected) in [("\"QUOTED\"", 1), ("ed\" na", 1), ("d n", 0), ("\\", 0), ("AND", 0), ("*", 0), ("\"", 1)] {
            assert_eq!(found(text).await, expected, "{text}");
        }
        let order = app.order_row(&id).await;
        assert_eq!(found(&order.slug[1..]).await, 1, "by its slug");
        let mut change = app.resource_row(&id).await.into_active_model();
        change.name = Set("ganz anders".to_owned());
        app.save(change).await;
        assert_eq!((found("Ganz And").await, found("quoted").await), (1, 1), "the resource has a new name, the wish its own");
        let mut change = order.clone().into_active_model();
        (change.attributes, change.slug) = (Set(json!({"name": 4711})), Set("anderswo-9".to_owned()));
        app.save(change).await;
        assert_eq!((found("quoted").await, found("4711").await, found("anderswo").await), (0, 1, 1));
        let project = project::Entity::find_by_id(app.world.project).one(app.app.db.read()).await.unwrap().unwrap();
        assert_eq!(found(&project.name[..4].to_uppercase()).await, 1, "by its project");

        let wrong = async || texts::wrong(app.app.db.read()).await.unwrap();
        assert_eq!(wrong().await, 0);
        let tx = app.app.db.write().await.unwrap();
        tx.execute_unprepared("UPDATE order_texts SET text = 'nothing'").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((wrong().await, found("anderswo").await), (1, 0));
        let tx = app.app.db.write().await.unwrap();
        texts::rebuild(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((wrong().await, found("anderswo").await, found("nothing").await), (0, 1, 0));
        let tx = app.app.db.write().await.unwrap();
        order.delete(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((wrong().await, found("anderswo").await), (0, 0));
    }

    async fn extreme_filters_are_refused_or_answered(app: TestApp) {
        let commas = ",".repeat(33_000);
        let long = "_".repeat(60_000);
        let keys = "created,".repeat(3_000);
        let cases = [
            (format!("offering_slug={commas}"), 400),
            (format!("query={long}"), 400),
            (format!("resource_name={long}"), 400),
            (format!("o={keys}"), 400),
            ("created=-9999-01-01T00:00:00Z".to_owned(), 400),
            ("modified=%2B10000-01-01T00:00:00Z".to_owned(), 400),
        ];
        for (query, status) in cases {
            let reply = app.get("staff", &format!("/api/marketplace-orders/?{query}")).await;
            assert_eq!(reply.status, status, "{}", &query[..20]);
        }
        let states: String = OrderState::ALL.iter().map(|state| format!("state={}&", state.as_str())).collect();
        let again = format!("/api/marketplace-orders/?{states}{}", "type=Create&".repeat(4_000));
        assert_eq!(app.get("own", &again).await.status, 200, "what is said again says nothing more");
    }
}
