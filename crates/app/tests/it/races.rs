//! Many decide at once: one effect, and everybody else is told so.

use std::sync::Arc;

use mercat_app::{
    Answer, App, AppError, Begun, IdempotencyKey, auth,
    orders::{self, CreateOrder, Target},
};
use mercat_domain::{
    id::{OrderId, ResourceId},
    invalid::FieldErrors,
    order::{Action, OrderType, Refusal},
};
use mercat_store::{delivery, entity::order, event, facts};
use mercat_testkit::{Offered, TestApp, both};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use tokio::{sync::Barrier, task::JoinSet};

const RACERS: usize = 64;

/// One attempt of a person at an action.
async fn attempt(app: App, who: &'static str, action: Action, id: OrderId) -> Result<(), AppError> {
    let actor = auth::actor_named(&app, who).await?;
    let Begun::Fresh(mut tx) = app.begin(actor, None).await? else { panic!("no key was given") };
    orders::act(&mut tx, &Target::from(id), action).await?;
    tx.commit().await
}

/// All at once, from two processes; returns who won with what, after checking that the losers were told the state.
async fn race(app: &TestApp, id: OrderId, entries: &[(&'static str, Action)]) -> Vec<Action> {
    let processes = [app.app.clone(), app.sibling_app().await];
    let start = Arc::new(Barrier::new(RACERS));
    let mut racers = JoinSet::new();
    for n in 0..RACERS {
        let (who, action) = entries[n % entries.len()];
        let (app, start) = (processes[n % 2].clone(), Arc::clone(&start));
        racers.spawn(async move {
            start.wait().await;
            (action, attempt(app, who, action, id).await)
        });
    }
    let mut winners = Vec::new();
    for (action, result) in racers.join_all().await {
        match result {
            Ok(()) => winners.push(action),
            Err(AppError::Refused { refusal: Refusal::WrongState { .. }, .. } | AppError::Conflict) => {}
            Err(other) => panic!("{action}: {other:?}"),
        }
    }
    winners
}

async fn events(app: &TestApp, id: OrderId) -> usize {
    event::of_order(app.app.db.read(), id).await.unwrap().len()
}

both! {
    async fn sixty_four_approvals_are_one(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let id: OrderId = app.order("mgr", &offered).await.parse().unwrap();
        assert_eq!(race(&app, id, &[("own", Action::ApproveByConsumer)]).await.len(), 1);
        assert_eq!(events(&app, id).await, 2, "made and approved");
        assert_eq!(race(&app, id, &[("vown", Action::ApproveByProvider)]).await.len(), 1);
        assert_eq!(events(&app, id).await, 3);
        let messages = delivery::of_order(app.app.db.read(), id).await.unwrap();
        assert_eq!(messages.len(), 2, "one mail to the consumer's side, one to the provider's: {messages:?}");
    }

    async fn of_approve_reject_and_cancel_one_wins(app: TestApp) {
        let offered = app.offering("Support.OfferingTemplate").await;
        for _ in 0..3 {
            let id: OrderId = app.order("mgr", &offered).await.parse().unwrap();
            let entries =
                [("own", Action::ApproveByConsumer), ("own", Action::RejectByConsumer), ("mgr", Action::Cancel)];
            let winners = race(&app, id, &entries).await;
            // An order that was approved first may still be cancelled: that is its second change, not a double one.
            let cancelled_after = winners.len() == 2 && winners.contains(&Action::Cancel) && winners.contains(&Action::ApproveByConsumer);
            assert!(winners.len() == 1 || cancelled_after, "{winners:?}");
            assert_eq!(events(&app, id).await, 1 + winners.len());
        }
    }

    async fn one_key_makes_one_order(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let processes = [app.app.clone(), app.sibling_app().await];
        let start = Arc::new(Barrier::new(RACERS));
        let mut racers = JoinSet::new();
        for n in 0..RACERS {
            let (app_, start) = (processes[n % 2].clone(), Arc::clone(&start));
            let (input, key) = (input(&app, &offered), key());
            racers.spawn(async move {
                start.wait().await;
                create(app_, input, key).await
            });
        }
        let mut answers = Vec::new();
        for result in racers.join_all().await {
            match result {
                Ok(answer) => answers.push(answer),
                Err(AppError::KeyRunning) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(!answers.is_empty());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "the same answer for everybody");
        assert_eq!(order::Entity::find().count(app.app.db.read()).await.unwrap(), 1);
        let again = create(app.app.clone(), input(&app, &offered), key()).await.unwrap();
        assert_eq!(again, answers[0], "and later too");
    }

    async fn the_last_place_of_a_plan_is_taken_once(app: TestApp) {
        let offered = app.offering_with("Marketplace.Slurm", |_, plan, _| plan.max_amount = Some(1)).await;
        assert_eq!(made_at_once(&app, &offered).await, 1);
        assert_eq!(facts::plan(app.app.db.read(), offered.plan).await.unwrap().unwrap().used, 1);
    }

    async fn the_last_of_a_component_is_taken_once(app: TestApp) {
        let offered = app.offering_with("Marketplace.Slurm", |_, _, cpu| cpu.max_available_limit = Some(2)).await;
        assert_eq!(made_at_once(&app, &offered).await, 1);
    }

    async fn the_last_place_in_a_project_is_taken_once(app: TestApp) {
        let most = serde_json::json!({ "maximal_resource_count_per_project": 1 });
        let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| offering.plugin_options = most).await;
        assert_eq!(made_at_once(&app, &offered).await, 1);
    }

    async fn a_resource_gets_one_order_at_a_time(app: TestApp) {
        let offered = app.offering("Marketplace.Basic").await;
        let id = app.order("own", &offered).await;
        app.post("vown", &format!("/api/marketplace-orders/{id}/approve_by_provider/")).await;
        app.drain().await;
        let rows = mercat_store::order::rows(&app.app.db.kept(), &[id.parse().unwrap()]).await.unwrap();
        let resource = rows[0].resource_id;
        let start = Arc::new(Barrier::new(16));
        let mut racers = JoinSet::new();
        for _ in 0..16 {
            let (app_, start) = (app.app.clone(), Arc::clone(&start));
            racers.spawn(async move {
                start.wait().await;
                terminate(app_, resource).await
            });
        }
        let made = racers.join_all().await.into_iter().filter(Result::is_ok).count();
        assert_eq!(made, 1);
    }
}

/// Many order the same at once; how many got it.
async fn made_at_once(app: &TestApp, offered: &Offered) -> usize {
    let processes = [app.app.clone(), app.sibling_app().await];
    let start = Arc::new(Barrier::new(16));
    let mut racers = JoinSet::new();
    for n in 0..16 {
        let (process, start, input) = (processes[n % 2].clone(), Arc::clone(&start), input(app, offered));
        racers.spawn(async move {
            start.wait().await;
            create(process, input, IdempotencyKey { key: n.to_string(), request_hash: vec![] }).await
        });
    }
    racers.join_all().await.into_iter().filter(Result::is_ok).count()
}

fn key() -> IdempotencyKey {
    IdempotencyKey { key: "one".to_owned(), request_hash: b"the same".to_vec() }
}

pub fn input(app: &TestApp, offered: &Offered) -> CreateOrder {
    CreateOrder {
        errors: FieldErrors::new(),
        offering: Some(offered.id),
        project: Some(app.world.project),
        plan: Some(offered.plan),
        order_type: OrderType::Create,
        attributes: serde_json::json!({"name": "race"}),
        limits: mercat_domain::offering::Limits::from([("cpu".to_owned(), 1)]),
        accepts_terms: None,
        callback_url: None,
        request_comment: None,
        start_date: None,
        slug: None,
    }
}

async fn create(app: App, input: CreateOrder, key: IdempotencyKey) -> Result<Answer, AppError> {
    let actor = auth::actor_named(&app, "own").await?;
    match app.begin(actor, Some(key)).await? {
        Begun::Replayed(answer) => Ok(answer),
        Begun::Fresh(mut tx) => {
            let id = orders::create(&mut tx, input).await?;
            tx.finish(Answer { status: 201, headers: vec![], body: id.to_string().into_bytes() }).await
        }
    }
}

async fn terminate(app: App, resource: ResourceId) -> Result<(), AppError> {
    let actor = auth::actor_named(&app, "own").await?;
    let Begun::Fresh(mut tx) = app.begin(actor, None).await? else { panic!("no key was given") };
    orders::terminate(&mut tx, orders::ResourceSide::Consumer, resource, Ok(serde_json::json!({}))).await?;
    tx.commit().await
}
