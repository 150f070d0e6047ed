//! What whoever orders may decide about an order beside what is ordered.

use mercat_app::{
    Begun, auth,
    orders::{self, CreateOrder},
};
use mercat_testkit::both;

use crate::races::input;

both! {
    async fn only_staff_chooses_the_short_name(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        for (who, is_kept) in [("own", false), ("staff", true)] {
            let actor = auth::actor_named(&app.app, who).await.unwrap();
            let Begun::Fresh(mut tx) = app.app.begin(actor, None).await.unwrap() else { panic!("no key was given") };
            let wish = CreateOrder { slug: Some("mine".to_owned()), ..input(&app, &offered) };
            let id = orders::create(&mut tx, wish).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(app.order_row(&id.to_string()).await.slug == "mine", is_kept, "{who}");
        }
    }
}
