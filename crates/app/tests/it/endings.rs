//! Resources and projects whose last day comes: ended once, on that day, whatever the clock does meanwhile.

use chrono::TimeDelta;
use mercat_domain::order::{OrderState, OrderType, ResourceState};
use mercat_store::entity::{project, resource, user};
use mercat_testkit::{TestApp, both};
use sea_orm::{Set, Unchanged};
use serde_json::json;

use crate::support::{
    SECOND, day, ends_on, later_orders, queue, running, set_project_start, standing, state, turn_to_day, two_workers,
};

const HELPDESK: &str = "Support.OfferingTemplate";

async fn project_ends(app: &TestApp, days: i64) {
    let (id, end_date) = (Unchanged(app.world.project), Set(Some(day(app, days))));
    app.save(project::ActiveModel { id, end_date, ..Default::default() }).await;
}

/// A change of limits that waits for its approval.
async fn change(app: &TestApp, who: &str, order: &str) -> String {
    let resource = app.order_row(order).await.resource_id;
    let path = format!("/api/marketplace-resources/{resource}/update_limits/");
    app.post_json(who, &path, json!({"limits": {"cpu": 7}})).await.expect(200).text("order_uuid")
}

both! {
    async fn a_resource_ends_when_its_last_day_begins(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, HELPDESK).await;
        let last = day(&app, 3);
        ends_on(&app, &first, last).await;
        app.pass(TimeDelta::hours(60) - SECOND).await;
        assert!(later_orders(&app, &first).await.is_empty(), "it is not midnight yet");
        app.pass(SECOND).await;
        let orders = later_orders(&app, &first).await;
        assert_eq!(orders.len(), 1);
        assert_eq!((orders[0].order_type, orders[0].state), (OrderType::Terminate, OrderState::Executing));
        assert_eq!(orders[0].request_comment, Some(format!("Resource expired on {last}")));
        assert_eq!(app.resource_row(&first).await.state, ResourceState::Terminating);
        for _ in 0..3 {
            app.pass(TimeDelta::days(1)).await;
        }
        assert_eq!(later_orders(&app, &first).await.len(), 1, "once");
    }

    async fn a_project_takes_its_resources_with_it(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, HELPDESK).await;
        project_ends(&app, 2).await;
        let last = day(&app, 2);
        app.pass(TimeDelta::hours(36) - SECOND).await;
        assert!(later_orders(&app, &first).await.is_empty());
        app.pass(SECOND).await;
        let orders = later_orders(&app, &first).await;
        let why: Vec<_> = orders.iter().map(|order| order.request_comment.clone().unwrap()).collect();
        assert_eq!(why, [format!("Project end date has been reached on {last}")]);
    }

    async fn what_ended_while_nothing_ran_is_ended_once(app: TestApp) {
        standing(&app).await;
        let (_, own) = running(&app, HELPDESK).await;
        let (_, of_project) = running(&app, HELPDESK).await;
        ends_on(&app, &own, day(&app, 2)).await;
        project_ends(&app, 4).await;
        app.clock.advance(TimeDelta::days(20));
        two_workers(&app).await;
        assert_eq!(later_orders(&app, &own).await.len(), 1);
        assert_eq!(later_orders(&app, &of_project).await.len(), 1);
        let next = queue(&app, "endings").await;
        assert_eq!(next.len(), 1);
        assert_eq!(next[0].due, mercat_domain::time::start_of_day(day(&app, 1)), "and again tomorrow");
    }

    async fn a_clock_that_was_wrong_for_a_while_stops_nothing(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, HELPDESK).await;
        let (today, last) = (day(&app, 0), day(&app, 3));
        turn_to_day(&app, today + TimeDelta::days(300));
        app.drain().await;
        ends_on(&app, &first, last).await;
        turn_to_day(&app, today + TimeDelta::days(1));
        standing(&app).await;
        assert!(later_orders(&app, &first).await.is_empty());
        turn_to_day(&app, last);
        app.drain().await;
        assert_eq!(later_orders(&app, &first).await.len(), 1);
        turn_to_day(&app, last - TimeDelta::days(1));
        standing(&app).await;
        turn_to_day(&app, last);
        standing(&app).await;
        assert_eq!(later_orders(&app, &first).await.len(), 1, "backwards and forwards is not twice");
        let dues: Vec<_> = queue(&app, "sweep").await.iter().map(|job| job.due - app.app.now()).collect();
        assert!(dues.iter().all(|due| *due <= TimeDelta::hours(1)), "{dues:?}");
    }

    async fn what_waits_for_approval_is_withdrawn_and_says_why(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, "Marketplace.Slurm").await;
        let last = day(&app, 1);
        ends_on(&app, &first, last).await;
        let waiting = change(&app, "mgr", &first).await;
        assert_eq!(state(&app, &waiting).await, OrderState::PendingConsumer);
        app.pass(TimeDelta::days(1)).await;
        let withdrawn = app.order_row(&waiting).await;
        assert_eq!(withdrawn.state, OrderState::Canceled);
        assert_eq!(withdrawn.termination_comment, Some(format!("Resource expired on {last}")));
        let orders = later_orders(&app, &first).await;
        assert_eq!((orders.len(), orders[1].order_type), (2, OrderType::Terminate));
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(later_orders(&app, &first).await.len(), 2, "the end waits for the provider, once");
    }

    async fn what_is_being_carried_out_goes_first(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, "Marketplace.Slurm").await;
        ends_on(&app, &first, day(&app, 1)).await;
        let running = change(&app, "own", &first).await;
        app.post("vown", &format!("/api/marketplace-orders/{running}/approve_by_provider/")).await.expect(200);
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(later_orders(&app, &first).await.len(), 1, "no end yet");
        app.post("vown", &format!("/api/marketplace-orders/{running}/set_state_done/")).await.expect(200);
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(later_orders(&app, &first).await.len(), 1, "the day after asks again");
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(later_orders(&app, &first).await.len(), 2);
    }

    async fn what_waits_for_a_day_goes_first_and_piles_up_no_work(app: TestApp) {
        standing(&app).await;
        let (_, first) = running(&app, "Marketplace.Slurm").await;
        set_project_start(&app, Some(day(&app, 10))).await;
        let waiting = change(&app, "own", &first).await;
        assert_eq!(state(&app, &waiting).await, OrderState::PendingProject);
        ends_on(&app, &first, day(&app, 1)).await;
        for _ in 0..4 {
            app.pass(TimeDelta::days(1)).await;
        }
        assert!(queue(&app, "end_resource").await.is_empty(), "nothing failed");
        assert_eq!(state(&app, &waiting).await, OrderState::PendingProject);
        app.pass(TimeDelta::days(7)).await;
        assert_eq!(state(&app, &waiting).await, OrderState::Canceled);
        assert_eq!(later_orders(&app, &first).await.len(), 2, "the end follows");
    }

    async fn whoever_set_the_last_day_orders_the_end(app: TestApp) {
        standing(&app).await;
        for (who, is_active, expected) in [("own", true, Some("own")), ("adm", false, None)] {
            let (_, first) = running(&app, HELPDESK).await;
            let asked_by = app.world.users[who];
            app.save(user::ActiveModel { id: Unchanged(asked_by), is_active: Set(is_active), ..Default::default() }).await;
            let id = Unchanged(app.resource_row(&first).await.id);
            let (end, by) = (Set(Some(day(&app, 1))), Set(Some(asked_by)));
            app.save(resource::ActiveModel { id, end_date: end, end_date_requested_by: by, ..Default::default() }).await;
            app.pass(TimeDelta::days(1)).await;
            let orders = later_orders(&app, &first).await;
            assert_eq!(orders.len(), 1);
            assert_eq!(orders[0].created_by, expected.map(|who| app.world.users[who]), "{who}");
        }
    }
}
