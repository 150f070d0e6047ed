//! Many decide at once about one order, through one or two processes: what happened is a sequence that the rules allow,
//! each success is one step of it, and whoever was refused changed nothing.

mod judge;

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{Method, Request, header};
use mercat_domain::{
    id::OrderId,
    order::{Action, OrderState},
};
use mercat_store::{entity::order, event};
use mercat_testkit::{
    Backend, Offered, TestApp,
    campaign::{Amount, Report},
    reply,
};
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sea_orm::{EntityTrait as _, IntoActiveModel as _, Set};
use tokio::{sync::Barrier, task::JoinSet};

/// So many ask for each of the two actions of a trial.
const EACH: usize = 3;

/// What people ask for, each by somebody who may.
const ASKED: [(Action, &str); 13] = [
    (Action::ApproveByConsumer, "own"),
    (Action::ApproveByProvider, "vown"),
    (Action::RejectByConsumer, "own"),
    (Action::RejectByProvider, "vown"),
    (Action::Cancel, "mgr"),
    (Action::Destroy, "mgr"),
    (Action::Unlink, "staff"),
    (Action::SetStateExecuting, "vown"),
    (Action::SetStateDone, "vown"),
    (Action::SetStateErred, "vown"),
    (Action::SetBackendId, "vown"),
    (Action::UpdateAttachment, "mgr"),
    (Action::DeleteAttachment, "mgr"),
];

/// Between them these have every operation.
const TYPES: [&str; 2] = ["Marketplace.Slurm", "Support.OfferingTemplate"];

/// One trial.
#[derive(Debug, Clone, Copy)]
struct Trial {
    state: OrderState,
    pair: [(Action, &'static str); 2],
    offering_type: usize,
    processes: usize,
}

/// Every state and every pair of actions, with one process and with two, for each type of offering.
fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &state in OrderState::ALL {
        for (at, &first) in ASKED.iter().enumerate() {
            for &second in &ASKED[at..] {
                for processes in [1, 2] {
                    let offering_types = 0..TYPES.len();
                    trials.extend(offering_types.map(|offering_type| Trial {
                        state,
                        pair: [first, second],
                        offering_type,
                        processes,
                    }));
                }
            }
        }
    }
    trials
}

/// Runs trials in an order that the seed shuffles, all of them before any comes again.
pub async fn run(backend: Backend, amount: Amount) -> Report {
    let app = TestApp::new(backend).await;
    let mut offered = Vec::new();
    for offering_type in TYPES {
        offered.push(app.offering(offering_type).await);
    }
    let stage = Stage { routers: [app.router.clone(), app.sibling().await], app, offered };
    let (mut trials, mut chance, mut report) = (trials(), StdRng::seed_from_u64(amount.seed), Report::default());
    trials.shuffle(&mut chance);
    for case in amount.cases() {
        let at = usize::try_from(case).unwrap_or(0) % trials.len();
        let result = stage.race(trials[at], &mut report).await;
        report.note(format_args!("seed {}, case {case}, {:?}", amount.seed, trials[at]), result);
    }
    if let Err(error) = event::verify(stage.app.app.db.read()).await {
        report.breaches.push(format!("the log does not hold together: {error}"));
    }
    report
}

/// Where trials happen.
struct Stage {
    app: TestApp,
    routers: [Router; 2],
    offered: Vec<Offered>,
}

impl Stage {
    async fn race(&self, trial: Trial, report: &mut Report) -> Result<(), String> {
        let id = self.app.order("mgr", &self.offered[trial.offering_type]).await;
        let order: OrderId = id.parse().map_err(|error| format!("{id} is no id: {error}"))?;
        self.put_into(&id, trial.state).await;
        let before = self.events(order).await.len();
        let answers = self.answers(trial, &id).await;
        let events = self.events(order).await.split_off(before);
        let row = order::Entity::find_by_id(order).one(self.app.app.db.read()).await.map_err(|e| e.to_string())?;
        let won = answers.iter().filter(|(_, status)| *status < 300).count();
        report.see("won", won as u64);
        report.see("refused", (answers.len() - won) as u64);
        judge::judge(trial.state, &answers, &events, row.as_ref())
    }

    /// Puts a new order into the state, whatever leads there.
    async fn put_into(&self, id: &str, state: OrderState) {
        let mut change = self.app.order_row(id).await.into_active_model();
        change.state = Set(state);
        self.app.save(change).await;
    }

    async fn events(&self, order: OrderId) -> Vec<mercat_store::entity::event::Model> {
        event::of_order(self.app.app.db.read(), order).await.unwrap_or_default()
    }

    /// Everybody at once; the actions with the status that each was answered with.
    async fn answers(&self, trial: Trial, id: &str) -> Vec<(Action, u16)> {
        let start = Arc::new(Barrier::new(2 * EACH));
        let mut racers = JoinSet::new();
        for n in 0..2 * EACH {
            let (action, who) = trial.pair[n % 2];
            let request = self.request(action, who, id, n);
            let (router, start) = (self.routers[n / 2 % trial.processes].clone(), Arc::clone(&start));
            racers.spawn(async move {
                start.wait().await;
                (action, reply(router, request).await.status.as_u16())
            });
        }
        racers.join_all().await
    }

    fn request(&self, action: Action, who: &str, id: &str, n: usize) -> Request<Body> {
        let order = format!("/api/marketplace-orders/{id}/");
        let path = if action == Action::Destroy { order } else { format!("{order}{action}/") };
        let method = if action == Action::Destroy { Method::DELETE } else { Method::POST };
        let request = self.app.request(who, method, &path);
        let (kind, body) = match action {
            Action::UpdateAttachment => ("multipart/form-data; boundary=cut", attachment(n)),
            // Another one each time: the same one again would be no change.
            Action::SetBackendId => ("application/json", format!(r#"{{"backend_id": "backend-{n}"}}"#)),
            _ => ("application/json", String::new()),
        };
        request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap_or_default()
    }
}

fn attachment(n: usize) -> String {
    format!(
        "--cut\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"po-{n}.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF-1.4 {n}\r\n--cut--\r\n"
    )
}
