//! The buttons decide, once; nothing else does.

use http::Method;
use mercat_domain::permission::Scope;
use mercat_store::entity::{user, user_role};
use mercat_testkit::{TestApp, both};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use crate::support::{asked, call, form, has_buttons, html, link, link_row, open, press, send, standing};

/// Takes all roles from somebody.
async fn dismiss(app: &TestApp, who: &str) {
    let db = app.app.db.write().await.unwrap();
    let of = user_role::Column::UserId.eq(app.world.users[who]);
    user_role::Entity::delete_many().filter(of).exec(&db).await.unwrap();
    db.commit().await.unwrap();
}

both! {
    async fn looking_decides_nothing(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        for _ in 0..10 {
            let reply = open(&app, &path).await.expect(200);
            assert!(has_buttons(&reply));
            call(&app, Method::HEAD, &path).await.expect(200);
            let prefetch = app.request("", Method::GET, &path).header("sec-purpose", "prefetch");
            send(&app, prefetch.header("sec-fetch-site", "cross-site").body(String::new().into()).unwrap()).await.expect(200);
            open(&app, &format!("{path}?decision=approve")).await.expect(200);
        }
        for method in [Method::OPTIONS, Method::PUT, Method::PATCH, Method::DELETE] {
            call(&app, method, &path).await.expect(405);
        }
        assert_eq!(standing(&app, &order).await, before);
        assert_eq!(link_row(&app, &order, "own").await.used, None);
    }

    async fn a_button_decides_once(app: TestApp) {
        let (order, path) = asked(&app).await;
        let reply = press(&app, &path, "approve").await.expect(303);
        assert_eq!(reply.header("location"), "./");
        let after = standing(&app, &order).await;
        assert_eq!((after.0.as_str(), after.2), ("pending-provider", 2));
        assert!(html(&open(&app, &path).await.expect(200)).contains("<h1>You approved this order</h1>"));
        for decision in ["approve", "reject"] {
            let reply = press(&app, &path, decision).await.expect(409);
            assert!(html(&reply).contains("changed nothing"));
            assert!(!has_buttons(&reply));
        }
        assert_eq!(standing(&app, &order).await, after);
    }

    async fn both_sides_decide_by_link(app: TestApp) {
        let (order, path) = asked(&app).await;
        press(&app, &path, "approve").await.expect(303);
        let second = link(&app, &order, "vown").await;
        press(&app, &second, "reject").await.expect(303);
        assert_eq!(app.order_field(&order, "state").await, "rejected");
        assert!(html(&open(&app, &second).await).contains("<h1>You rejected this order</h1>"));
    }

    async fn of_two_at_once_one_wins(app: TestApp) {
        let (order, path) = asked(&app).await;
        let (one, two) = tokio::join!(press(&app, &path, "approve"), press(&app, &path, "reject"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(standing(&app, &order).await.2, 2, "made and decided");
    }

    async fn a_changed_order_is_not_decided(app: TestApp) {
        let (order, path) = asked(&app).await;
        app.post("staff", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        let before = standing(&app, &order).await;
        let page = html(&press(&app, &path, "approve").await.expect(409));
        assert!(page.contains("has changed since the mail") && page.contains("Approved by the consumer"), "{page}");
        assert_eq!(standing(&app, &order).await, before);
    }

    async fn an_expired_link_does_not_decide(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        app.clock.advance(chrono::TimeDelta::days(15));
        assert!(html(&press(&app, &path, "approve").await.expect(409)).contains("has expired"));
        assert_eq!(standing(&app, &order).await, before);
    }

    async fn who_lost_the_right_is_told_who_has_it(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        dismiss(&app, "own").await;
        app.grant(app.world.users["own"], "PROJECT.ADMIN", Scope::Project(app.world.project)).await;
        let reply = press(&app, &path, "approve").await.expect(403);
        assert!(!has_buttons(&reply));
        insta::assert_snapshot!("lost_the_right", html(&reply));
        assert_eq!(standing(&app, &order).await, before);
        assert_eq!(link_row(&app, &order, "own").await.used, None, "the link decides if the right comes back");
    }

    async fn who_sees_nothing_any_more_finds_nothing(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        dismiss(&app, "own").await;
        open(&app, &path).await.expect(404);
        press(&app, &path, "approve").await.expect(404);
        assert_eq!(standing(&app, &order).await, before);
    }

    async fn who_was_switched_off_finds_nothing(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        let own = app.world.users["own"];
        app.save(user::ActiveModel { id: Set(own), is_active: Set(false), ..Default::default() }).await;
        open(&app, &path).await.expect(404);
        press(&app, &path, "approve").await.expect(404);
        assert_eq!(standing(&app, &order).await, before);
    }

    async fn a_rule_refuses(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        let ended = app.app.now().date_naive() - chrono::Days::new(1);
        let project = mercat_store::entity::project::ActiveModel {
            id: Set(app.world.project), end_date: Set(Some(ended)), ..Default::default()
        };
        app.save(project).await;
        let reply = press(&app, &path, "approve").await.expect(400);
        insta::assert_snapshot!("refused_by_a_rule", html(&reply));
        assert_eq!(standing(&app, &order).await, before);
    }

    async fn bad_forms_decide_nothing(app: TestApp) {
        let (order, path) = asked(&app).await;
        let before = standing(&app, &order).await;
        for body in ["", "decision=", "decision=maybe", "decision=approve&decision=reject", "decision=Approve", "x=approve", "{}", "%FF"] {
            let reply = send(&app, form(&app, &path, body)).await.expect(400);
            assert!(html(&reply).contains("Nothing was done"), "{body}");
        }
        let plain = app.request("", Method::POST, &path).header("content-type", "text/plain");
        send(&app, plain.body("decision=approve".into()).unwrap()).await.expect(400);
        let large = format!("decision=approve&x={}", "x".repeat(1024 * 1024));
        send(&app, form(&app, &path, large)).await.expect(413);
        assert_eq!(standing(&app, &order).await, before);
        let with_more = form(&app, &path, "extra=1&decision=approve");
        send(&app, with_more).await.expect(303);
    }
}
