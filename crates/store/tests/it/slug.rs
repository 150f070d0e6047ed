//! Slug numbers.

use mercat_store::{
    entity::order,
    order::{next_slug, slug_is_taken},
};
use mercat_testkit::both;
use sea_orm::{ActiveModelTrait as _, Set, Unchanged};

both! {
    async fn numbers_go_on_after_the_highest_and_never_repeat(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        assert_eq!(next_slug(&db, "konsument").await.unwrap(), "konsument-1");
        assert_eq!(next_slug(&db, "konsument").await.unwrap(), "konsument-2");
        assert_eq!(next_slug(&db, "konsu").await.unwrap(), "konsu-1", "another prefix, though it begins alike");
        assert!(!slug_is_taken(&db, "konsument-1").await.unwrap());
        db.commit().await.unwrap();
    }

    async fn what_staff_chose_is_passed_over(app: TestApp) {
        let order = app.order("own", &app.offering("Marketplace.Basic").await).await;
        let db = app.app.db.write().await.unwrap();
        let (id, slug) = (Unchanged(order.parse().unwrap()), Set("konsument-3".to_owned()));
        order::ActiveModel { id, slug, ..Default::default() }.update(&db).await.unwrap();
        assert_eq!(next_slug(&db, "konsument").await.unwrap(), "konsument-2");
        assert_eq!(next_slug(&db, "konsument").await.unwrap(), "konsument-4");
    }

    async fn many_at_once_get_different_numbers(app: TestApp) {
        let mut takers = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let db = app.app.db.clone();
            takers.spawn(async move {
                let tx = db.write().await.unwrap();
                let slug = next_slug(&tx, "many").await.unwrap();
                tx.commit().await.unwrap();
                slug
            });
        }
        let mut slugs = takers.join_all().await;
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 32);
    }
}
