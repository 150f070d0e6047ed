//! What happens without a request: at its time, once, and over a restart.

use chrono::{Days, TimeDelta};
use mercat_app::{
    jobs::{self, Turn},
    projects,
};
use mercat_domain::id::OrderId;
use mercat_store::{entity::job, event};
use mercat_testkit::{TestApp, both};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::task::JoinSet;

async fn set_project_start(app: &TestApp, days: Option<u64>) {
    let day = days.map(|days| app.app.now().date_naive() + Days::new(days));
    let mut tx = app.app.begin_own().await.unwrap();
    projects::set_start_date(&mut tx, app.world.project, day).await.unwrap();
    tx.commit().await.unwrap();
}

async fn state(app: &TestApp, order: &str) -> Value {
    app.order_field(order, "state").await
}

both! {
    async fn a_basic_order_is_done_after_the_provider_approved(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("own", &offered).await;
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await;
        assert_eq!(state(&app, &order).await, "executing", "the answer comes before the work");
        app.drain().await;
        assert_eq!(state(&app, &order).await, "done");
        assert_ne!(app.order_field(&order, "completed_at").await, Value::Null);
    }

    async fn what_was_to_be_done_at_once_by_a_clock_that_was_ahead_is_done_when_it_is_set_back(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("own", &offered).await;
        app.clock.advance(TimeDelta::hours(1));
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await.expect(200);
        app.clock.advance(-TimeDelta::hours(1));
        app.drain().await;
        assert_eq!(state(&app, &order).await, "executing", "it waits for its time");
        jobs::ensure_standing(&app.app).await.unwrap();
        app.drain().await;
        assert_eq!(state(&app, &order).await, "done");
    }

    async fn a_support_order_gets_an_issue_and_waits(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let order = app.order("own", &offered).await;
        app.drain().await;
        assert_eq!(state(&app, &order).await, "executing");
        let issue = app.order_field(&order, "issue").await;
        assert!(issue["key"].as_str().unwrap().starts_with("MERCAT-"), "{issue}");
    }

    async fn an_order_that_nothing_can_process_fails_with_the_reason(app: TestApp) {
        let offered = app.offering("VMware.VirtualMachine").await;
        let order = app.order("own", &offered).await;
        app.drain().await;
        assert_eq!(state(&app, &order).await, "erred");
        let reason = app.order_field(&order, "error_message").await;
        assert_eq!(reason, "Skipping order processing because processor is not found.");
    }

    async fn orders_of_a_project_that_starts_later_wait_for_its_day(app: TestApp) {
        set_project_start(&app, Some(2)).await;
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("own", &offered).await;
        assert_eq!(state(&app, &order).await, "pending-project");
        app.pass(TimeDelta::days(1)).await;
        assert_eq!(state(&app, &order).await, "pending-project");
        // It is noon; the day begins at midnight.
        app.pass(TimeDelta::hours(12) - TimeDelta::seconds(1)).await;
        assert_eq!(state(&app, &order).await, "pending-project");
        app.pass(TimeDelta::seconds(1)).await;
        assert_eq!(state(&app, &order).await, "pending-provider");
    }

    async fn orders_go_on_when_the_project_needs_no_start_any_more(app: TestApp) {
        set_project_start(&app, Some(20)).await;
        let slurm = app.order("own", &app.offering("Marketplace.Slurm").await).await;
        let support = app.order("own", &app.offering("Support.OfferingTemplate").await).await;
        app.drain().await;
        assert_eq!(state(&app, &slurm).await, "pending-project");
        set_project_start(&app, None).await;
        app.drain().await;
        assert_eq!(state(&app, &slurm).await, "pending-provider");
        assert_eq!(state(&app, &support).await, "executing");
    }

    async fn of_two_orders_for_a_resource_that_wait_for_the_project_one_goes_on_after_the_other(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let made = app.order("own", &offered).await;
        for action in ["approve_by_provider", "set_state_done"] {
            app.post("vown", &format!("/api/marketplace-orders/{made}/{action}/")).await.expect(200);
        }
        set_project_start(&app, Some(1)).await;
        let resource = app.order_field(&made, "marketplace_resource_uuid").await;
        let terminate = format!("/api/marketplace-resources/{}/terminate/", resource.as_str().unwrap());
        let mut orders = Vec::new();
        for _ in 0..2 {
            orders.push(app.post("own", &terminate).await.expect(200).text("order_uuid"));
            assert_eq!(state(&app, orders.last().unwrap()).await, "pending-project");
        }
        app.pass(TimeDelta::days(1)).await;
        let states = [state(&app, &orders[0]).await, state(&app, &orders[1]).await];
        let [first, second] = if states[0] == "pending-provider" { [0, 1] } else { [1, 0] };
        assert_eq!([&states[first], &states[second]], ["pending-provider", "pending-project"], "one at a time");
        app.post("vown", &format!("/api/marketplace-orders/{}/reject_by_provider/", orders[first])).await.expect(200);
        app.pass(TimeDelta::minutes(10)).await;
        assert_eq!(state(&app, &orders[second]).await, "pending-provider");
    }

    async fn an_order_that_nobody_fulfils_is_given_up(app: TestApp) {
        let offered = app.offering("VMware.VirtualMachine").await;
        let order = app.order("own", &offered).await;
        // As if its processor had begun and never reported.
        let db = app.app.db.write().await.unwrap();
        let id: uuid::Uuid = order.parse().unwrap();
        job::Entity::delete_many()
            .filter(job::Column::Kind.eq("process_order"))
            .filter(job::Column::Subject.eq(id))
            .exec(&db)
            .await
            .unwrap();
        db.commit().await.unwrap();
        app.pass(TimeDelta::minutes(119)).await;
        assert_eq!(state(&app, &order).await, "executing");
        app.pass(TimeDelta::minutes(1)).await;
        assert_eq!(state(&app, &order).await, "erred");
        assert_eq!(app.order_field(&order, "error_message").await, "Execution has timed out.");
    }

    async fn an_order_with_a_start_date_waits_for_it(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        let mut body = app.order_body(&offered);
        body["start_date"] = json!((app.app.now().date_naive() + Days::new(3)).to_string());
        let order = app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        assert_eq!(state(&app, &order).await, "pending-start-date");
        app.pass(TimeDelta::hours(60)).await;
        assert_eq!(state(&app, &order).await, "executing");
    }

    async fn workers_side_by_side_do_each_job_once(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let mut orders = Vec::new();
        for _ in 0..10 {
            let order = app.order("own", &offered).await;
            app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await;
            orders.push(order);
        }
        let mut workers = JoinSet::new();
        for _ in 0..4 {
            let app = app.app.clone();
            // A worker that finds all due jobs taken by the others is done.
            workers.spawn(async move { while jobs::run_next(&app).await.unwrap() == Turn::Worked {} });
        }
        workers.join_all().await;
        app.drain().await;
        for order in orders {
            assert_eq!(state(&app, &order).await, "done");
            let log = event::of_order(app.app.db.read(), order.parse::<OrderId>().unwrap()).await.unwrap();
            let actions: Vec<&str> = log.iter().map(|row| row.action.as_str()).collect();
            assert_eq!(actions, ["submit", "approve_by_provider", "complete"]);
        }
    }

    async fn a_restart_loses_no_job(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let order = app.order("own", &offered).await;
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await;
        let url = app.url.clone();
        let db = mercat_store::Db::connect(&url, 2).await.unwrap();
        let again = mercat_app::App::new(db, app.clock.clone(), app.app.files.clone(), mercat_app::Settings::default());
        mercat_worker::drain(&again).await.unwrap();
        assert_eq!(state(&app, &order).await, "done");
    }

    async fn a_failing_job_is_put_off_and_not_lost(app: TestApp) {
        let db = app.app.db.write().await.unwrap();
        let job = mercat_store::entity::job::Model {
            id: mercat_app::ids::new(app.app.now()),
            kind: "nonsense".to_owned(),
            subject: uuid::Uuid::nil(),
            created: app.app.now(),
            due: app.app.now(),
            attempts: 0,
            last_error: None,
        };
        let id = job.id;
        mercat_store::insert(&db, job).await.unwrap();
        db.commit().await.unwrap();
        app.drain().await;
        let row = mercat_store::entity::job::Entity::find_by_id(id).one(app.app.db.read()).await.unwrap().unwrap();
        assert_eq!(row.attempts, 1);
        assert!(row.due > app.app.now());
        assert!(row.last_error.unwrap().contains("nonsense"));
    }

    async fn servers_that_start_together_make_one_of_each_standing_job(app: TestApp) {
        let other = app.sibling_app().await;
        jobs::ensure_standing(&app.app).await.unwrap();
        jobs::ensure_standing(&other).await.unwrap();
        app.drain().await;
        let left = job::Entity::find().all(app.app.db.read()).await.unwrap();
        let sweep: Vec<_> = left.iter().filter(|job| job.kind == "sweep").collect();
        assert_eq!(sweep.len(), 1);
        assert_eq!(sweep[0].due, app.app.now() + TimeDelta::hours(1), "and it comes again");
        assert_eq!(left.iter().filter(|job| job.kind == "next_prices").count(), 1);
    }

    async fn what_an_orderer_writes_into_attributes_does_not_change_the_resource(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let mut body = app.order_body(&offered);
        body["type"] = json!("Update");
        body["attributes"] = json!({"new_end_date": "9999-12-31", "new_options": {"anything": 1}});
        let order = app.post_json("own", "/api/marketplace-orders/", body).await.expect(201).text("uuid");
        app.post("vown", &format!("/api/marketplace-orders/{order}/approve_by_provider/")).await;
        app.drain().await;
        assert_eq!(state(&app, &order).await, "done");
                let row = mercat_store::order::rows(&app.app.db.kept(), &[order.parse().unwrap()]).await.unwrap().remove(0);
        let resource = mercat_store::resource::find(app.app.db.read(), row.resource_id).await.unwrap().unwrap();
        assert_eq!((resource.end_date, resource.options), (None, json!({})));
    }

    async fn a_new_attachment_queues_no_second_start(app: TestApp) {
        set_project_start(&app, Some(300)).await;
        let order = app.order("own", &app.offering("Marketplace.Slurm").await).await;
        for _ in 0..3 {
            let path = format!("/api/marketplace-orders/{order}/update_attachment/");
            assert_eq!(app.upload("own", &path, "po.pdf", b"%PDF-1.4").await.status, 200);
        }
        assert_eq!(job::Entity::find().all(app.app.db.read()).await.unwrap().len(), 1);
    }
}
