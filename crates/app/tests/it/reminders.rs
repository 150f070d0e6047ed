//! Reminders and the daily mail: to whom, once, at their time.

use chrono::TimeDelta;
use mercat_app::Settings;
use mercat_domain::{
    delivery::MailMode,
    permission::{Permission, Scope},
};
use mercat_store::{
    delivery::next_due,
    entity::{delivery, digest_entry},
    people,
};
use mercat_testkit::{TestApp, both};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::Value;

use crate::support::{SECOND, letters, queue, turn_to, two_workers};

const REMINDER: &str = "reminder_of_pending_order";
const TO_CONSUMER: &str = "notify_consumer_about_pending_order";
const TO_PROVIDER: &str = "notify_provider_about_pending_order";

fn with_link(who: &str) -> Vec<(String, bool)> {
    vec![(format!("{who}@example.org"), true)]
}

async fn wants_daily(app: &TestApp, who: &str) {
    let tx = app.app.db.write().await.unwrap();
    people::set_mail_mode(&tx, app.world.users[who], MailMode::Daily, app.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many orders each daily mail so far was about.
async fn digests(app: &TestApp) -> Vec<usize> {
    let rows = delivery::Entity::find().all(app.app.db.read()).await.unwrap();
    let entries = |payload: &Value| payload["entries"].as_array().unwrap().len();
    rows.iter().filter(|row| row.payload["template"] == "digest").map(|row| entries(&row.payload)).collect()
}

async fn gathered(app: &TestApp) -> u64 {
    digest_entry::Entity::find().count(app.app.db.read()).await.unwrap()
}

both! {
    async fn each_side_is_reminded_once_after_a_day(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        app.pass(TimeDelta::hours(24) - SECOND).await;
        assert_eq!(letters(&app, &order, REMINDER).await, []);
        app.clock.advance(SECOND);
        two_workers(&app).await;
        assert_eq!(letters(&app, &order, REMINDER).await, with_link("own"));
        app.pass(TimeDelta::days(9)).await;
        assert_eq!(letters(&app, &order, REMINDER).await.len(), 1, "once");
        app.post("own", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        app.pass(TimeDelta::hours(24)).await;
        let expected = [with_link("own"), with_link("vown")].concat();
        assert_eq!(letters(&app, &order, REMINDER).await, expected);
    }

    async fn whoever_came_to_have_the_turn_has_a_whole_day(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        app.pass(TimeDelta::hours(20)).await;
        app.post("own", &format!("/api/marketplace-orders/{order}/approve_by_consumer/")).await.expect(200);
        app.pass(TimeDelta::hours(24) - SECOND).await;
        assert_eq!(letters(&app, &order, REMINDER).await, []);
        app.pass(SECOND).await;
        assert_eq!(letters(&app, &order, REMINDER).await, with_link("vown"));
    }

    async fn a_touch_takes_no_reminder_away(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        app.pass(TimeDelta::hours(23)).await;
        let path = format!("/api/marketplace-orders/{order}/update_attachment/");
        app.upload("mgr", &path, "po.pdf", b"%PDF-1.4").await.expect(200);
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(letters(&app, &order, REMINDER).await, with_link("own"));
    }

    async fn what_is_decided_or_was_missed_is_reminded_of_no_more_than_once(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let (decided, missed) = (app.order("mgr", &offered).await, app.order("mgr", &offered).await);
        app.post("own", &format!("/api/marketplace-orders/{decided}/reject_by_consumer/")).await.expect(200);
        app.clock.advance(TimeDelta::days(12));
        two_workers(&app).await;
        assert_eq!(letters(&app, &decided, REMINDER).await, []);
        assert_eq!(letters(&app, &missed, REMINDER).await, with_link("own"));
        app.clock.advance(TimeDelta::days(-11));
        app.drain().await;
        app.pass(TimeDelta::days(11)).await;
        assert_eq!(letters(&app, &missed, REMINDER).await.len(), 1, "nor when the clock goes back");
    }

    async fn without_the_setting_nobody_is_reminded(app: TestApp) {
        let settings = Settings { remind_after: None, ..Settings::default() };
        let app = TestApp::with(app.backend, settings, Default::default()).await;
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        app.pass(TimeDelta::days(3)).await;
        assert_eq!(letters(&app, &order, REMINDER).await, []);
    }

    async fn mail_goes_to_holders_and_links_to_those_who_can_use_them(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let first = app.order("own", &offered).await;
        assert_eq!(letters(&app, &first, TO_PROVIDER).await, with_link("vown"), "managing an offering is no such right");
        // Spec 15.6 names the offering; who may approve and who sees the order are asked of its organisation only.
        app.allow("OFFERING.MANAGER", Permission::OrderApprove).await;
        let second = app.order("own", &offered).await;
        let both = [("omgr@example.org".to_owned(), false), ("vown@example.org".to_owned(), true)];
        assert_eq!(letters(&app, &second, TO_PROVIDER).await, both);
    }

    async fn a_link_is_for_those_who_see_the_order_and_may_decide(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let told = |who: &str, has_link: bool| (format!("{who}@example.org"), has_link);
        // Members of a project do not see its orders.
        app.allow("PROJECT.MEMBER", Permission::OrderApprove).await;
        let order = app.order("mgr", &offered).await;
        assert_eq!(letters(&app, &order, TO_CONSUMER).await, [told("mem", false), told("own", true)]);
        // Managers of an offering do not decide for its organisation, also if they see the order.
        app.allow("OFFERING.MANAGER", Permission::OrderApprove).await;
        app.grant(app.world.users["omgr"], "PROJECT.ADMIN", Scope::Project(app.world.project)).await;
        let order = app.order("own", &offered).await;
        assert_eq!(letters(&app, &order, TO_PROVIDER).await, [told("omgr", false), told("vown", true)]);
    }

    async fn the_daily_mail_leaves_at_six_in_one(app: TestApp) {
        wants_daily(&app, "own").await;
        let offered = app.offering("Marketplace.Slurm").await;
        let six = mercat_domain::time::start_of_tomorrow(app.app.now()) + TimeDelta::hours(6);
        app.order("mgr", &offered).await;
        turn_to(&app, six - SECOND);
        app.order("mgr", &offered).await;
        app.drain().await;
        assert_eq!(digests(&app).await, [0; 0]);
        app.clock.advance(SECOND);
        two_workers(&app).await;
        assert_eq!(digests(&app).await, [2]);
        assert_eq!(gathered(&app).await, 0);
        // At six itself it is too late for this day.
        app.order("mgr", &offered).await;
        app.drain().await;
        assert_eq!(digests(&app).await, [2]);
        // By then both earlier orders have been reminded of, and the last has not.
        app.pass(TimeDelta::days(1) - SECOND).await;
        assert_eq!(digests(&app).await, [2]);
        app.pass(SECOND).await;
        assert_eq!(digests(&app).await.len(), 2);
        let next: Vec<_> = queue(&app, "digest").await.iter().map(|job| job.due - app.app.now()).collect();
        assert_eq!(next, [TimeDelta::days(1)], "for the reminder of the last, which came in this moment");
    }

    async fn days_that_were_missed_are_one_mail(app: TestApp) {
        wants_daily(&app, "own").await;
        let offered = app.offering("Support.OfferingTemplate").await;
        app.order("mgr", &offered).await;
        app.clock.advance(TimeDelta::days(3));
        app.order("mgr", &offered).await;
        two_workers(&app).await;
        // The reminder of the first order came in the same moment, before or after the mail was put together.
        let sent = digests(&app).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(u64::try_from(sent[0]).unwrap() + gathered(&app).await, 3, "nothing is lost");
    }

    async fn the_daily_mail_does_not_wait_for_a_wrong_clock_to_be_right(app: TestApp) {
        wants_daily(&app, "own").await;
        let offered = app.offering("Support.OfferingTemplate").await;
        app.clock.advance(TimeDelta::days(300));
        app.order("mgr", &offered).await;
        app.clock.advance(TimeDelta::days(-300));
        app.order("mgr", &offered).await;
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(digests(&app).await, [2]);
    }

    async fn what_is_gathered_while_the_mail_is_made_is_in_a_later_one(app: TestApp) {
        wants_daily(&app, "own").await;
        let offered = app.offering("Support.OfferingTemplate").await;
        app.order("mgr", &offered).await;
        app.clock.advance(TimeDelta::days(1));
        for _ in 0..8 {
            let worker = app.app.clone();
            let work = tokio::spawn(async move { mercat_worker::drain(&worker).await.unwrap() });
            app.order("mgr", &offered).await;
            work.await.unwrap();
            app.pass(TimeDelta::days(1)).await;
        }
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(gathered(&app).await, 0, "no entry without its job");
        assert!(next_due(app.app.db.read(), &[]).await.unwrap().is_some());
    }
}
