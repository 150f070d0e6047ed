//! What `explain/` says: reviewed texts for every state, and the proof that it says what the actions do.
//!
//! A text that changes is written beside the reviewed one; read it against spec 5, 6.2 and 10 before you accept it.

use std::collections::BTreeMap;

use http::{Method, header};
use mercat_domain::{order::OrderState, permission::Permission};
use mercat_testkit::{Offered, Reply, TestApp, both};
use serde_json::{Value, json};

use crate::{
    permissions::Specimen,
    support::{Ask as _, FORBIDDEN, at},
};

/// Everybody, with what they are to the order.
const EVERYBODY: [(&str, &str); 11] = [
    ("mgr", "manages the project, made the order"),
    ("adm", "administers the project"),
    ("mem", "member of the project"),
    ("own", "owns the consumer"),
    ("vown", "owns the provider"),
    ("omgr", "manages the offering"),
    ("dual", "owns both"),
    ("user", "stranger"),
    ("support", "support"),
    ("staff", "staff"),
    ("", "not signed in"),
];

/// How an order is brought to where it is explained.
struct Case {
    name: &'static str,
    offering: &'static str,
    /// Who does what, in order.
    steps: &'static [(&'static str, &'static str)],
    /// Whether the order is to start in three days.
    starts_later: bool,
}

const fn case(name: &'static str, offering: &'static str, steps: &'static [(&'static str, &'static str)]) -> Case {
    Case { name, offering, steps, starts_later: false }
}

const BY_CONSUMER: (&str, &str) = ("own", "approve_by_consumer");
const BY_PROVIDER: (&str, &str) = ("vown", "approve_by_provider");
const APPROVED: &[(&str, &str)] = &[BY_CONSUMER, BY_PROVIDER];

const CASES: &[Case] = &[
    case("pending-consumer", "Marketplace.Slurm", &[]),
    case("pending-provider", "Marketplace.Slurm", &[BY_CONSUMER]),
    Case { starts_later: true, ..case("pending-start-date", "Marketplace.Slurm", APPROVED) },
    case("executing-agent", "Marketplace.Slurm", APPROVED),
    case("executing-service", "Marketplace.Basic", APPROVED),
    case("executing-unfulfilled", "VMware.VirtualMachine", &[BY_CONSUMER]),
    case("done", "Marketplace.Slurm", &[BY_CONSUMER, BY_PROVIDER, ("vown", "set_state_done")]),
    case("erred", "Marketplace.Slurm", &[BY_CONSUMER, BY_PROVIDER, ("vown", "set_state_erred")]),
    case("canceled", "Marketplace.Basic", &[("mgr", "cancel")]),
    case("rejected", "Marketplace.Slurm", &[BY_CONSUMER, ("vown", "reject_by_provider")]),
];

async fn brought(app: &TestApp, case: &Case, offered: &Offered) -> String {
    let changes = if case.starts_later { json!({"start_date": app.day(3).to_string()}) } else { json!({}) };
    let order = app.create("mgr", offered, changes).await.expect(201).text("uuid");
    for (who, action) in case.steps {
        let reply = app.act(who, &order, action).await;
        assert!(reply.status.is_success(), "{}: {action}: {}", case.name, reply.json());
    }
    order
}

/// The lines about the order itself, which everybody is told alike.
fn about(told: &Value) -> String {
    let mut text = format!("{} since {}\n{}\n", of(told, "state"), of(told, "since"), of(told, "headline"));
    text += &format!("next: {}\n", told["next_state"].as_str().unwrap_or("-"));
    for reason in told["blocked_by"].as_array().unwrap() {
        text += &format!("blocked: {}\n", reason.as_str().unwrap());
    }
    for job in told["scheduled"].as_array().unwrap() {
        text += &format!("at {}: {}\n", of(job, "due"), of(job, "what"));
    }
    text
}

fn of<'a>(told: &'a Value, field: &str) -> &'a str {
    told[field].as_str().unwrap()
}

/// What one person is told besides: whom the order waits for, and what that person may do. Reasons are named by their
/// number in the list of all.
fn for_one(told: &Value, reasons: &mut Vec<String>) -> String {
    let waits = &told["waits_for"];
    let people = waits["people"].as_array().map(|names| {
        let names: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
        format!(": {}", names.join(", "))
    });
    let mut text = format!("waits for {} ({}{})\n", of(waits, "who"), waits["count"], people.unwrap_or_default());
    let (may, may_not): (Vec<&Value>, Vec<&Value>) =
        told["actions"].as_array().unwrap().iter().partition(|action| action["allowed"] == true);
    for action in may {
        let leads_to = action["leads_to"].as_str().map(|state| format!(" -> {state}"));
        text += &format!("may {}{}\n", of(action, "action"), leads_to.unwrap_or_default());
    }
    let mut by_reason = BTreeMap::<usize, Vec<&str>>::new();
    for action in may_not {
        let why = of(action, "why_not").replace(FORBIDDEN, "no right");
        let reason = format!("{why} | {} | {}", of(action, "who_could"), of(action, "what_unblocks"));
        let number = reasons.iter().position(|other| *other == reason).unwrap_or_else(|| {
            reasons.push(reason);
            reasons.len() - 1
        });
        by_reason.entry(number + 1).or_default().push(of(action, "action"));
    }
    for (number, actions) in by_reason {
        text += &format!("may not ({number}) {}\n", actions.join(", "));
    }
    text
}

/// The explanation to everybody, those who are told the same together, and the reasons: why not, who could, what has
/// to happen first.
async fn explained(app: &TestApp, order: &str) -> String {
    let (mut common, mut reasons) = (String::new(), Vec::new());
    let mut sections: Vec<(Vec<String>, String)> = Vec::new();
    for (who, what) in EVERYBODY {
        let reply = app.get(who, &at(order, "explain")).await;
        let section = if reply.status == 200 {
            let told = reply.json();
            assert_eq!(of(&told, "order_uuid"), order);
            let about = about(&told);
            assert!(common.is_empty() || common == about, "{who} is told something else: {about}");
            common = about;
            for_one(&told, &mut reasons)
        } else {
            format!("{} {}\n", reply.status.as_u16(), reply.json()["detail"].as_str().unwrap())
        };
        let title = if who.is_empty() { what.to_owned() } else { format!("{who} ({what})") };
        match sections.iter_mut().find(|(_, other)| *other == section) {
            Some((titles, _)) => titles.push(title),
            None => sections.push((vec![title], section)),
        }
    }
    let sections = sections.iter().map(|(titles, text)| format!("\n## {}\n{text}", titles.join(", ")));
    let reasons = reasons.iter().zip(1..).map(|(reason, number)| format!("({number}) {reason}\n"));
    format!("{common}{}\n## Why not\n{}", sections.collect::<String>(), reasons.collect::<String>())
}

/// The text is the one that was reviewed, on both databases.
fn reviewed(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("explain");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// What the API offers on an order, in the order of the explanation.
const ACTIONS: [(&str, Method); 13] = [
    ("approve_by_consumer", Method::POST),
    ("approve_by_provider", Method::POST),
    ("reject_by_consumer", Method::POST),
    ("reject_by_provider", Method::POST),
    ("cancel", Method::POST),
    ("destroy", Method::DELETE),
    ("set_state_executing", Method::POST),
    ("set_state_done", Method::POST),
    ("set_state_erred", Method::POST),
    ("set_backend_id", Method::POST),
    ("update_attachment", Method::POST),
    ("delete_attachment", Method::POST),
    ("unlink", Method::POST),
];

async fn done(app: &TestApp, who: &str, order: &str, action: &str, method: &Method) -> Reply {
    let path = at(order, if action == "destroy" { "" } else { action });
    let body = if action == "set_backend_id" { r#"{"backend_id": "b"}"# } else { "{}" };
    let request = app.request(who, method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
    app.send(request.body(if *method == Method::POST { body } else { "" }.into()).unwrap()).await
}

/// The words of a refusal, whatever its shape.
fn words(reply: &Reply) -> String {
    let body = reply.json();
    body["detail"].as_str().or_else(|| body[0].as_str()).unwrap_or_default().to_owned()
}

/// Every action as everybody: done if and only if the explanation allows it, and refused in its words.
async fn told_and_done(app: &TestApp, specimen: &Specimen, state: OrderState, attached: bool) -> usize {
    let mut compared = 0;
    specimen.restore(app, state, attached).await;
    // Whoever owns both sides is no third side.
    for (who, _) in EVERYBODY.iter().filter(|(who, _)| *who != "dual") {
        let reply = app.get(who, &at(&specimen.id, "explain")).await;
        let told = if reply.status == 200 { reply.json()["actions"].clone() } else { Value::Null };
        if let Some(told) = told.as_array() {
            let names: Vec<&str> = told.iter().map(|action| of(action, "action")).collect();
            assert_eq!(names, ACTIONS.each_ref().map(|(name, _)| *name));
        }
        for (number, (action, method)) in ACTIONS.iter().enumerate() {
            let about = format!("{who} {action} {state}, attached: {attached}");
            let reply = done(app, who, &specimen.id, action, method).await;
            let Some(told) = told.get(number) else {
                assert!([401, 403, 404].contains(&reply.status.as_u16()), "{about}");
                continue;
            };
            assert_eq!(told["allowed"], reply.status.is_success(), "{about}: {}", words(&reply));
            compared += 1;
            if reply.status.is_success() {
                let leads_to = if ["destroy", "unlink"].contains(action) {
                    Value::Null
                } else {
                    app.order_field(&specimen.id, "state").await
                };
                assert_eq!(told["leads_to"], leads_to, "{about}");
                specimen.restore(app, state, attached).await;
            } else if *action == "delete_attachment" && reply.status == 404 {
                // Waldur answers this one without words.
                assert_eq!(told["why_not"], "The order has no attachment.", "{about}");
            } else {
                assert_eq!(told["why_not"], words(&reply), "{about}");
            }
        }
    }
    compared
}

both! {
    async fn everybody_is_told_the_truth_in_every_state(app: TestApp) {
        app.owner_of_both().await;
        for case in CASES {
            let offered = app.offering(case.offering).await;
            let order = brought(&app, case, &offered).await;
            app.clock.advance(chrono::TimeDelta::minutes(1));
            reviewed(case.name, &explained(&app, &order).await);
        }
    }

    async fn a_project_that_has_yet_to_begin(app: TestApp) {
        app.owner_of_both().await;
        app.set_project(Some(5), None).await;
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("own", &offered).await;
        reviewed("pending-project", &explained(&app, &order).await);
    }

    async fn what_stands_in_the_way_of_everybody(app: TestApp) {
        app.owner_of_both().await;
        let wanted = |options: Value| move |offering: &mut mercat_store::entity::offering::Model| offering.plugin_options = options;
        let options = wanted(json!({"require_purchase_order_upload": true}));
        let offered = app.offering_with("Marketplace.Slurm", |offering, _, _| options(offering)).await;
        let order = app.order("mgr", &offered).await;
        reviewed("blocked-without-purchase-order", &explained(&app, &order).await);
        app.set_consumer(true, false).await;
        reviewed("blocked-organisation", &explained(&app, &order).await);
    }

    async fn whoever_holds_a_right_and_sees_nothing_is_not_waited_for(app: TestApp) {
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("mgr", &offered).await;
        app.allow("PROJECT.MEMBER", Permission::OrderApprove).await;
        app.act("mem", &order, "approve_by_consumer").await.expect(404);
        let told = app.get("own", &at(&order, "explain")).await.expect(200).json();
        assert_eq!(told["waits_for"], json!({"who": "consumer", "count": 1, "people": ["OWN Test"]}));
        app.allow("PROJECT.MEMBER", Permission::OrderList).await;
        let told = app.get("mem", &at(&order, "explain")).await.expect(200).json();
        assert_eq!(told["waits_for"]["people"], json!(["MEM Test", "OWN Test"]));
        app.act("mem", &order, "approve_by_consumer").await.expect(200);
    }

    async fn what_an_order_left_behind_is_not_announced(app: TestApp) {
        app.set_project(Some(5), None).await;
        let offered = app.offering("Marketplace.Slurm").await;
        let order = app.order("own", &offered).await;
        let scheduled = async || app.get("own", &at(&order, "explain")).await.json()["scheduled"].clone();
        let on = |days| json!([{"what": "The order goes on, for its day has come.", "due": format!("{}T00:00:00Z", app.day(days))}]);
        assert_eq!(scheduled().await, on(5));
        let mut tx = app.app.begin_own().await.unwrap();
        let later = Some(app.day(9));
        mercat_app::projects::set_start_date(&mut tx, app.world.project, later).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scheduled().await, on(9), "and not on the fifth day");
    }

    async fn what_is_told_is_what_happens(app: TestApp) {
        let mut compared = 0;
        let slurm = Specimen::make(&app, &app.offering("Marketplace.Slurm").await).await;
        for state in OrderState::ALL {
            compared += told_and_done(&app, &slurm, *state, false).await;
        }
        compared += told_and_done(&app, &slurm, OrderState::PendingConsumer, true).await;
        let basic = Specimen::make(&app, &app.offering("Marketplace.Basic").await).await;
        for state in [OrderState::PendingStartDate, OrderState::Executing, OrderState::Erred] {
            compared += told_and_done(&app, &basic, state, false).await;
        }
        app.set_consumer(true, false).await;
        for state in [OrderState::PendingConsumer, OrderState::PendingProvider] {
            compared += told_and_done(&app, &basic, state, false).await;
        }
        assert_eq!(compared, 15 * 6 * ACTIONS.len(), "six see the order");
    }
}
